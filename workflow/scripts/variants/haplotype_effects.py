"""Effects of haplotypes, several variants at once, on the predicted expression of genes."""

from collections import defaultdict
from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from foldcast.files import atomic, read_table, write_table
from foldcast.job import log, progress, run
from foldcast.resources.chromosomes import read_sizes
from foldcast.spex.contacts.distal_features import plan_of
from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import Genome
from foldcast.variants.alleles import Change
from foldcast.variants.haplotypes import Copy, copies_of, haplotype_differences
from foldcast.variants.listed_genes import ask_for
from foldcast.variants.nearby_genes import Neighbourhood
from foldcast.variants.phased_variants import read_phased
from foldcast.variants.placed_variants import name_of, place_variants
from foldcast.variants.variant_effects import TREES, Batch, Features, effects

GROUP = 8  # haplotypes whose windows are read together
COLUMNS = [
    *("sample", "phase_set", "copy", "gene", "symbol", "tissue", "feature_set", "model"),
    *("where", "effect", "spread", "fits", "n_variants", "variants"),
]


def main(snakemake) -> None:
    files, params = snakemake.input, snakemake.params
    found = read_phased(files.haplotypes, params.samples, strict=params.strict)
    with Genome(files.fasta, files.index) as genome:
        found = place_variants(found, read_sizes(files.sizes), genome, files.haplotypes)
        log.info("%s: %s", files.haplotypes, found.count())
        write_table(found.skipped, snakemake.output.skipped)
        network = Beluga.of_job(files.weights, params.beluga, snakemake.threads)
        network.say(params.beluga["reverse_complement"])
        with atomic(snakemake.output.effects) as path, open(path, "w") as handle:
            pd.DataFrame(columns=COLUMNS).to_csv(handle, sep="\t", index=False)
            for table in tables(snakemake, found.table, genome, network):
                table.to_csv(handle, sep="\t", index=False, header=False, float_format="%.10g")


def tables(
    snakemake, variants: pd.DataFrame, genome: Genome, network: Beluga
) -> Iterator[pd.DataFrame]:
    """The effects of each batch of haplotypes and genes, along the run's chromosomes."""
    files, params = snakemake.input, snakemake.params
    genes = read_table(files.genes, dtype={"gene": str, "symbol": str, "chrom": str})
    asked = None
    if listed := files.get("asked"):
        asked = ask_for(listed, genes, None, strict=params.strict)
        log.info("%s: %s", listed, asked.said)
    fits = dict(zip(params.fits, files.models, strict=True))
    maps = list(dict.fromkeys(name for each in params.feature_sets.values() for name in each))
    variants = variants[variants["sign"] > 0]  # the reference's own allele changes nothing
    both = params.beluga["reverse_complement"]
    for k, chrom in enumerate(params.chromosomes):
        here = variants[variants["chrom"] == chrom]
        own = genes[genes["chrom"] == chrom].reset_index(drop=True)
        wanted = frozenset(own.index[own["gene"].isin(asked.genes)] if asked else own.index)
        if here.empty or not wanted:
            continue
        plan = plan_of(files.contacts, chrom, genome.length(chrom)) if maps else None
        features = Features(files.local[k], files.distal[k] if maps else None, own["gene"])
        nearby = Neighbourhood(own, plan, maps)
        # As of trees: the nine windows of linear models are those around a single variant.
        empty = partial(Batch, network.outputs, maps, {TREES})
        names, copies = carried(here, nearby, wanted)
        groups = [copies[k : k + GROUP] for k in range(0, len(copies), GROUP)]
        for group in progress(groups, what=f"{chrom}, groups", each=(GROUP, "haplotypes")):
            pairs = [
                (one, pair) for one in group for pair in nearby.pairs(one.haplotype, one.genes)
            ]
            batch = empty()
            windows = [each for _, pair in pairs for each in batch.under(pair)]
            under = haplotype_differences(network, genome, windows, reverse_complement=both)
            whose: list[Copy] = []
            for number, (one, pair) in enumerate(pairs, 1):
                batch.add(len(whose), pair, {}, under)
                whose.append(one)
                if batch.full(params.beluga["memory_mb"]) or number == len(pairs):
                    with threadpool_limits(limits=1):
                        found = effects(batch, chrom, features, params.feature_sets, fits)
                    yield tabulate(found, batch, whose, own, names)
                    batch, whose = empty(), []


def carried(
    variants: pd.DataFrame, nearby: Neighbourhood, genes: frozenset[int]
) -> tuple[dict[Change, str], list[Copy]]:
    """Each change's name as in the file, and the copies of the chromosome, with their genes."""
    rows = variants.itertuples()
    changes = [Change.of(row.chrom, row.position, row.ref, row.alt) for row in rows]
    copies = copies_of(
        zip(changes, variants["carriers"], strict=True),
        genes,
        lambda haplotype: [pair.gene for pair in nearby.pairs(haplotype, genes)],
    )
    lost: dict[tuple[str, int], set[Change]] = defaultdict(set)
    for one in copies:
        lost[one.sample, one.copy] |= one.lost
    for who, over in lost.items():
        if over:
            log.warning("%s, copy %d: %d variants lie over others, which count", *who, len(over))
    return dict(zip(changes, name_of(variants), strict=True)), copies


def tabulate(
    found: pd.DataFrame,
    batch: Batch,
    whose: list[Copy],
    genes: pd.DataFrame,
    names: dict[Change, str],
) -> pd.DataFrame:
    """Effects as rows of ``haplotypes.tsv``, in the order of haplotypes and genes."""
    rows = []
    for pair, of in zip(batch.pairs, whose, strict=True):
        read = [one for one in [pair.local and pair.local.windows] if one]
        read += [touch.windows for touch in pair.touches]
        changes = {
            c for one in read for c in one.change.changes if c.under(np.array(one.starts)).any()
        }
        gene = genes.iloc[pair.gene]
        listed = [names[change] for change in sorted(changes, key=lambda c: c.start)]
        who = of.sample, of.phase_set, of.copy, gene["gene"], gene["symbol"]
        rows.append((*who, len(listed), "; ".join(listed)))
    about = pd.DataFrame(rows, columns=[*COLUMNS[:5], *COLUMNS[-2:]])
    return found.sort_values("pair", kind="stable").join(about, on="pair")[COLUMNS]


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
