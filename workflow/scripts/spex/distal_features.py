"""Beluga's outputs at the places that touch each TSS of a chromosome, for all maps at once."""

import numpy as np

from foldcast.job import log, progress, run
from foldcast.spex.contacts.distal_features import (
    SIDES,
    Plan,
    Updates,
    blocks_of,
    local_sums,
    most_windows,
    place_sums,
    plan_of,
    read_stretch,
)
from foldcast.spex.features.beluga import Beluga, log_deviation
from foldcast.spex.features.dna_codes import Genome
from foldcast.spex.features.feature_store import Resumable, key_of


def main(snakemake) -> None:
    """Go along the chromosome once, block by block of the places that any feature set touches."""
    files, params, chrom = snakemake.input, snakemake.params, snakemake.params.chrom
    options = params.beluga
    both = options["reverse_complement"]
    network = Beluga.load(
        files.weights,
        precision=options["precision"],
        memory_mb=options["memory_mb"],
        threads=snakemake.threads,
    )
    network.say(both)
    with Genome(files.fasta, files.index) as genome:
        plan = plan_of(files.contacts, chrom, genome.length(chrom))
        most = most_windows(options["memory_mb"], network.outputs)
        blocks = blocks_of(plan.places, plan.grid, most)
        key = key_of(
            contacts=plan.key,
            genome=genome.digest(chrom),
            weights=network.digest,
            network=[network.device, network.precision, both],
            most=most,
            code=params.code,
        )
        rows: dict[str, tuple[tuple[int, ...], str]] = {}
        for name in plan.feature_sets:
            rows |= {f"{name}/x": ((SIDES * network.outputs,), "f4"), f"{name}/mask": ((), "bool")}
        attrs = {**plan.attrs, "outputs": network.outputs}
        output = snakemake.output.features
        with Resumable(output, key, plan.genes, rows, blocks=len(blocks), attrs=attrs) as store:
            write_constant(store, plan, files.get("local"))
            left = np.flatnonzero(~store.done)
            if len(left):
                sample = read_stretch(genome, chrom, plan.grid, blocks[0][0])
                log_deviation(network, files.weights, sample, reverse_complement=both)
            windows = [sum(stretch.windows for stretch in block) for block in blocks]
            size = (float(np.mean(windows)) if blocks else 0.0, "windows")
            log.info(
                "%s: %d places of %d feature sets, %d windows in %d blocks",
                *(chrom, len(plan.places), len(plan.feature_sets), sum(windows), len(blocks)),
            )
            for k in progress(left, what="blocks of places", each=size):
                sums = place_sums(network, genome, chrom, plan, blocks[k], both)
                store.replace(int(k), Updates(store, plan.feature_sets, blocks[k], sums))


def write_constant(store: Resumable, plan: Plan, local: str | None) -> None:
    """What does not come from places: who has contacts, and sums over local windows."""
    for name, feature_set in plan.feature_sets.items():
        store[f"{name}/mask"][:] = feature_set.mask
        if local and feature_set.local.any():
            sums = local_sums(local, plan.genes, plan.attrs["aggregate"])
            for g in np.flatnonzero(feature_set.local):
                store[f"{name}/x"][g] = sums[g]


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
