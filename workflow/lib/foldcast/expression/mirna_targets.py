"""From levels of miRNAs to the load on the genes that they regulate."""

import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.genes.mirna_hairpins import MicroRNA, parse, parse_probe
from foldcast.gmt_lines import read_gmt_lines
from foldcast.text_table import read_text_table

COLUMNS = ["mirna", "gene", "support"]
# Headers of the TSV, letters only: ours, and miRTarBase's as published or as R spells them.
HEADERS = {
    "mirna": "mirna",
    "gene": "gene",
    "targetgene": "gene",
    "support": "support",
    "supporttype": "evidence",
    "references": "reference",
    "referencespmid": "reference",
}
STRONG = "functional mti"


def read_targets(path: str | Path, format: str) -> pd.DataFrame:
    """Pairs of a miRNA and a gene with their support.

    Args:
        path: the list, plain or gzipped.
        format: ``tsv``: columns mirna, gene and perhaps support (a number, 1 where there is none);
            or miRTarBase's own (TSV or CSV): support is the number of publications with strong
            evidence (``Functional MTI``: reporter assay, western blot, qPCR); weak (sequencing,
            arrays) and negative findings are left out. ``gmt``: MSigDB's sets (``MIR_26A_5P``),
            support 1.

    Returns:
        mirna (as there), gene, support (float), one row per pair.

    Raises:
        InputError: no such file, missing columns, or no pair of a miRNA and a gene.
    """
    pairs = (_read_gmt if format == "gmt" else _read_tsv)(path)
    pairs = pairs[pairs["mirna"].map(lambda name: parse(name) is not None) & pairs["gene"].ne("")]
    if pairs.empty:
        raise InputError(
            path,
            found="no pair of a miRNA and a gene",
            expected="names such as mmu-miR-26a-5p (tsv) or sets such as MIR_26A_5P (gmt)",
            remedy="check that `targets.format` is what the file is",
        )
    return pairs.groupby(["mirna", "gene"], as_index=False)["support"].sum()[COLUMNS]


def assign_targets(probes: Iterable[str], pairs: pd.DataFrame) -> pd.DataFrame:
    """The targets of each measured probe.

    Names meet by stem (with the letter that a family's first member gains), and by arm where both
    give one. A probe without an arm is of a time when only the main strand had a plain name: it
    takes the arm that has most targets in the list. A probe of several miRNAs has the targets of
    all of them.

    Args:
        probes: names of the panel.
        pairs: `read_targets`.

    Returns:
        gene, mirna (the probe), support (the most of its miRNAs'); by gene, then in panel order.
    """
    listed: dict[str, list[tuple[MicroRNA, str, float]]] = defaultdict(list)
    for row in pairs.itertuples(index=False):
        if mirna := parse(row.mirna):
            listed[mirna.stem].append((mirna, row.gene, row.support))
    records = []
    for order, probe in enumerate(probes):
        for member in parse_probe(probe):
            by_stem = ([row for row in listed[s] if _agree(member, row[0])] for s in member.stems)
            rows = next((rows for rows in by_stem if rows), [])
            arm = member.arm or _main_arm(rows)
            records += [(gene, order, probe, s) for m, gene, s in rows if m.arm in (arm, "")]
    table = pd.DataFrame(records, columns=["gene", "order", "mirna", "support"])
    table = table.groupby(["gene", "order", "mirna"], as_index=False)["support"].max()
    return table[["gene", "mirna", "support"]]


def target_load(
    panel: pd.DataFrame,
    targets: pd.DataFrame,
    weights: str,
    min_support: float,
    min_mirnas: int,
    source: str | Path,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """How strongly each gene is regulated: the weighted mean of its miRNAs' log2 levels.

    The more load, the lower the gene is expected to be; the load says nothing of the gene's own
    expression and is no measurement of it. It is made sample by sample.

    Args:
        panel: miRNA × sample, log2.
        targets: `assign_targets`.
        weights: ``equal``, or ``support`` (a miRNA counts in proportion to its support).
        min_support: pairs with less are left out.
        min_mirnas: genes with fewer measured miRNAs are left out.
        source: the list of targets, for messages.

    Returns:
        gene × sample (genes by name) and the pairs used: gene, mirna, support, weight (their sum
        is 1 for each gene).

    Raises:
        InputError: no gene has enough miRNAs.
    """
    used = targets[targets["mirna"].isin(panel.index) & targets["support"].ge(min_support)]
    used = used[used.groupby("gene")["mirna"].transform("size") >= min_mirnas]
    if used.empty:
        raise InputError(
            source,
            found=f"no gene with {min_mirnas} or more of the panel's miRNAs at support "
            f"{min_support:g} or more",
            expected="targets of the panel's miRNAs",
            remedy="lower `targets.min_mirnas` or `targets.min_support`, keep more probes with "
            "`detection.keep: all`, or bring another list",
        )
    weight = used["support"] if weights == "support" else pd.Series(1.0, index=used.index)
    used = used.assign(weight=weight / weight.groupby(used["gene"]).transform("sum"))
    share = used.pivot(index="gene", columns="mirna", values="weight").fillna(0.0)
    load = share.to_numpy() @ panel.loc[share.columns].to_numpy(dtype=float)
    return pd.DataFrame(load, index=share.index, columns=panel.columns), used


def _read_tsv(path: str | Path) -> pd.DataFrame:
    header, rows = read_text_table(path)
    columns = {HEADERS.get(re.sub(r"[^a-z]", "", name.lower())): i for i, name in enumerate(header)}
    missing = [name for name in ("mirna", "gene") if name not in columns]
    if missing:
        raise InputError(
            path,
            place="header",
            found=", ".join(header),
            expected="mirna, gene and perhaps support; or miRTarBase's columns",
            remedy=f"name the column {missing[0]} so, or say `targets.format: gmt`",
        )
    cells = [cells + [""] * (len(header) - len(cells)) for _, cells in rows]
    table = pd.DataFrame({name: [row[i] for row in cells] for name, i in columns.items() if name})
    table["gene"] = _one_spelling(table["gene"])
    if "evidence" in table:
        strong = table[table["evidence"].str.lower().eq(STRONG)]
        by = ["mirna", "gene", *(["reference"] if "reference" in table else [])]
        return strong.drop_duplicates(by).assign(support=1.0)[COLUMNS]
    if "support" not in table:
        return table.assign(support=1.0)[COLUMNS]
    support = pd.to_numeric(table["support"].replace("", "1"), errors="coerce")
    wrong = ~np.isfinite(support) | (support <= 0)
    if wrong.any():
        i = int(wrong.to_numpy().argmax())
        raise InputError(
            path,
            place=f"line {rows[i][0]}, column support",
            found=repr(table["support"][i]),
            expected="a number above 0",
            remedy="mend the cell; leave it blank for 1",
        )
    return table.assign(support=support)[COLUMNS]


def _one_spelling(genes: pd.Series) -> pd.Series:
    """Names that differ by case alone (ACVR1B, Acvr1b) as the one that is written most often."""
    counts = genes.value_counts().rename_axis("name").reset_index(name="times")
    counts = counts.sort_values(["times", "name"], ascending=False)
    folded = counts.assign(key=counts["name"].str.casefold()).drop_duplicates("key")
    return genes.str.casefold().map(folded.set_index("key")["name"])


def _read_gmt(path: str | Path) -> pd.DataFrame:
    records = []
    for line in read_gmt_lines(path):
        # One set stands for all miRNAs with one seed: MIR_103_3P_MIR_107_3P.
        for part in re.split(r"_(?=(?:MIR|LET)_)", line.name):
            records += [(part.replace("_", "-"), gene, 1.0) for gene in line.genes]
    table = pd.DataFrame(records, columns=COLUMNS)
    return table.assign(gene=_one_spelling(table["gene"])).drop_duplicates()


def _agree(one: MicroRNA, other: MicroRNA) -> bool:
    """Whether species and copy are the same, where both names give them."""
    pairs = ((one.species, other.species), (one.copy, other.copy))
    return all(not ours or not theirs or ours == theirs for ours, theirs in pairs)


def _main_arm(rows: list[tuple[MicroRNA, str, float]]) -> str:
    counts: dict[str, set[str]] = defaultdict(set)
    for mirna, gene, _ in rows:
        counts[mirna.arm].add(gene)
    return min(counts, key=lambda arm: (-len(counts[arm]), arm)) if counts else ""
