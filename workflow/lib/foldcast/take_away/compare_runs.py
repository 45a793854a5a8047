"""Runs side by side: `python -m foldcast.take_away.compare_runs results/a results/b --to compared`.

Which keys of their configs differ, skill with its interval, what their verdicts say, which genes
changed sides; as tables and as one page. Nothing is tested here: intervals of two runs stand beside
each other, and whether runs differ is for a run that holds both (arms, graphs of one dataset).
"""

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
import yaml

from foldcast.errors import InputError
from foldcast.files import atomic, read_table, write_table

TEXT = {"gene": str, "model": str, "graph": str, "tissue": str}
TITLES = {
    "config": "Keys of the config that differ",
    "skill": "Skill over persistence, with 95 % intervals",
    "verdicts": "Verdicts, those that differ first",
    "genes": "Genes that changed sides",
}
NOTES = {
    "config": "Defaults included; a key that a run does not have is left blank.",
    "skill": "Of every model, baseline and bound that a run scored. Beside each other, not tested.",
    "verdicts": "In each run's own words.",
    "genes": "Forecast to change in one run and not, or the other way, in another; or with a skill "
    "above that of the local level in one and not in another, the largest difference first. One "
    "gene's skill is noisy: see how far apart they are.",
}


def compare(folders: Sequence[str | Path]) -> dict[str, pd.DataFrame]:
    """Tables by what they compare: config, skill, verdicts, genes; a column, or more, for each run.

    Args:
        folders: of results (``results/<name>``), at least two.

    Raises:
        InputError: fewer than two, a folder without results.
    """
    runs = _named(folders)
    return {
        "config": _differing({name: dict(_flat(_config(path))) for name, path in runs.items()}),
        "skill": _side_by_side(
            {name: _skills(path) for name, path in runs.items()},
            ["dataset", "model", "graph", "kind"],
        ),
        "verdicts": _verdicts(runs),
        "genes": _changed_sides(runs),
    }


def page(tables: Mapping[str, pd.DataFrame], runs: Sequence[str], longest: int = 200) -> str:
    """One HTML page of the tables; nothing is fetched by it.

    Args:
        longest: rows of a table that are shown.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    shown = [
        {
            "name": name,
            "title": TITLES[name],
            "note": NOTES[name],
            "columns": list(table.columns),
            "rows": [[_cell(value) for value in row] for row in table.head(longest).to_numpy()],
            "total": len(table),
        }
        for name, table in tables.items()
    ]
    return environment.get_template("compare_runs.html.j2").render(runs=runs, tables=shown)


def _named(folders: Sequence[str | Path]) -> dict[str, Path]:
    """Runs by the last part of their path, or by all of it where two have one name."""
    paths = [Path(folder) for folder in folders]
    if len(set(paths)) < 2:
        raise InputError(
            "compare_runs",
            found=f"{len(set(paths))} folder of results",
            expected="two or more, as results/a results/b",
            remedy="name the folders of the runs that are to be compared",
        )
    for path in paths:
        if not (path / "evaluation").is_dir() and not (path / "spex").is_dir():
            raise InputError(
                path,
                found="no evaluation/ or spex/ in it",
                expected="the results of a run: results/<name>",
                remedy="name the folder below results/, after the run has ended",
            )
    names = [path.resolve().name for path in paths]
    alike = len(set(names)) < len(names)
    return {str(path) if alike else name: path for name, path in zip(names, paths, strict=True)}


def _config(folder: Path) -> dict:
    path = folder / "report/take_away/config.yaml"
    return yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}


def _flat(part: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """Dotted keys of a config and their values as text."""
    if isinstance(part, dict) and part:
        for name, value in part.items():
            yield from _flat(value, f"{key}.{name}" if key else str(name))
    else:
        yield key, yaml.safe_dump(part, default_flow_style=True).removesuffix("...\n").strip()


def _differing(configs: dict[str, dict[str, str]]) -> pd.DataFrame:
    keys = dict.fromkeys(key for one in configs.values() for key in one)
    rows = [
        {"key": key} | {name: one.get(key, "") for name, one in configs.items()} for key in keys
    ]
    table = pd.DataFrame(rows, columns=["key", *configs])
    return table[table[list(configs)].nunique(axis=1) > 1].reset_index(drop=True)


def _tables(folder: Path, pattern: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """(dataset or run, table) of files such as ``evaluation/*/scores.tsv``."""
    for path in sorted(folder.glob(pattern)):
        table = read_table(path, dtype=TEXT)
        if len(table):
            yield path.relative_to(folder).parts[1], table


def _skills(folder: Path) -> pd.DataFrame:
    parts = [
        rows[rows["metric"] == "skill"].assign(dataset=name)
        for name, rows in _tables(folder, "evaluation/*/evaluation.tsv")
    ]
    columns = ["dataset", "model", "graph", "kind", "value", "low", "high"]
    return pd.concat(parts)[columns] if parts else pd.DataFrame(columns=columns)


def _side_by_side(parts: Mapping[str, pd.DataFrame], keys: list[str]) -> pd.DataFrame:
    """Tables joined by their keys, in the order of the first; each run's columns have its name."""
    joined: pd.DataFrame | None = None
    for name, table in parts.items():
        own = table.drop_duplicates(keys).set_index(keys).add_prefix(f"{name}: ")
        joined = own if joined is None else joined.join(own, how="outer", sort=False)
    return pd.DataFrame() if joined is None else joined.reset_index()


def _verdicts(runs: Mapping[str, Path]) -> pd.DataFrame:
    keys = ["of", "comparison", "model", "tissue"]
    parts = {}
    for name, folder in runs.items():
        found = [
            rows.assign(of=of)
            for pattern in ("evaluation/*/verdict.tsv", "spex/*/verdict.tsv")
            for of, rows in _tables(folder, pattern)
        ]
        table = pd.concat(found) if found else pd.DataFrame()
        table = table.reindex(columns=[*keys, "verdict", "sentence"])
        parts[name] = table.assign(**{key: table[key].fillna("") for key in keys})
    joined = _side_by_side(parts, keys)
    said = joined[[f"{name}: verdict" for name in runs]].fillna("not asked")
    differs = said.nunique(axis=1) > 1
    joined.insert(0, "differs", differs.map({True: "yes", False: "no"}))
    return joined.sort_values("differs", ascending=False, kind="stable", ignore_index=True)


def _changed_sides(runs: Mapping[str, Path]) -> pd.DataFrame:
    """dataset, model, graph, gene; per run its skill over the local level and its call."""
    keys = ["dataset", "model", "graph", "gene"]
    parts = {}
    for name, folder in runs.items():
        found = []
        for dataset, scores in _tables(folder, "evaluation/*/scores.tsv"):
            own = scores[scores["kind"] != "bound"].assign(dataset=dataset)
            found.append(own[[*keys, "skill_over_local_level"]])
        table = pd.concat(found) if found else pd.DataFrame(columns=keys)
        calls = _calls(folder)
        parts[name] = table.merge(calls, how="outer", on=keys) if len(calls) else table
    joined = _side_by_side(parts, keys)
    skill = joined[[c for c in joined if c.endswith(": skill_over_local_level")]].astype(float)
    called = joined[[c for c in joined if c.endswith(": forecast_to_change")]]
    turned = (skill.min(axis=1) <= 0) & (skill.max(axis=1) > 0) & skill.notna().all(axis=1)
    recalled = called.notna().all(axis=1) & (called.nunique(axis=1) > 1)
    joined["difference"] = skill.max(axis=1) - skill.min(axis=1)
    joined.insert(4, "call changed", recalled.map({True: "yes", False: "no"}))
    chosen = joined[turned | recalled]
    order = ["call changed", "difference"]
    return chosen.sort_values(order, ascending=False, kind="stable", ignore_index=True)


def _calls(folder: Path) -> pd.DataFrame:
    """dataset, model, graph, gene → up, down or no at the first time after the data."""
    found = []
    for stage, pattern in (
        ("evaluation", "evaluation/*/*/ahead.tsv"),
        ("step", "step/*/*/*/ahead.tsv"),
    ):
        for path in sorted(folder.glob(pattern)):
            parts = path.relative_to(folder).parts
            graph = "-" if stage == "evaluation" else parts[2]
            rows = read_table(path, dtype=TEXT)
            first = rows[rows["horizon"] == rows["horizon"].min()]
            own = first[["gene", "forecast_to_change"]]
            found.append(own.assign(dataset=parts[1], model=parts[-2], graph=graph))
    return pd.concat(found) if found else pd.DataFrame()


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:.3g}".replace("-", "−")
    return "" if value is None else str(value)


def main(asked: Sequence[str] | None = None) -> int:
    """Write the tables and the page; the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("results", nargs="+", help="results/<name> of each run")
    parser.add_argument("--to", default="results/compared", help="the folder that is written")
    given = parser.parse_args(asked)
    try:
        tables = compare(given.results)
    except InputError as error:
        print(f"Error: {error}", file=sys.stderr)
        return 1
    folder = Path(given.to)
    for name, table in tables.items():
        write_table(table, folder / f"{name}.tsv")
    with atomic(folder / "index.html") as path:
        path.write_text(page(tables, list(_named(given.results))), encoding="utf-8")
    print(f"{folder}/index.html: {len(tables['config'])} keys differ, "
          f"{int((tables['verdicts']['differs'] == 'yes').sum())} verdicts, "
          f"{len(tables['genes'])} genes changed sides")  # fmt: skip
    return 0


if __name__ == "__main__":
    sys.exit(main())
