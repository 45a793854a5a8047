"""Tables of forecasts: built, read, checked. Of one step, or of several, with the horizon."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.forecast.time_course import TimeCourse

COLUMNS = [
    "model", "graph", "seed", "origin", "origin_time", "target_time", "gene", "predicted",
]  # fmt: skip
TEXT = {"model": str, "graph": str, "gene": str}


@dataclass(frozen=True)
class Forecasts:
    """One model on one graph: values [seeds, genes, origins] genes as in the time course."""

    model: str
    graph: str
    values: np.ndarray


def forecast_table(
    forecasts: np.ndarray,
    time_course: TimeCourse,
    origins: Sequence[int],
    model: str,
    graph: str = "-",
    seed: int = 0,
    horizon: int = 1,
) -> pd.DataFrame:
    """Forecasts as a table in `COLUMNS`: one row per origin and gene, origin by origin.

    Args:
        forecasts: [genes, origins] log2.
        time_course: whose genes and times these are.
        origins: times, as numbers of columns, that the forecasts were made at.
        model: a model, or a baseline's recipe.
        graph, seed: of the fit; a baseline has neither.
        horizon: steps ahead.
    """
    n_genes = len(time_course.genes)
    origin = np.repeat(np.asarray(origins, int), n_genes)
    return pd.DataFrame(
        {
            "model": model,
            "graph": graph,
            "seed": seed,
            "origin": origin,
            "origin_time": time_course.times[origin],
            "target_time": time_course.times[origin + horizon],
            "gene": np.tile(time_course.genes, len(origins)),
            "predicted": forecasts.T.ravel(),
        },
        columns=COLUMNS,
    )


def read_forecasts(
    paths: Sequence[str | Path],
    time_course: TimeCourse,
    origins: Sequence[int],
    horizon: int = 1,
) -> list[Forecasts]:
    """Every model on every graph, put together from tables of several blocks.

    Args:
        paths: tables in `COLUMNS`; those of several steps have a column `horizon` too.
        time_course: what is forecast.
        origins: those that forecasts were made at.
        horizon: steps ahead.

    Raises:
        InputError: a column, gene or origin missing, unknown or given twice; a time that is not
            the time course's; a forecast that is no number.
    """
    return forecasts_of(read_parts(paths), time_course, origins, horizon) if paths else []


def read_parts(paths: Sequence[str | Path]) -> pd.DataFrame:
    """One table or more as one, with a column `path`. Raises as `read_forecasts` of columns."""
    return pd.concat([_read_part(path) for path in paths], ignore_index=True)


def forecasts_of(
    table: pd.DataFrame, time_course: TimeCourse, origins: Sequence[int], horizon: int = 1
) -> list[Forecasts]:
    """The same of tables that are read already (`read_parts`), for several horizons of them."""
    if "horizon" in table:
        table = table[table["horizon"] == horizon].reset_index(drop=True)
    gene = time_course.genes.get_indexer(table["gene"])
    column = pd.Index(origins).get_indexer(table["origin"])
    origin = np.asarray(origins)[column]
    keys = ["model", "graph", "seed", "origin", "gene"]
    _refuse(
        table, gene < 0, "a gene that the time course does not have", "genes of the time course"
    )
    _refuse(table, column < 0, "an origin outside the protocol", f"{origins[0]} … {origins[-1]}")
    _refuse(
        table,
        ~np.isclose(table["origin_time"], time_course.times[origin])
        | ~np.isclose(table["target_time"], time_course.times[origin + horizon]),
        "times that are not those of the origin and of what is forecast",
        "the time course's times",
    )
    _refuse(table, table.duplicated(keys), "a second forecast of the same", "one forecast")
    _refuse(table, ~np.isfinite(table["predicted"]), "no number as forecast", "a number")

    values: dict[tuple[str, str], list[np.ndarray]] = {}
    for (model, graph, seed), rows in table.groupby(["model", "graph", "seed"]).indices.items():
        array = np.full((len(time_course.genes), len(origins)), np.nan)
        array[gene[rows], column[rows]] = table["predicted"].to_numpy()[rows]
        if np.isnan(array).any():
            at_origin, at_gene = np.argwhere(np.isnan(array.T))[0]
            first, *more = table["path"].unique()
            others = f" and {len(more)} more tables" if more else ""
            raise InputError(
                f"{first}{others}",
                place=f"model {model}, graph {graph}, seed {seed}",
                found=f"{np.isnan(array).sum()} forecasts missing, the first from origin "
                f"{origins[at_origin]} for gene {time_course.genes[at_gene]}",
                expected="a forecast from every origin for every gene",
                remedy="give the tables of all blocks, each with all genes and seeds",
            )
        values.setdefault((model, graph), []).append(array)
    return [Forecasts(*name, np.stack(arrays)) for name, arrays in values.items()]


def _read_part(path: str | Path) -> pd.DataFrame:
    part = read_table(path, dtype=TEXT)
    missing = [column for column in COLUMNS if column not in part]
    if missing:
        raise InputError(
            path,
            place="header",
            found=f"no column {', '.join(missing)}",
            expected=", ".join(COLUMNS),
            remedy="make the forecasts again with this version",
        )
    return part.assign(path=str(path))


def _refuse(table: pd.DataFrame, bad: np.ndarray | pd.Series, found: str, expected: str) -> None:
    if bad.any():
        row = table[np.asarray(bad)].iloc[0]
        raise InputError(
            row["path"],
            place=f"model {row['model']}, graph {row['graph']}, seed {row['seed']}, "
            f"origin {row['origin']}, gene {row['gene']}",
            found=found,
            expected=expected,
            remedy="make the forecasts again from the time course that they are scored on",
        )
