"""Do genes in contact change together, more than genes as far apart? Every expressed gene.

And how well genes that are held out are told from those in contact.
"""

from dataclasses import asdict, fields

import cooler
import pandas as pd

from foldcast.evaluation.asked_genes import (
    FARTHEST,
    gc_of,
    nodes_of_table,
    own_samples,
    pairs_on_maps,
    read_middles,
)
from foldcast.evaluation.bin_pairs import COMPARTMENT, CONTACT, DOMAIN
from foldcast.evaluation.change_together import ContactEffect, change_together
from foldcast.evaluation.expression_changes import ACROSS, MEANS, changes_of
from foldcast.evaluation.folding_verdict import held_out_in_words
from foldcast.evaluation.gene_nodes import GeneNodes
from foldcast.evaluation.held_out_genes import HeldOutGenes, held_out_genes
from foldcast.files import write_table
from foldcast.hic.map_sources import is_loops
from foldcast.job import log, run

FEWEST = 20  # pairs of bins below which nothing is asked


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    nodes = nodes_of_table(
        *(given.raw, given.samples, given.loci, given.report, given.annotation),
        values=params.values,
        nodes=params.nodes,
        leave_out=params.leave_out,
    )
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


def effects(
    nodes: GeneNodes, maps: list[cooler.Cooler], given, params
) -> tuple[list[ContactEffect], HeldOutGenes | None]:
    """Contact beside compartments, and TADs beside compartments, in means and across replicates;
    and genes held out."""
    pairs = pairs_on_maps(nodes, maps, params.map_times, given.tads, read_middles(given.middles))
    log.info(
        "%d genes, %d pairs of them %d to %d bins of %d bp apart",
        *(pairs.n_genes, pairs.n_gene_pairs, pairs.nearest, FARTHEST, maps[0].binsize),
    )
    if len(pairs.one) < FEWEST:
        log.info("not asked: only %d pairs of bins have genes", len(pairs.one))
        return [], None
    sampled = own_samples(given.samples)["time"].to_numpy(float)
    gc = gc_of(nodes, maps[0], given.fasta, given.index) if given.get("fasta") else None
    changes = (changes_of(nodes.values, sampled, how, nodes.lengths, gc) for how in (MEANS, ACROSS))
    panels = [panel for panel in changes if panel is not None]
    asked = [CONTACT]
    if any((arm.domains >= 0).any() for band in pairs.maps for arm in band):
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


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
