"""Where the rows of a table of interactions disagree about a gene, and what is taken as its own.

The published layout repeats what is known of a gene (locus, features, expression) in every row that
has it. In the published mRNA table a third of the rows give a gene the record of another.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from foldcast.errors import InputError, first_few
from foldcast.graph.published_interactions import FEATURES, PLACE, SIDES, labels_of, read_published

MAJORITY, KEEP, REFUSE = "majority", "keep", "refuse"
LITTLE = 1e-6


@dataclass(frozen=True)
class Interactions:
    """What a table says once its rows agree.

    pairs: each pair once: Gene1, Gene2, HiC_Interaction and both genes' `PLACE` and `FEATURES`.
    genes: by gene, in order of appearance: `PLACE` and `FEATURES`.
    profiles: gene × time label, labels in the table's order.
    findings: what was wrong with the table and what was done about it, one sentence each.
    """

    pairs: pd.DataFrame
    genes: pd.DataFrame
    profiles: pd.DataFrame
    findings: list[str]


def read_interactions(path: str | Path, conflicts: str = MAJORITY) -> Interactions:
    """Read a table and settle what its rows disagree about.

    A gene's record (locus, features and profile) is the one that most of its rows carry, but no
    record is given to two genes as long as each can have one of its own: of all such choices,
    the one that most rows agree with. A record whose locus is no whole number counts last.

    Args:
        path: CSV or TSV, plain or gzipped.
        conflicts: ``majority`` leaves out the rows in which a gene carries another locus than its
            own, since their contact is that locus's; ``keep`` keeps them, as published;
            ``refuse`` stops where rows disagree.

    Raises:
        InputError: as `read_published`; rows disagree and `conflicts` is ``refuse``.
    """
    table = read_published(path)
    labels = labels_of(table)
    findings: list[str] = []
    blank = [label for label in labels if table[f"Gene1_Time_{label}"].isna().all()]
    labels = [label for label in labels if label not in blank]
    if blank:
        findings.append(f"left out, blank in every row: time {', '.join(blank)}")

    times = [f"Time_{label}" for label in labels]
    sides = [_side(table, side, [*PLACE, *FEATURES, *times]) for side in SIDES]
    long = pd.concat(sides, keys=SIDES, names=["side", "row"]).reset_index()
    # No locus begins at half a base: such a record is a mean of several and is a last resort.
    blurred = (long[["Start", "End"]] % 1 > 0).any(axis=1).to_numpy()
    own = _own_records(long["gene"], _versions(long[[*PLACE, *FEATURES, *times]]), ~blurred)
    records = long.loc[own].set_index("gene")
    disagree = {
        what: _differs(long, records, columns)
        for what, columns in (("locus", PLACE + FEATURES), ("profile", times))
    }
    for what, strange in disagree.items():
        findings += _conflicts(long, strange, what, len(table))
    if conflicts == REFUSE and any(strange.any() for strange in disagree.values()):
        raise InputError(
            path,
            found="; ".join(findings),
            expected="one locus and one profile per gene, since the config says "
            "`conflicts: refuse`",
            remedy="mend the rows, or say `conflicts: majority`",
        )
    if blurred.any():
        some = ", ".join(long["gene"][blurred].unique()[:5])
        lines = long["row"][blurred].nunique()
        findings.append(
            f"{lines} rows have loci that are no whole numbers, such as those of {some}"
        )
    shared = records.duplicated(times, keep=False) if times else pd.Series(dtype=bool)
    if shared.any():
        some = ", ".join(records.index[shared][:5])
        findings.append(f"{int(shared.sum())} genes have the profile of another, such as {some}")

    kept = table
    if conflicts == MAJORITY:
        elsewhere = long.loc[disagree["locus"], "row"].unique()
        kept = table.drop(index=elsewhere)
        if len(elsewhere):
            findings.append(f"left out: {len(elsewhere)} rows whose contact is of another locus")
    pairs, said = _pairs(kept)
    return Interactions(
        pairs[[column for column in pairs if "_Time_" not in column]],
        records[PLACE + FEATURES],
        records[times].set_axis(labels, axis=1),
        findings + said,
    )


def of_panel(pairs: pd.DataFrame, genes: pd.Index, path: str | Path) -> pd.DataFrame:
    """The pairs of which both genes are in the panel.

    Args:
        pairs: of `Interactions`.
        genes: names of the panel's genes.
        path: of the table, for the message.

    Raises:
        InputError: none is.
    """
    known = pairs["Gene1"].isin(genes) & pairs["Gene2"].isin(genes)
    if not known.any():
        raise InputError(
            path,
            place="columns Gene1, Gene2",
            found=first_few(pairs["Gene1"].unique(), 5) or "no pairs",
            expected=f"pairs of the panel's genes ({first_few(genes, 5)})",
            remedy="name the genes alike in both tables",
        )
    return pairs[known]


def _side(table: pd.DataFrame, side: str, names: list[str]) -> pd.DataFrame:
    values = table[[side, *(f"{side}_{name}" for name in names)]]
    return values.set_axis(["gene", *names], axis=1)


def _versions(rows: pd.DataFrame) -> np.ndarray:
    """Rows with equal values have equal numbers."""
    return pd.factorize(_tuples(rows.astype(object).where(rows.notna(), None)))[0]


def _tuples(rows: pd.DataFrame) -> np.ndarray:
    tuples = np.empty(len(rows), dtype=object)
    tuples[:] = list(rows.itertuples(index=False, name=None))
    return tuples


def _own_records(gene: pd.Series, version: np.ndarray, sound: np.ndarray) -> np.ndarray:
    """For each gene, in order of appearance, the first row with the version that is its own.

    sound: rows that count in full; the others decide only where there are no sound ones.
    """
    genes, names = pd.factorize(gene)
    rows = csr_matrix((np.where(sound, 1.0, LITTLE), (genes, version)))
    own = np.asarray(rows.argmax(axis=1)).ravel()
    # Genes that carry a version in common, directly or through others, are decided together.
    group = connected_components(rows @ rows.T, directed=False)[1]
    for each in np.flatnonzero(np.bincount(group) > 1):
        members = np.flatnonzero(group == each)
        columns = np.unique(rows[members].indices)
        counts = rows[members][:, columns].toarray()
        # To have a version that is no other gene's counts more than any number of rows.
        worth = np.where(counts > 0, counts + counts.sum(), 0)
        assigned, chosen = linear_sum_assignment(worth, maximize=True)
        had = counts[assigned, chosen] > 0
        own[members[assigned[had]]] = columns[chosen[had]]
    mine = np.flatnonzero(version == own[genes])
    return mine[np.unique(genes[mine], return_index=True)[1]]


def _differs(long: pd.DataFrame, records: pd.DataFrame, columns: list[str]) -> np.ndarray:
    """Rows of ``long`` that have other values than their gene's own record."""
    if not columns:
        return np.zeros(len(long), dtype=bool)
    version = _versions(pd.concat([long[columns], records[columns]], ignore_index=True))
    own = pd.Series(version[len(long) :], index=records.index)
    return version[: len(long)] != long["gene"].map(own).to_numpy()


def _conflicts(
    long: pd.DataFrame, strange: np.ndarray, what: str, n_rows: int, examples: int = 3
) -> list[str]:
    """What rows disagree about, in a sentence with examples; line numbers as in the file."""
    rows = long[strange]
    if rows.empty:
        return []
    first = rows.drop_duplicates("gene").head(examples)
    said = "; ".join(
        f"{gene} in line {row + 2}" for gene, row in zip(first["gene"], first["row"], strict=True)
    )
    return [
        f"{rows['row'].nunique()} of {n_rows} rows carry another {what} than the gene's own "
        f"({rows['gene'].nunique()} of {long['gene'].nunique()} genes: {said})"
    ]


def _pairs(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Each pair once, with a contact above 0; and what that left out."""
    said = []
    contact = table["HiC_Interaction"]
    usable = np.isfinite(contact) & (contact > 0)
    itself = table["Gene1"] == table["Gene2"]
    for wrong, why in ((~usable, "without a contact above 0"), (itself, "of a gene with itself")):
        if wrong.any():
            said.append(f"left out: {int(wrong.sum())} rows {why}")
    table = table[usable & ~itself]
    pair = pd.Series(_tuples(table[list(SIDES)]), index=table.index).map(sorted).map(tuple)
    ranked = table.assign(_pair=pair).sort_values("HiC_Interaction", ascending=False, kind="stable")
    again = ranked.duplicated("_pair")
    if again.any():
        first = ranked[again].iloc[0]
        said.append(
            f"{int(again.sum())} repeated pairs, such as {first['Gene1']} and {first['Gene2']}: "
            "the strongest contact counts"
        )
    kept = ranked[~again].sort_index().drop(columns="_pair")
    return kept.reset_index(drop=True), said
