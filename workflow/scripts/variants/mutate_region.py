"""Effects on a gene's predicted expression of every base of a region changed to every other."""

from functools import partial

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from foldcast.errors import InputError
from foldcast.files import read_table, write_table
from foldcast.hdf5_files import new_hdf5
from foldcast.job import log, progress, run
from foldcast.resources.chromosomes import read_sizes
from foldcast.spex.contacts.distal_features import plan_of
from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import Genome
from foldcast.spex.features.local_features import SHIFTS
from foldcast.spex.features.point_changes import PointChanges
from foldcast.variants.alleles import point_differences
from foldcast.variants.mutagenesis import (
    Matrix,
    Region,
    as_table,
    find_region,
    write_matrices,
)
from foldcast.variants.nearby_genes import Neighbourhood
from foldcast.variants.variant_effects import Batch, Features, effects

GROUP = 600  # changes whose windows are read together: those of 200 bp


def main(snakemake) -> None:
    files, params = snakemake.input, snakemake.params
    sizes = read_sizes(files.sizes)
    genes = read_table(files.genes, dtype={"gene": str, "symbol": str, "chrom": str})
    region = find_region(genes, params.gene, params.region, sizes, params.place)
    with Genome(files.fasta, files.index) as genome:
        codes = genome.fetch(region.chrom, region.start, region.end)
        network = Beluga.of_job(files.weights, params.beluga, snakemake.threads)
        network.say(params.beluga["reverse_complement"])
        matrices = scan(snakemake, region, codes, genes, genome, network)
    if not matrices:
        raise InputError(
            "the config",
            place=f"{params.place}.region",
            found=f"{region}, which {params.gene} does not read",
            expected="bases within 21 kb of its TSS, or in a place that touches it in a map",
            remedy="give a region that the gene reads: spex/<run>/contacts/ has its places",
        )
    write_table(as_table(matrices, region, codes), snakemake.output.effects)
    with new_hdf5(snakemake.output.matrix) as file:
        write_matrices(file, matrices, region, codes)


def scan(
    snakemake,
    region: Region,
    codes: np.ndarray,
    genes: pd.DataFrame,
    genome: Genome,
    network: Beluga,
) -> dict[str, Matrix]:
    """The effects by feature set and model; none where the gene reads no base of the region."""
    files, params = snakemake.input, snakemake.params
    chrom, feature_sets = region.chrom, params.feature_sets
    maps = list(dict.fromkeys(name for each in feature_sets.values() for name in each))
    fits = dict(zip(params.fits, files.models, strict=True))
    own = genes[genes["chrom"] == chrom].reset_index(drop=True)
    gene = own["gene"].tolist().index(region.gene["gene"])
    k = params.chromosomes.index(chrom)
    plan = plan_of(files.contacts, chrom, genome.length(chrom)) if maps else None
    features = Features(files.local[k], files.distal[k] if maps else None, own["gene"])
    nearby = Neighbourhood(own, plan, maps)
    empty = partial(Batch, network.outputs, maps, {fit.split("/")[1] for fit in fits})
    points, both = PointChanges(network), params.beluga["reverse_complement"]
    matrices: dict[str, Matrix] = {}

    def score(batch: Batch) -> None:
        # One thread: sums of products would depend on how many there are.
        with threadpool_limits(limits=1):
            found = effects(batch, chrom, features, feature_sets, fits)
        cells = np.array(batch.variants)
        for (feature_set, model), rows in found.groupby(["feature_set", "model"], sort=False):
            tissues = list(rows["tissue"].unique())
            matrix = matrices.setdefault(f"{feature_set}/{model}", Matrix(codes, tissues))
            for tissue, each in rows.groupby("tissue", sort=False):
                matrix.add(cells[each["pair"]], tissue, each)

    changes = list(region.changes(codes))
    log.info("%s, %s: %d changes of %d bases", params.gene, region, len(changes), len(codes))
    groups = [changes[k : k + GROUP] for k in range(0, len(changes), GROUP)]
    for group in progress(groups, what="groups", each=(GROUP, "changes")):
        pairs = [
            (cell, pair)
            for cell, change in group
            for pair in nearby.pairs(change)
            if pair.gene == gene
        ]
        batch = empty()
        around = [windows for _, pair in pairs for windows in batch.around(pair)]
        under = [windows for _, pair in pairs for windows in batch.under(pair)]
        published = point_differences(points, genome, around, reverse_complement=True)
        exact = point_differences(points, genome, under, reverse_complement=both)
        for cell, pair in pairs:
            batch.add(cell, pair, published, exact)
            if batch.full(params.beluga["memory_mb"]):
                score(batch)
                batch = empty()
        if batch.pairs:
            score(batch)
    say_windows(points, len(changes), both)
    return matrices


def say_windows(points: PointChanges, changes: int, both: bool) -> None:
    """How many windows were computed, beside those of a gene that is read anew for each change."""
    log.info(
        "windows computed: %d of the reference, %d with a changed base, of these only what it "
        "reaches; every window of the gene for every change would be %d",
        *(points.reference, points.changed, (1 + both) * len(SHIFTS) * changes),
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
