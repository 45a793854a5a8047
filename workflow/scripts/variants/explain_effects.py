"""Of the variants with the largest effects, which of Beluga's outputs change and drive them."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from foldcast.enrichment.chromatin_marks import read_output_names
from foldcast.files import read_table, write_table
from foldcast.job import log, progress, run
from foldcast.resources.chromosomes import read_sizes
from foldcast.spex.contacts.distal_features import plan_of
from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import Genome
from foldcast.spex.models.saved_models import load_fits
from foldcast.variants.alleles import Change, differences
from foldcast.variants.effect_tables import (
    COLUMNS,
    LINEAR,
    contributions,
    largest_differences,
    part_rows,
    read_effects,
    strongest,
)
from foldcast.variants.nearby_genes import Neighbourhood
from foldcast.variants.placed_variants import name_of, place_variants
from foldcast.variants.variant_effects import Batch
from foldcast.variants.variant_rows import read_variants


def main(snakemake) -> None:
    files, params = snakemake.input, snakemake.params
    chosen = strongest(read_effects(files.effects), params.strongest)
    log.info("%d pairs of variant and gene", len(chosen))
    tables = []
    if len(chosen):
        network = Beluga.of_job(files.weights, params.beluga, snakemake.threads)
        names = read_output_names(files.names or None, network.outputs)
        with Genome(files.fasta, files.index) as genome:
            found = read_variants(files.variants, resolve=files.get("resolve"))
            found = place_variants(found, read_sizes(files.sizes), genome, files.variants)
            variants = found.table.assign(variant=name_of(found.table))
            tables = list(explained(snakemake, chosen, variants, names, genome, network))
    table = pd.concat(tables) if tables else pd.DataFrame(columns=COLUMNS)
    write_table(table.sort_values("rank", kind="stable"), snakemake.output.outputs)


def explained(
    snakemake,
    chosen: pd.DataFrame,
    variants: pd.DataFrame,
    names: pd.DataFrame,
    genome: Genome,
    network: Beluga,
) -> Iterator[pd.DataFrame]:
    """The outputs of each pair, chromosome by chromosome."""
    files, params = snakemake.input, snakemake.params
    genes = read_table(files.genes, dtype={"gene": str, "symbol": str, "chrom": str})
    folders = dict(zip(params.fits, files.models, strict=True))
    maps = list(dict.fromkeys(name for each in params.feature_sets.values() for name in each))
    variants = variants.drop_duplicates("variant").set_index("variant")
    chroms = chosen["variant"].map(variants["chrom"])
    for chrom in progress(chroms.unique(), what="chromosomes"):
        own = genes[genes["chrom"] == chrom].reset_index(drop=True)
        row_of = {gene: row for row, gene in enumerate(own["gene"])}
        plan = plan_of(files.contacts, chrom, genome.length(chrom)) if maps else None
        nearby = Neighbourhood(own, plan, maps)
        for about in chosen[chroms == chrom].to_dict("records"):
            row = variants.loc[about["variant"]]
            change = Change.of(row["chrom"], row["position"], row["ref"], row["alt"])
            pairs = [p for p in nearby.pairs(change) if p.gene == row_of[about["gene"]]]
            batch = Batch(network.outputs, maps, {LINEAR})
            both = params.beluga["reverse_complement"]
            around, under = (
                differences(network, genome, asked, reverse_complement=strands)
                for asked, strands in (
                    (batch.around(pairs[0]), True),
                    (batch.under(pairs[0]), both),
                )
            )
            batch.add(0, pairs[0], around, under)
            of = params.feature_sets[about["feature_set"]]
            features = batch.difference(np.array([0]), of, exact=False)[0]
            fits = load_fits(folders[f"{about['feature_set']}/{LINEAR}"], [about["tissue"]])
            models = [fit.predictor for fit in fits if fit.fold.serves(chrom)]
            parts = contributions(models, features, network.outputs) * row["sign"]
            largest = largest_differences({**around, **under}, network.outputs) * row["sign"]
            yield part_rows(about, largest, parts, names)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
