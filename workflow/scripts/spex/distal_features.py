"""Beluga's outputs at the places that touch each TSS of a chromosome, for all maps at once."""

import h5py
import numpy as np

from foldcast.hdf5_files import new_hdf5
from foldcast.job import log, progress, run
from foldcast.spex.contacts.distal_features import (
    SIDES,
    SUM,
    Plan,
    Stretch,
    add_block,
    blocks_of,
    local_sums,
    most_windows,
    place_sums,
    plan_of,
    read_stretch,
)
from foldcast.spex.features.beluga import Beluga, log_deviation
from foldcast.spex.features.dna_codes import Genome
from foldcast.spex.features.feature_cache import FeatureCache
from foldcast.spex.features.feature_tables import (
    PLACE,
    fingerprint_of,
    key_of,
)


def main(snakemake) -> None:
    """Compute the places that any feature set touches, then go along them once and add."""
    files, params, chrom = snakemake.input, snakemake.params, snakemake.params.chrom
    options, output = params.beluga, snakemake.output.features
    both = options["reverse_complement"]
    network = Beluga.of_job(files.weights, options, snakemake.threads)
    network.say(both)
    with Genome(files.fasta, files.index) as genome:
        plan = plan_of(files.contacts, chrom, genome.length(chrom))
        grid, most = plan.grid, most_windows(options["memory_mb"], network.outputs)
        blocks = blocks_of(plan.places, grid, most)
        first, count = grid.first(plan.places), grid.count(plan.places)
        windows = [Stretch(*each, range(0)) for each in zip(first, count, strict=True)]
        keys = [key_of(read_stretch(genome, chrom, grid, each)) for each in windows]

        def compute(at: np.ndarray) -> dict[str, np.ndarray]:
            of = (grid, plan.places[at], most, both)
            return {SUM: place_sums(network, genome, chrom, *of)}

        fingerprint = fingerprint_of(PLACE, network.digest, options)
        cached = FeatureCache(params.cache, output, fingerprint, keys, params.tables)
        with cached as cache, new_hdf5(output) as file:
            numbers = [np.arange(b[0].places.start, b[-1].places.stop) for b in blocks]
            _, left = cache.turns(numbers)
            log.info(
                "%s: %d places of %d feature sets, %d windows in %d blocks, %d of them left",
                *(chrom, len(plan.places), len(plan.feature_sets), count.sum(), len(blocks)),
                len(left),
            )
            if left:
                sample = read_stretch(genome, chrom, grid, blocks[0][0])
                log_deviation(network, files.weights, sample, reverse_complement=both)
            each = (count.sum() / max(len(blocks), 1), "windows")
            for block in progress(left, what="blocks of places", each=each):
                cache.rows(block, compute)
            write_constant(file, plan, network.outputs, files.get("local"))
            repeats = grid.parts(plan.places) // count
            # In their own order, whoever computed them: so sums are rounded alike.
            for block in numbers:
                sums = cache.rows(block, compute)[SUM] * repeats[block, None].astype(float)
                add_block(file, plan.feature_sets, slice(block[0], block[-1] + 1), sums)


def write_constant(file: h5py.File, plan: Plan, outputs: int, local: str | None) -> None:
    """What does not come from places: genes, who has contacts, and sums over local windows."""
    file.attrs.update({**plan.attrs, "outputs": outputs})
    names = np.array(plan.genes, dtype=h5py.string_dtype())
    file.create_dataset("genes", data=names, track_times=False)
    for name, feature_set in plan.feature_sets.items():
        shape = (len(plan.genes), SIDES * outputs)
        x = file.create_dataset(f"{name}/x", shape, "f4", track_times=False)
        file.create_dataset(f"{name}/mask", data=feature_set.mask, track_times=False)
        if local and feature_set.local.any():
            sums = local_sums(local, plan.genes, plan.attrs["aggregate"])
            for g in np.flatnonzero(feature_set.local):
                x[g] = sums[g]


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
