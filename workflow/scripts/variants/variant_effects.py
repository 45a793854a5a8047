"""Effects of a VCF file's variants on the predicted expression of the genes that read them."""

from collections.abc import Callable, Collection, Iterator
from functools import partial

import pandas as pd
from threadpoolctl import threadpool_limits

from foldcast.files import atomic, read_table, write_table
from foldcast.job import log, progress, run
from foldcast.resources.chromosomes import read_sizes
from foldcast.spex.contacts.distal_features import plan_of
from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import Genome
from foldcast.variants.alleles import Change, differences
from foldcast.variants.listed_genes import ask_for
from foldcast.variants.nearby_genes import Neighbourhood
from foldcast.variants.placed_variants import name_of, place_variants
from foldcast.variants.variant_effects import COLUMNS, Batch, Features, effects, tabulate
from foldcast.variants.variant_rows import read_variants

GROUP = 16  # variants whose windows are read together
SAME = ["chrom", "position", "id", "ref", "alt", "sign"]


def main(snakemake) -> None:
    """Write the table along the genome, in batches that fit the working memory."""
    files, options = snakemake.input, snakemake.params.beluga
    sizes = read_sizes(files.sizes)
    strict = snakemake.params.strict
    variants = read_variants(files.variants, strict=strict, resolve=files.get("resolve"))
    with Genome(files.fasta, files.index) as genome:
        variants = place_variants(variants, sizes, genome, files.variants, strict=strict)
        log.info("%s: %s", files.variants, variants.count())
        write_table(variants.skipped, snakemake.output.skipped)
        network = Beluga.of_job(files.weights, options, snakemake.threads)
        network.say(options["reverse_complement"])
        with atomic(snakemake.output.variants) as path, open(path, "w") as handle:
            pd.DataFrame(columns=COLUMNS).to_csv(handle, sep="\t", index=False)
            once = variants.table.drop_duplicates(SAME)  # a table has a row for each gene
            for table in tables(snakemake, once, genome, network):
                table.to_csv(handle, sep="\t", index=False, header=False, float_format="%.10g")


def tables(
    snakemake, variants: pd.DataFrame, genome: Genome, network: Beluga
) -> Iterator[pd.DataFrame]:
    """The effects of each batch of variants and genes, along the run's chromosomes."""
    files, params = snakemake.input, snakemake.params
    genes = read_table(files.genes, dtype={"gene": str, "symbol": str, "chrom": str})
    fits = dict(zip(params.fits, files.models, strict=True))
    models = {fit.split("/")[1] for fit in fits}
    maps = list(dict.fromkeys(name for each in params.feature_sets.values() for name in each))
    variants = variants.assign(variant=name_of(variants))
    asked = None
    if listed := files.get("asked"):
        asked = ask_for(listed, genes, variants, strict=params.strict)
        log.info("%s: %s", listed, asked.said)
    read: set[int] = set()
    pairs = 0
    for k, chrom in enumerate(params.chromosomes):
        here = variants[variants["chrom"] == chrom].sort_values("position", kind="stable")
        own = genes[genes["chrom"] == chrom].reset_index(drop=True)
        wanted = asked.rows(own["gene"]) if asked else lambda variant: None
        if asked:
            here = here[[bool(wanted(variant)) for variant in here.index]]
        if here.empty:
            continue
        plan = plan_of(files.contacts, chrom, genome.length(chrom)) if maps else None
        features = Features(files.local[k], files.distal[k] if maps else None, own["gene"])
        empty = partial(Batch, network.outputs, maps, models)
        nearby = Neighbourhood(own, plan, maps)
        for batch in batches(here, nearby, wanted, empty, genome, network, params.beluga):
            read.update(batch.variants)
            pairs += len(batch.pairs)
            # One thread: sums of products would depend on how many there are.
            with threadpool_limits(limits=1):
                found = effects(batch, chrom, features, params.feature_sets, fits)
            yield tabulate(found, batch, variants, own)
    whom = "genes that are asked about" if asked else "genes of the run"
    log.info("%d of %d variants are read by %s", len(read), len(variants), whom)
    if asked and asked.pairs:
        log.info("%d of %d pairs are read: in a gene's windows or in contact", pairs, asked.pairs)


def batches(
    variants: pd.DataFrame,
    nearby: Neighbourhood,
    wanted: Callable[[int], Collection[int] | None],
    empty: Callable[[], Batch],
    genome: Genome,
    network: Beluga,
    options: dict,
) -> Iterator[Batch]:
    """The variants of a chromosome with the genes that read them, of those that are wanted."""
    batch, both = empty(), options["reverse_complement"]
    rows = list(variants.itertuples())
    groups = [rows[k : k + GROUP] for k in range(0, len(rows), GROUP)]
    for group in progress(groups, what=f"{rows[0].chrom}, groups", each=(GROUP, "variants")):
        changes = [Change.of(row.chrom, row.position, row.ref, row.alt) for row in group]
        pairs = [
            (row.Index, pair)
            for row, change in zip(group, changes, strict=True)
            for pair in nearby.pairs(change, wanted(row.Index))
        ]
        around = [windows for _, pair in pairs for windows in batch.around(pair)]
        under = [windows for _, pair in pairs for windows in batch.under(pair)]
        published = differences(network, genome, around, reverse_complement=True)
        exact = differences(network, genome, under, reverse_complement=both)
        for variant, pair in pairs:
            batch.add(variant, pair, published, exact)
            if batch.full(options["memory_mb"]):
                yield batch
                batch = empty()
    if batch.pairs:
        yield batch


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
