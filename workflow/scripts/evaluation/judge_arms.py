"""What may be said of two arms: which changes differ, and whether in contact they do together."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from foldcast.errors import first_few
from foldcast.evaluation.bin_pairs import CONTACT
from foldcast.evaluation.change_together import ContactEffect
from foldcast.evaluation.expression_changes import ACROSS, MEANS
from foldcast.evaluation.folding_verdict import (
    CANNOT_TELL,
    CHANGE,
    could_have_seen,
    holm,
    word_of,
)
from foldcast.files import read_table, write_table
from foldcast.job import log, run

SIZE = 0.05  # of q
DIFFER, ALIKE, NOT_TESTED = "some differ", "none is seen to differ", "not tested"
TOGETHER = "differ together"


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    effects = {graph: read_table(path)
               for graph, path in zip(params.graphs, given.effects, strict=True)}  # fmt: skip
    names = params.dataset, params.against
    changes = read_table(given.changes, dtype={"gene": str})
    rows = [verdict_on_changes(changes, *names), *verdicts_on_contact(effects, *names)]
    for row in rows:
        log.info(row["sentence"])
    write_table(pd.DataFrame(rows), snakemake.output.verdict)


def verdict_on_changes(changes: pd.DataFrame, arm: str, other: str) -> dict:
    """A row of ``verdict.tsv``: how many changes differ between the arms.

    Args:
        changes: of `arm_differences`.
        arm, other: the names of the datasets.
    """
    named = {"comparison": f"changes: {arm} - {other}", "difference": np.nan, "p": np.nan}
    tested = changes.dropna(subset="q")
    n_genes, n_steps = changes["gene"].nunique(), len(changes[["from", "to"]].drop_duplicates())
    sizes = f"{n_genes:,} genes of both arms, {n_steps} steps"
    if tested.empty:
        sentence = (
            f"Whether genes change differently in {arm} than in {other} cannot be tested: no time "
            f"has two samples ({sizes}); the differences themselves are in the table."
        )
        return {**named, "verdict": NOT_TESTED, "sentence": sentence}
    differ = tested[tested["q"] <= SIZE]
    untested = n_steps - len(tested[["from", "to"]].drop_duplicates())
    left = f"; {untested} steps without replicates were not tested" if untested else ""
    how = f"({sizes}{left}; moderated t, false discovery rate 5 % over genes and steps)"
    if differ.empty:
        sentence = f"No gene is seen to change differently in {arm} than in {other} {how}."
        return {**named, "verdict": ALIKE, "sentence": sentence}
    by_step = differ.groupby(["from", "to"]).size()
    start, end = by_step.idxmax()
    first = first_few(differ.sort_values("p")["gene"].drop_duplicates(), 5)
    sentence = (
        f"{differ['gene'].nunique():,} genes change differently in {arm} than in {other} {how}: "
        f"{len(differ):,} changes, most of them ({by_step.max():,}) from {start:g} to {end:g}; "
        f"the clearest: {first}."
    )
    return {**named, "verdict": DIFFER, "sentence": sentence}


def verdicts_on_contact(effects: Mapping[str, pd.DataFrame], arm: str, other: str) -> list[dict]:
    """Rows of ``verdict.tsv``: whether the differences are alike in contact, on each map.

    Args:
        effects: graph → effects on common change of the difference (`ContactEffect`). Corrected by
            Holm's method over the graphs; exploratory beside what is asked of each arm by itself.
        arm, other: the names of the datasets.
    """
    asked = {}
    for graph, table in effects.items():
        records = table[table["kind"] == CONTACT].to_dict("records")
        asked[graph] = {record["how"]: ContactEffect(**record) for record in records}
    held = [graph for graph, found in asked.items() if MEANS in found]
    corrected = dict(zip(held, holm([asked[graph][MEANS].p for graph in held]), strict=True))
    rows = []
    for graph, found in asked.items():
        row = {"comparison": f"contact on {graph}: {arm} - {other}"}
        if graph not in held:
            sentence = (
                f"Whether genes in contact on map {graph} differ together between {arm} and "
                f"{other} could not be asked: too few genes of both lie near each other on it, or "
                "there are fewer than three common times."
            )
            nothing = {"difference": np.nan, "p": np.nan, "verdict": CANNOT_TELL}
            rows.append({**row, **nothing, "sentence": sentence})
            continue
        mean = found[MEANS]
        word = word_of(mean, found.get(ACROSS), corrected[graph])
        word = TOGETHER if word == CHANGE else word
        numbers = (
            f"{mean.value:+.4f} in the correlation of two genes' differences per doubling of "
            f"contact (95 % interval {mean.low:+.4f} to {mean.high:+.4f}; p {mean.p:.3g} against "
            f"{mean.n_shifts} shifted maps, {corrected[graph]:.3g} over the maps; "
            f"{mean.n_genes:,} genes, {mean.n_changes} steps; {could_have_seen(mean)}; "
            "exploratory)"
        )
        said = {
            TOGETHER: "differ together more than genes equally far apart",
            "no effect": "do not differ together more than genes equally far apart, or by next to "
            "nothing",
        }.get(word)
        opening = (
            f"Between {arm} and {other}, genes in contact on map {graph} {said}: "
            if said
            else f"Whether genes in contact on map {graph} differ together between {arm} and "
            f"{other} cannot be told{' (there is a hint)' if word == 'suggestive' else ''}: "
        )
        rows.append(
            {**row, "difference": mean.value, "p": mean.p, "verdict": word,
             "sentence": f"{opening}{numbers}."}
        )  # fmt: skip
    return rows


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
