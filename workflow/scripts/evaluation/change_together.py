"""Do genes in contact change together, more than genes as far apart? Every expressed gene.

And how well genes that are held out are told from those in contact.
"""

from dataclasses import asdict, fields

import bioframe
import cooler
import numpy as np
import pandas as pd

from foldcast.evaluation.bin_pairs import COMPARTMENT, CONTACT, DOMAIN, BinPairs, bins_of
from foldcast.evaluation.change_together import ContactEffect, change_together
from foldcast.evaluation.expression_changes import ACROSS, MEANS, changes_of
from foldcast.evaluation.folding_verdict import held_out_in_words
from foldcast.evaluation.gene_nodes import GeneNodes, gene_nodes
from foldcast.evaluation.held_out_genes import HeldOutGenes, held_out_genes
from foldcast.files import read_table, write_table
from foldcast.genes.mirna_hairpins import GUESSED
from foldcast.hic.chromosome_arms import arms
from foldcast.hic.contact_bands import ArmContacts, arm_contacts
from foldcast.hic.map_sources import is_loops
from foldcast.hic.phasing_track import load_sequence
from foldcast.job import log, run

FARTHEST = 20  # bins between two genes
# In wide bins genes of neighbouring ones are far enough apart to be no tandem duplicates.
WIDE = 1_000_000
FEWEST = 20  # pairs of bins below which nothing is asked
TEXT = {"gene": str, "gene_id": str, "symbol": str, "chrom": str, "strand": str}


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    nodes = nodes_of(given, params)
    maps = [cooler.Cooler(path) for path in given.map]
    found: list[ContactEffect] = []
    held_out = None
    if nodes.table.empty:
        log.info("not asked: no gene has both a locus and an expression that changes")
    elif any(map(is_loops, maps)):
        log.info("not asked: a list of loops says nothing of pairs that do not touch")
    else:
        found, held_out = effects(nodes, maps, given, params)
    columns = [field.name for field in fields(ContactEffect)]
    write_table(pd.DataFrame(map(asdict, found), columns=columns), snakemake.output.effects)
    rows = []
    if held_out:
        of = snakemake.wildcards.dataset, snakemake.wildcards.graph
        sentence = held_out_in_words(*of, held_out)
        rows = [asdict(held_out) | {"sentence": sentence}]
        log.info(sentence)
    columns = [*(field.name for field in fields(HeldOutGenes)), "sentence"]
    write_table(pd.DataFrame(rows, columns=columns), snakemake.output.held_out)


def nodes_of(given, params) -> GeneNodes:
    samples = read_table(given.samples, dtype={"sample": str})
    own = samples.loc[samples["copy_of"].isna(), "sample"]
    raw = read_table(given.raw, dtype={"gene": str}).set_index("gene")[list(own)]
    hosts = read_table(given.annotation, dtype=TEXT) if given.annotation else None
    report = read_table(given.report, dtype=str)
    return gene_nodes(
        raw,
        read_table(given.loci, dtype=TEXT),
        logarithms=params.values == "log2",
        mirnas=params.nodes == "mirna",
        hosts=hosts,
        guessed=report.loc[report["how"] == GUESSED, "gene"],
        leave_out=params.leave_out,
    )


def effects(
    nodes: GeneNodes, maps: list[cooler.Cooler], given, params
) -> tuple[list[ContactEffect], HeldOutGenes | None]:
    """Contact beside compartments, and TADs beside compartments, in means and across replicates;
    and genes held out."""
    size = maps[0].binsize
    nearest = 1 if size >= WIDE else 2
    times = np.array([-np.inf if time is None else time for time in params.map_times])
    order = np.argsort(times)
    bands = bands_of([maps[k] for k in order], [given.tads[k] for k in order], given, nearest)
    bins = bins_of(bands[0], nodes.table["chrom"], nodes.middles, size)
    pairs = BinPairs(bands, times[order], bins, nearest, FARTHEST, nodes.left_out)
    log.info(
        "%d genes, %d pairs of them %d to %d bins of %d bp apart",
        *(pairs.n_genes, pairs.n_gene_pairs, nearest, FARTHEST, size),
    )
    if len(pairs.one) < FEWEST:
        log.info("not asked: only %d pairs of bins have genes", len(pairs.one))
        return [], None
    sampled, gc = sampled_at(given.samples), gc_of(nodes, maps[0], given)
    changes = (changes_of(nodes.values, sampled, how, nodes.lengths, gc) for how in (MEANS, ACROSS))
    panels = [panel for panel in changes if panel is not None]
    asked = [CONTACT]
    if any((arm.domains >= 0).any() for band in bands for arm in band):
        asked.append(DOMAIN)
    found = []
    for kind in asked:
        each = change_together(
            pairs, panels, (kind, COMPARTMENT), params.shifts, params.seed, params.planted
        )
        kept = slice(2 if kind == CONTACT else 1)
        found += [effect for panel in each for effect in panel[kept]]
    means = (panel for panel in panels if panel.how == MEANS)
    return found, next((held_out_genes(pairs, panel, params.seed) for panel in means), None)


def bands_of(
    maps: list[cooler.Cooler], tads: list[str], given, nearest: int
) -> list[list[ArmContacts]]:
    """The arms of each map, on the chromosomes that all of them have."""
    middles = read_table(given.middles, dtype={"chrom": str}).set_index("chrom")["middle"]
    view = arms(maps[0], middles)
    view = view[[all(chrom in clr.chromnames for clr in maps) for chrom in view["chrom"]]]
    names = ["chrom", "start", "end"]
    return [
        arm_contacts(clr, view, nearest, FARTHEST,
                     pd.read_csv(path, sep="\t", names=names, dtype={"chrom": str}))
        for clr, path in zip(maps, tads, strict=True)
    ]  # fmt: skip


def sampled_at(path: str) -> np.ndarray:
    """[samples] times, copies left out."""
    samples = read_table(path, dtype={"sample": str})
    return samples.loc[samples["copy_of"].isna(), "time"].to_numpy(float)


def gc_of(nodes: GeneNodes, clr: cooler.Cooler, given) -> np.ndarray | None:
    """[genes] GC content, that of all genes where a gene's sequence is unknown; where there is a
    sequence."""
    if not given.get("fasta"):
        return None
    records = load_sequence(given.fasta, given.index, clr.chromsizes)
    here = nodes.table["chrom"].isin(list(records)).to_numpy()
    loci = nodes.table.loc[here, ["chrom", "start", "end"]].astype({"chrom": str})
    found = np.full(len(nodes.table), np.nan)
    found[here] = bioframe.frac_gc(loci.reset_index(drop=True), records)["GC"]
    return np.where(np.isfinite(found), found, np.nanmean(found)) if here.any() else None


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
