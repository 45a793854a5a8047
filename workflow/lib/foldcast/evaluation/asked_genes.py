"""The genes of a table and the maps that they lie on, as what is asked of folding needs them."""

from collections.abc import Collection, Sequence

import bioframe
import cooler
import numpy as np
import pandas as pd

from foldcast.evaluation.bin_pairs import BinPairs, bins_of
from foldcast.evaluation.gene_nodes import GeneNodes, gene_nodes
from foldcast.files import read_table
from foldcast.genes.mirna_hairpins import GUESSED
from foldcast.hic.chromosome_arms import arms
from foldcast.hic.contact_bands import ArmContacts, arm_contacts
from foldcast.hic.phasing_track import load_sequence

FARTHEST = 20  # bins between two genes
# In wide bins genes of neighbouring ones are far enough apart to be no tandem duplicates.
WIDE = 1_000_000
TEXT = {"gene": str, "gene_id": str, "symbol": str, "chrom": str, "strand": str}


def own_samples(path: str) -> pd.DataFrame:
    """sample, time, … of a sheet, copies left out."""
    samples = read_table(path, dtype={"sample": str})
    return samples[samples["copy_of"].isna()]


def read_middles(path: str) -> pd.Series:
    """Middles of centromeres (bp) by chromosome."""
    return read_table(path, dtype={"chrom": str}).set_index("chrom")["middle"]


def nodes_of_table(
    raw: str,
    samples: str,
    loci: str,
    report: str,
    annotation: str | None,
    *,
    values: str | None,
    nodes: str,
    leave_out: Collection[str],
) -> GeneNodes:
    """Every expressed gene of a table that has a locus.

    Args:
        raw: table of gene × sample.
        samples: its sheet.
        loci, report: where its genes lie, and how that was found.
        annotation: genes that miRNAs may be in; empty or None where nothing is.
        values: what the table held; None: samples are not to be scaled.
        nodes: what its rows are, as the config has it.
        leave_out: as `gene_nodes` has it.
    """
    own = list(own_samples(samples)["sample"])
    resolved = read_table(report, dtype=str)
    return gene_nodes(
        read_table(raw, dtype={"gene": str}).set_index("gene")[own],
        read_table(loci, dtype=TEXT),
        logarithms=None if values is None else values == "log2",
        mirnas=nodes == "mirna",
        hosts=read_table(annotation, dtype=TEXT) if annotation else None,
        guessed=resolved.loc[resolved["how"] == GUESSED, "gene"],
        leave_out=leave_out,
    )


def pairs_on_maps(
    nodes: GeneNodes,
    maps: Sequence[cooler.Cooler],
    map_times: Sequence[float | None],
    tads: Sequence[str],
    middles: pd.Series,
) -> BinPairs:
    """Pairs of bins with genes, of maps of one bin size.

    Args:
        map_times: of each map; None of a static one, which holds before all others.
        tads: BED file of each map.
        middles: of centromeres (bp) by chromosome.
    """
    size = maps[0].binsize
    nearest = 1 if size >= WIDE else 2
    times = np.array([-np.inf if time is None else time for time in map_times])
    order = np.argsort(times)
    bands = _bands([maps[k] for k in order], [tads[k] for k in order], middles, nearest)
    bins = bins_of(bands[0], nodes.table["chrom"], nodes.middles, size)
    return BinPairs(bands, times[order], bins, nearest, FARTHEST, nodes.left_out)


def gc_of(nodes: GeneNodes, clr: cooler.Cooler, fasta: str, index: str) -> np.ndarray | None:
    """[genes] GC content, that of all genes where a gene's sequence is unknown."""
    records = load_sequence(fasta, index, clr.chromsizes)
    here = nodes.table["chrom"].isin(list(records)).to_numpy()
    loci = nodes.table.loc[here, ["chrom", "start", "end"]].astype({"chrom": str})
    found = np.full(len(nodes.table), np.nan)
    found[here] = bioframe.frac_gc(loci.reset_index(drop=True), records)["GC"]
    return np.where(np.isfinite(found), found, np.nanmean(found)) if here.any() else None


def _bands(
    maps: Sequence[cooler.Cooler], tads: Sequence[str], middles: pd.Series, nearest: int
) -> list[list[ArmContacts]]:
    """The arms of each map, on the chromosomes that all of them have."""
    view = arms(maps[0], middles)
    view = view[[all(chrom in clr.chromnames for clr in maps) for chrom in view["chrom"]]]
    names = ["chrom", "start", "end"]
    return [
        arm_contacts(clr, view, nearest, FARTHEST,
                     pd.read_csv(path, sep="\t", names=names, dtype={"chrom": str}))
        for clr, path in zip(maps, tads, strict=True)
    ]  # fmt: skip
