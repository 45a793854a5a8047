"""The genes that are asked whether folding matters: every expressed one with a locus, once.

Rows of one gene are one node; so are miRNAs of one host gene or within 10 kb, which come from one
transcript. What makes two genes alike without any folding can be left out as pairs.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from foldcast.genes.mirna_hairpins import CLUSTER, parse_probe

OVERLAPPING, DIVERGENT, PARALOGOUS = "overlapping", "divergent", "paralogous"
ONE_PROMOTER = 1_000  # bp between the TSS of two genes that are read away from each other
ALIKE = 2_000_000  # bp within which genes named alike are taken for copies of one
_STEM = re.compile(r"([A-Za-z]{2,}[A-Za-z0-9]*?)[-.]?\d*[A-Za-z]?\d*$")


@dataclass(frozen=True)
class GeneNodes:
    """Genes with loci.

    Attributes:
        table: node, chrom, start, end, strand, tss: of the first of its rows along the genome.
        values: [nodes, samples] log2, every sample scaled.
        left_out: [pairs, 2] nodes that do not count as a pair.
        node_of: gene → its node, as a row of ``table``.
    """

    table: pd.DataFrame
    values: np.ndarray
    left_out: np.ndarray
    node_of: dict[str, int]

    @property
    def middles(self) -> np.ndarray:
        """[nodes] bp."""
        return ((self.table["start"] + self.table["end"]) // 2).to_numpy(np.int64)

    @property
    def lengths(self) -> np.ndarray:
        """[nodes] bp."""
        return (self.table["end"] - self.table["start"]).to_numpy(float)


def gene_nodes(
    raw: pd.DataFrame,
    loci: pd.DataFrame,
    *,
    logarithms: bool | None,
    mirnas: bool = False,
    hosts: pd.DataFrame | None = None,
    guessed: Collection[str] = (),
    leave_out: Collection[str] = (),
) -> GeneNodes:
    """The nodes of a table.

    Args:
        raw: gene × sample, log2 of the table's values (of values + 1 where these are counts).
        loci: gene, symbol, gene_id, chrom, start, end, strand, tss; empty where unplaced.
        logarithms: the table held logarithms, not counts; None: samples are not to be scaled, as
            in a forecast, which must not know of later samples.
        mirnas: the rows are miRNAs; those that one probe cannot tell apart are one family, which
            does not count as a pair with itself.
        hosts: chrom, start, end, strand of genes that miRNAs may be in.
        guessed: genes whose locus is a guess, such as one of a miRNA's hairpins: they have none.
        leave_out: ``overlapping``, ``divergent`` or ``paralogous`` pairs.
    """
    placed = loci.dropna(subset=["chrom", "start", "end"]).astype({"start": int, "end": int})
    seen = expressed(raw)
    placed = placed[placed["gene"].isin(seen) & ~placed["gene"].isin(list(guessed))]
    placed = placed.sort_values(["chrom", "start", "end", "gene"])
    placed = placed.reset_index(drop=True)
    even = raw if logarithms is None else scaled(raw.loc[seen], logarithms)
    values = even.loc[placed["gene"]].to_numpy(float)
    node = _one_transcript(placed, hosts) if mirnas else _one_gene(placed)
    order = pd.factorize(node)[0]
    first = np.unique(order, return_index=True)[1]
    where = order, np.arange(len(order))
    members = coo_array((np.ones(len(order)), where), shape=(len(first), len(order)))
    means = (members @ values) / np.bincount(order)[:, None] if len(order) else values
    table = placed.iloc[first].rename(columns={"gene": "node"}).reset_index(drop=True)
    pairs = left_out(table, leave_out)
    if mirnas:
        pairs = np.concatenate([pairs, _families(placed["gene"], order)])
    node_of = dict(zip(placed["gene"], order.tolist(), strict=True))
    return GeneNodes(table, means, np.unique(pairs, axis=0), node_of)


def expressed(raw: pd.DataFrame) -> pd.Index:
    """Genes without gaps that are above the table's lowest value in over half of the samples."""
    values = raw.to_numpy(float)
    whole = np.isfinite(values).all(axis=1)
    lowest = np.nanmin(values, initial=np.inf)
    above = (values > lowest).mean(axis=1) > 0.5
    return raw.index[whole & above & (np.ptp(values, axis=1) > 0)]


def scaled(raw: pd.DataFrame, logarithms: bool) -> pd.DataFrame:
    """Samples brought to one depth by the median of ratios to the genes' geometric means.

    Args:
        raw: gene × sample, log2, without gaps.
        logarithms: the table held logarithms, not counts; counts are scaled before 1 is added.
    """
    if not len(raw):
        return raw
    values = raw if logarithms else np.log2(np.maximum(2.0**raw - 1, 0.0).replace(0.0, np.nan))
    usual = values.mean(axis=1, skipna=False)
    depth = values.sub(usual, axis=0).median().fillna(0.0)
    if logarithms:
        return raw - depth
    return np.log2((2.0**raw - 1) / 2.0**depth + 1)


def left_out(table: pd.DataFrame, which: Collection[str]) -> np.ndarray:
    """[pairs, 2] rows of a table in the order of the genome that are alike without touching.

    Args:
        table: symbol, chrom, start, end, strand, tss.
        which: ``overlapping``: loci that share a base; ``divergent``: read away from each other
            from within 1 kb; ``paralogous``: named alike but for a number or letter at the end,
            within 2 Mb.
    """
    pairs = [np.empty((0, 2), int)]
    for _, rows in table.groupby("chrom", sort=False):
        at, start, end = (np.asarray(part) for part in (rows.index, rows["start"], rows["end"]))
        reach = np.searchsorted(start, end + ALIKE if PARALOGOUS in which else end + ONE_PROMOTER)
        one = np.repeat(np.arange(len(at)), np.maximum(reach - np.arange(len(at)) - 1, 0))
        two = one + 1 + np.arange(len(one)) - np.searchsorted(one, one)
        alike = np.zeros(len(one), bool)
        if OVERLAPPING in which:
            alike |= start[two] < end[one]
        if DIVERGENT in which:
            strand, tss = rows["strand"].to_numpy(object), rows["tss"].to_numpy(float)
            near = np.abs(tss[two] - tss[one]) <= ONE_PROMOTER
            away = np.where(tss[two] >= tss[one], strand[two] == "+", strand[one] == "+")
            alike |= near & away & (strand[one] != strand[two])
        if PARALOGOUS in which:
            stem = rows["symbol"].fillna("").map(_stem).to_numpy(object)
            alike |= (stem[one] == stem[two]) & (stem[one] != "")
        pairs.append(np.stack([at[one[alike]], at[two[alike]]], axis=1))
    return np.concatenate(pairs)


def _stem(symbol: str) -> str:
    match = _STEM.fullmatch(symbol)
    return match[1].upper() if match else ""


def _one_gene(placed: pd.DataFrame) -> np.ndarray:
    """The gene of each row, by its id where it has one."""
    return placed["gene_id"].fillna(placed["gene"]).astype(str).to_numpy()


def _one_transcript(placed: pd.DataFrame, hosts: pd.DataFrame | None) -> np.ndarray:
    """Which miRNAs lie within 10 kb of the next one, or in one gene of their strand: [rows]."""
    n = len(placed)
    chrom, strand = (placed[name].to_numpy(object) for name in ("chrom", "strand"))
    start, end = (placed[name].to_numpy(np.int64) for name in ("start", "end"))
    furthest = placed.groupby("chrom")["end"].cummax().to_numpy()
    near = np.flatnonzero((chrom[1:] == chrom[:-1]) & (start[1:] - furthest[:-1] < CLUSTER))
    one, two = [near], [near + 1]
    for host in () if hosts is None else hosts.itertuples():
        inside = (chrom == host.chrom) & (strand == host.strand)
        inside &= (start >= host.start) & (end <= host.end)
        # A miRNA's own gene is no host: it holds nothing else.
        held = np.flatnonzero(inside)
        one.append(held[:-1])
        two.append(held[1:])
    edges = np.concatenate(one), np.concatenate(two)
    graph = coo_array((np.ones(len(edges[0])), edges), shape=(n, n))
    return connected_components(graph, directed=False)[1]


def _families(names: pd.Series, order: np.ndarray) -> np.ndarray:
    """[pairs, 2] nodes that have miRNAs of one family, such as let-7a and let-7b."""
    stems = [
        {re.sub(r"[a-z]+$", "", member.stem) for member in parse_probe(name)} for name in names
    ]
    nodes_of: dict[str, set[int]] = {}
    for own, node in zip(stems, order.tolist(), strict=True):
        for stem in own:
            nodes_of.setdefault(stem, set()).add(node)
    pairs = [(a, b) for nodes in nodes_of.values() for a in nodes for b in nodes if a < b]
    return np.array(pairs, int).reshape(-1, 2)
