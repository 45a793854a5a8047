"""The tables behind the page, and numbers that say which cell they are."""

import math
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup

from foldcast.files import read_table

TEXT = (
    "gene", "symbol", "gene_id", "aliases", "sample", "chrom", "tissue", "set", "feature_set",
    "graph", "model",
)  # fmt: skip

FORMATS: dict[str, Callable[[Any], str]] = {
    "count": lambda value: f"{int(value):,}",
    "share": lambda value: f"{100 * value:.0f} %",
    "score": lambda value: minus(f"{value:.3f}".replace("inf", "∞")),
    "r": lambda value: minus(f"{value:.2f}"),
    "signed": lambda value: minus(f"{value:+.3f}".replace("inf", "∞")),
    "percent": lambda value: minus(f"{100 * value:.1f} %"),
    "plain": lambda value: minus(f"{value:g}"),
}


def minus(text: str) -> str:
    """A true minus sign, as the rest of the page has."""
    return text.replace("-", "−")


class Tables:
    """Every table that the page is made from, read once, by name (``evaluation.mrna``).

    Args:
        files: name → path.
        root: the run's folder; cells are cited by their path within it.
    """

    def __init__(self, files: Mapping[str, Any], root: str | Path) -> None:
        self._files, self._root = files, Path(root)
        self.read = cache(self._read)

    def __contains__(self, name: str) -> bool:
        return name in self._files

    def path(self, name: str) -> str:
        """Where a table is, from the run's folder."""
        path = self.file(name)
        return str(path.relative_to(self._root)) if path.is_relative_to(self._root) else str(path)

    def file(self, name: str) -> Path:
        """Where a table is, or what else was given by its name."""
        return Path(str(self._files[name]))

    def _read(self, name: str) -> pd.DataFrame:
        path = str(self.file(name))
        kinds = {column: str for column in TEXT}
        if path.endswith(".csv"):
            return pd.read_csv(path, dtype=kinds, keep_default_na=False, na_values=[""])
        return read_table(path, dtype=kinds)

    def rows(self, name: str, **where: Any) -> pd.DataFrame:
        """The rows whose columns have these values; None stands for an empty cell."""
        table = self.read(name)
        for column, value in where.items():
            table = table[table[column].isna() if value is None else table[column] == value]
        return table

    def value(self, name: str, column: str, **where: Any) -> Any:
        """The one cell that ``where`` tells; None where there is no such row or it is empty.

        Raises:
            ValueError: several such rows, so that a number would not say which it is.
        """
        rows = self.rows(name, **where)
        if len(rows) > 1:
            raise ValueError(f"{name}: {len(rows)} rows with {where}")
        if rows.empty or pd.isna(rows[column].iloc[0]):
            return None
        return rows[column].iloc[0]

    def cite(self, name: str, column: str, form: str, **where: Any) -> Markup:
        """A cell as text that carries where it is from; a dash where it is empty."""
        value = self.value(name, column, **where)
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return Markup("–")
        return self._mark(name, column, where, value, FORMATS[form](value))

    def count(self, name: str, **where: Any) -> Markup:
        """How many rows there are with these values, as text that says so."""
        number = len(self.rows(name, **where))
        return self._mark(name, "", where, number, f"{number:,}")

    def above(self, name: str, column: str, **where: Any) -> Markup:
        """In how many of these rows a column is above zero, as text that says so."""
        number = int((self.rows(name, **where)[column] > 0).sum())
        return self._mark(name, "", where | {f"{column}>": 0}, number, f"{number:,}")

    def sentence(self, name: str, text: str, **where: Any) -> Markup:
        """A sentence of a table that carries which row it is from."""
        return Markup(
            '<span data-table="{}" data-row="{}" data-column="sentence">{}</span>'
        ).format(self.path(name), row_of(where), text)

    def _mark(self, name: str, column: str, where: Mapping, value: Any, text: str) -> Markup:
        return Markup(
            '<data value="{}" data-table="{}" data-row="{}" data-column="{}">{}</data>'
        ).format(value, self.path(name), row_of(where), column, text)


def row_of(where: Mapping[str, Any]) -> str:
    """Which row it is, as the page's marks say it: ``column=value;…``, nothing for empty cells;
    ``column>0`` where it must be above zero."""
    return ";".join(
        f"{key}{'' if key.endswith('>') else '='}{'' if pd.isna(cell) else cell}"
        for key, cell in where.items()
    )
