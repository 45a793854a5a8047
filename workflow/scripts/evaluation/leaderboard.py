"""Forecasters over several time courses in one table: who has the most skill, and where.

The rank is by the mean over time courses of the skill over persistence. Only those that were
scored on every time course have one, since skills of different time courses are not alike; and
only those that saw the past alone, since what a table of forecasts was made from nobody knows.
They stand in the table all the same, by their mean.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.evaluation.forecast_verdict import UNVERIFIED
from foldcast.files import read_table, write_table
from foldcast.job import log, run

SHOWN = ("model", "baseline", "given function", UNVERIFIED)
TIE = 1e-9  # skills that differ by less are the same


def main(snakemake) -> None:
    if not snakemake.params.names:
        raise InputError(
            "the config",
            place="datasets, evaluation.courses",
            found="neither",
            expected="time courses to score forecasters on",
            remedy="give `datasets`, or the folder of some as `evaluation.courses`",
        )
    paths = zip(snakemake.params.names, snakemake.input.evaluations, strict=True)
    table = leaderboard({name: read_table(path) for name, path in paths})
    write_table(table, snakemake.output.leaderboard)
    log.info("skill over persistence, the mean first\n%s", in_text(table))


def leaderboard(evaluations: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table, best first.

    Args:
        evaluations: time course → its scores, as ``evaluation.tsv`` has them.

    Returns:
        rank (missing where there is none), model, graph, kind, mean_skill (over the time courses
        that it was scored on), courses (how many these are), won (on how many of them nobody with a
        rank has more skill); then for each time course its skill, and the ends of its interval as
        ``<name>_low`` and ``<name>_high``.
    """
    columns = []
    for name, evaluation in evaluations.items():
        skill = evaluation[(evaluation["metric"] == "skill") & evaluation["kind"].isin(SHOWN)]
        named = {"value": name, "low": f"{name}_low", "high": f"{name}_high"}
        keyed = skill.set_index(["model", "graph", "kind"])
        columns.append(keyed[list(named)].rename(columns=named))
    table = pd.concat(columns, axis=1)
    skills = table[list(evaluations)]
    courses = skills.notna().sum(axis=1)
    ranked = (courses == len(evaluations)) & (table.index.get_level_values("kind") != UNVERIFIED)
    won = (skills >= skills[ranked].max() - TIE).sum(axis=1).where(ranked)
    mean = skills.mean(axis=1)
    heads = {
        "rank": mean.where(ranked).round(9).rank(ascending=False, method="min"),
        "mean_skill": mean,
        "courses": courses,
        "won": won,
    }
    table = pd.concat([pd.DataFrame(heads), table], axis=1).reset_index()
    table = table.astype({"rank": "Int64", "won": "Int64"})
    # Those of every time course first: means over other time courses are not alike.
    order = np.lexsort([-table["mean_skill"], -table["courses"]])
    first = ["rank", "model", "graph", "kind", "mean_skill", "courses", "won"]
    return table[first + [c for c in table if c not in first]].iloc[order].reset_index(drop=True)


def in_text(table: pd.DataFrame) -> str:
    """The table for a terminal: its intervals are in the file."""
    short = table[[c for c in table if not c.endswith(("_low", "_high"))]]
    forms = {name: "{:.0f}" for name in ("rank", "courses", "won")}
    cells = {
        name: ["-" if pd.isna(cell) else _in_cell(cell, forms.get(str(name))) for cell in column]
        for name, column in short.items()
    }
    return pd.DataFrame(cells).to_string(index=False)


def _in_cell(cell: object, form: str | None) -> str:
    if form:
        return form.format(cell)
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
