"""Pairs of genes in contact, with what the map says about each gene's locus.

The columns are those of the published STEP tables. `Gene1_Bin` is the start (bp) of the bin of the
gene's TSS.
"""

import cooler
import numpy as np
import pandas as pd

from foldcast.graph.genes_on_maps import check_in_map

OBSERVED_OVER_EXPECTED = "observed_over_expected"
BALANCED = "balanced"


def interactions(
    loci: pd.DataFrame,
    time_course: pd.DataFrame,
    clr: cooler.Cooler,
    expected: pd.DataFrame,
    insulation: pd.DataFrame,
    boundaries: pd.DataFrame,
    compartments: pd.DataFrame,
    *,
    window: int,
    compartment_resolution: int,
    contact: str = OBSERVED_OVER_EXPECTED,
    max_distance: int | None = None,
    min_contacts: int = 0,
    neighbours: int | None = None,
) -> pd.DataFrame:
    """Pairs of placed genes on one chromosome whose contact is finite and above zero.

    Args:
        loci: gene, chrom, start, end, tss; panel order; empty where a gene has no locus.
        time_course: gene, then one column of mean log2 expression per time.
        clr: balanced map of ``clr.binsize`` bp.
        expected: `hic.expected.expected_cis` of the map, by chromosome.
        insulation: `cooltools.insulation` of the map (no rows: the resolution gives none).
        boundaries: chrom, start, window (bp) of insulation boundaries (no rows: none).
        compartments: chrom, start, score in bins of ``compartment_resolution`` bp.
        window: diamond window of insulation and boundaries, bins.
        compartment_resolution: bin size of the compartments, bp.
        contact: `observed_over_expected` or `balanced`.
        max_distance: longest distance between two TSSs, bp; None sets no limit.
        min_contacts: raw contacts between the bins of a pair, at least; 0 for a map that holds none
            (`raw_counts.holds_counts`).
        neighbours: as for `strongest`.

    Returns:
        One row per pair, Gene1 before Gene2 in the panel, ordered by Gene1, then Gene2.

    Raises:
        InputError: the map has none of the genes' chromosomes, or a TSS lies past the end of one.
    """
    placed = _placed(loci, clr.binsize)
    check_in_map(placed, clr.chromsizes, clr.filename)

    first, second, contacts = [], [], []
    for chrom, genes in placed.groupby("chrom", sort=False, observed=True):
        if chrom not in clr.chromnames:
            continue
        i, j = pairs_within(genes["tss"], max_distance)
        if not len(i):
            continue
        bins = placed["bin"].to_numpy()
        values = _contacts(clr, str(chrom), bins[i], bins[j], expected, contact)
        there = np.isfinite(values) & (values > 0)
        if min_contacts:
            raw = clr.matrix(balance=False, sparse=True).fetch(str(chrom)).tocsr()
            there &= np.asarray(raw[bins[i], bins[j]]).ravel() >= min_contacts
        present = np.flatnonzero(there)
        present = present[strongest(i[present], j[present], values[present], neighbours)]
        first.append(i[present])
        second.append(j[present])
        contacts.append(values[present])

    one, two, value = (
        np.concatenate([np.empty(0, dtype), *parts])
        for parts, dtype in ((first, np.int64), (second, np.int64), (contacts, float))
    )
    order = np.lexsort((two, one))
    features = placed.assign(
        compartment=_compartment(placed, compartments, compartment_resolution or clr.binsize),
        insulation=_insulation(placed, insulation, clr.binsize, window),
        boundary=_boundary_distance(placed, boundaries, clr.binsize, window),
    )
    features = features.assign(bin=features["bin"] * clr.binsize)
    return _table(features, time_course, one[order], two[order], value[order])


def no_interactions(time_course: pd.DataFrame) -> pd.DataFrame:
    """The table of a graph without a map: its columns, and no pair.

    Args:
        time_course: gene, then one column of mean log2 expression per time.
    """
    columns = ["gene", "chrom", "start", "end", "tss", "bin", "compartment"]
    features = pd.DataFrame(columns=[*columns, "insulation", "boundary"])
    none = np.empty(0, np.int64)
    return _table(features, time_course, none, none, np.empty(0))


def pairs_within(tss: pd.Series, max_distance: int | None) -> tuple[np.ndarray, np.ndarray]:
    """Every pair of genes of one chromosome that is no farther apart; both as index labels.

    Args:
        tss: of the genes, bp.
        max_distance: bp; None sets no limit.
    """
    i, j = np.triu_indices(len(tss), k=1)
    if max_distance is not None:
        place = tss.to_numpy()
        near = np.abs(place[i] - place[j]) <= max_distance
        i, j = i[near], j[near]
    rows = tss.index.to_numpy()
    return rows[i], rows[j]


def genes_in_contact(
    loci: pd.DataFrame,
    contacts: pd.DataFrame,
    resolution: int,
    max_distance: int | None,
    min_contacts: float,
) -> int:
    """How many genes have a pair that a graph could keep, before a map is balanced.

    Args:
        loci: gene, chrom, tss; empty where a gene has no locus.
        contacts: chrom, bin1, bin2 (bins of a chromosome from 0), count; each pair of bins once, or
            with its parts in several rows.
        resolution: bin size, bp.
        max_distance, min_contacts: as for `interactions`; any contact above 0 counts at least.
    """
    placed = _placed(loci[["gene", "chrom", "tss"]], resolution)
    found = 0
    for chrom, genes in placed.groupby("chrom", sort=False, observed=True):
        mine = contacts[contacts["chrom"] == chrom]
        i, j = pairs_within(genes["tss"], max_distance)
        if mine.empty or not len(i):
            continue
        ends = np.sort(mine[["bin1", "bin2"]].to_numpy("int64"), axis=1)
        size = 1 + max(int(ends.max()), int(genes["bin"].max()))
        there, row = np.unique(ends @ [size, 1], return_inverse=True)
        count = np.bincount(row.ravel(), mine["count"].to_numpy(float))
        there = there[(count > 0) & (count >= min_contacts)]
        bins = placed["bin"].to_numpy()
        low, high = np.minimum(bins[i], bins[j]), np.maximum(bins[i], bins[j])
        kept = np.isin(low * size + high, there)
        found += len(np.unique(np.concatenate([i[kept], j[kept]])))
    return found


def strongest(
    first: np.ndarray, second: np.ndarray, contact: np.ndarray, neighbours: int | None
) -> np.ndarray:
    """Which pairs are among the ``neighbours`` strongest contacts of either gene; None: all.

    Equal contacts rank in the order given.

    Returns:
        [pairs] bool.
    """
    kept = np.full(len(contact), neighbours is None)
    if neighbours is None:
        return kept
    pair = np.tile(np.arange(len(contact)), 2)
    gene = np.concatenate([first, second])
    order = np.lexsort((pair, -contact[pair], gene))
    start = np.searchsorted(gene[order], gene[order])
    kept[pair[order][np.arange(len(order)) - start < neighbours]] = True
    return kept


def _placed(loci: pd.DataFrame, resolution: int) -> pd.DataFrame:
    """The genes that have a locus, with the bin of their TSS; numbered from 0."""
    placed = loci.dropna(subset=["chrom", "tss"])
    whole = [name for name in ("start", "end", "tss") if name in placed]
    placed = placed.astype(dict.fromkeys(whole, "int64"))
    return placed.assign(bin=placed["tss"] // resolution).reset_index(drop=True)


def _contacts(
    clr: cooler.Cooler,
    chrom: str,
    first: np.ndarray,
    second: np.ndarray,
    expected: pd.DataFrame,
    contact: str,
) -> np.ndarray:
    """Contact of each pair of bins; NaN where a bin is masked."""
    matrix = clr.matrix(balance=True, sparse=True).fetch(chrom).tocsr()
    observed = np.asarray(matrix[first, second]).ravel()
    if contact == BALANCED:
        return observed
    curve = expected[expected["region1"] == chrom].set_index("dist")["expected"]
    with np.errstate(divide="ignore", invalid="ignore"):
        return observed / curve.reindex(np.abs(first - second)).to_numpy(float)


def _at(genes: pd.DataFrame, bins: pd.DataFrame, column: str, size: int) -> np.ndarray:
    """Value of ``column`` in the bin of each gene's TSS; NaN where there is no such bin."""
    values = bins.set_index(["chrom", "start"])[column].astype(float)
    return values.reindex(
        pd.MultiIndex.from_arrays([genes["chrom"], genes["tss"] // size * size])
    ).to_numpy()


def _compartment(genes: pd.DataFrame, compartments: pd.DataFrame, size: int) -> np.ndarray:
    """A where the score is positive, B where it is negative, else None."""
    score = _at(genes, compartments, "score", size)
    return np.where(score > 0, "A", np.where(score < 0, "B", None))  # type: ignore[call-overload]


def _insulation(
    genes: pd.DataFrame, insulation: pd.DataFrame, size: int, window: int
) -> np.ndarray:
    if insulation.empty:
        return np.full(len(genes), np.nan)
    return _at(genes, insulation, f"log2_insulation_score_{window * size}", size)


def _boundary_distance(
    genes: pd.DataFrame, boundaries: pd.DataFrame, size: int, window: int
) -> np.ndarray:
    """Bins from each gene's TSS to the nearest boundary on its chromosome; NaN without one."""
    distance = np.full(len(genes), np.nan)
    primary = boundaries[boundaries["window"] == window * size]
    for chrom, rows in primary.groupby("chrom", observed=True):
        here = (genes["chrom"] == chrom).to_numpy()
        edges = np.sort(rows["start"].to_numpy()) // size
        bins = genes.loc[here, "bin"].to_numpy()
        right = np.searchsorted(edges, bins)
        distance[here] = np.minimum(
            np.abs(bins - edges[np.maximum(right - 1, 0)]),
            np.abs(bins - edges[np.minimum(right, len(edges) - 1)]),
        )
    return distance


def _table(
    genes: pd.DataFrame,
    time_course: pd.DataFrame,
    one: np.ndarray,
    two: np.ndarray,
    value: np.ndarray,
) -> pd.DataFrame:
    """The published columns of the pairs (one, two) of rows of ``genes``."""
    profiles = time_course.set_index("gene").loc[genes["gene"]]
    sides = (("Gene1", one), ("Gene2", two))
    columns: dict[str, np.ndarray] = {}

    def both(name: str, values: np.ndarray) -> None:
        columns.update({f"{side}_{name}": values[rows] for side, rows in sides})

    for side, rows in sides:
        columns[side] = genes["gene"].to_numpy()[rows]
        for name in ("chrom", "start", "end", "bin"):
            label = "Chromosome" if name == "chrom" else name.capitalize()
            columns[f"{side}_{label}"] = genes[name].to_numpy()[rows]
    columns["HiC_Interaction"] = value
    for time in profiles.columns:
        both(f"Time_{time}", profiles[time].to_numpy())
    both("Compartment", genes["compartment"].to_numpy())
    both("Insulation_Score", genes["insulation"].to_numpy())
    both("TAD_Boundary_Distance", genes["boundary"].to_numpy())
    return pd.DataFrame(columns)
