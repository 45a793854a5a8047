"""Beluga's outputs around every TSS of a chromosome, weighted by distance."""

import numpy as np
import pandas as pd

from foldcast.files import read_table
from foldcast.job import log, progress, run
from foldcast.spex.features.beluga import Beluga, log_deviation
from foldcast.spex.features.dna_codes import Genome
from foldcast.spex.features.feature_store import Resumable, key_of
from foldcast.spex.features.local_features import (
    KERNELS,
    SHIFTS,
    check_genes,
    local_features,
    stretch,
)


def main(snakemake) -> None:
    """Write /x and /total of the chromosome's genes."""
    paths, options, chrom = snakemake.input, snakemake.params.options, snakemake.wildcards.chrom
    table = read_table(paths.genes, dtype={"gene": str, "chrom": str})
    genes = table[table["chrom"] == chrom]
    network = Beluga.load(
        paths.weights,
        precision=options["precision"],
        memory_mb=options["memory_mb"],
        threads=snakemake.threads,
    )
    both = options["reverse_complement"]
    with Genome(paths.fasta, paths.index) as genome:
        cut = check_genes(genes, chrom, genome, paths.genes)
        log.info("%d genes on %s; windows of %d of them reach past an end", len(genes), chrom, cut)
        network.say(both)
        key = key_of(
            genome=genome.digest(chrom),
            weights=network.digest,
            genes=genes[["gene", "tss", "strand"]].to_csv(index=False),
            network=[network.device, network.precision, both],
            code=snakemake.params.code,
        )
        rows = {"x": ((KERNELS * network.outputs,), "f4"), "total": ((network.outputs,), "f4")}
        attrs = {"outputs": network.outputs}
        names = genes["gene"].tolist()
        with Resumable(snakemake.output.features, key, names, rows, attrs=attrs) as store:
            if not store.done.all():
                sample = genome.fetch(chrom, *stretch(*genes[["tss", "strand"]].iloc[0]))
                log_deviation(network, paths.weights, sample, reverse_complement=both)
            fill(store, genes, genome, network, both)


def fill(
    store: Resumable, genes: pd.DataFrame, genome: Genome, network: Beluga, both: bool
) -> None:
    """Compute and write the blocks of genes that are not there yet."""
    size = network.at_once(len(SHIFTS))
    blocks = [slice(start, start + size) for start in range(0, len(genes), size)]
    left = [block for block in blocks if not store.done[block].all()]
    windows = (size * len(SHIFTS), "windows")
    for block in progress(left, what="blocks of genes", each=windows):
        here = genes.iloc[block]
        places = zip(here["chrom"], here["tss"], here["strand"], strict=True)
        codes = [genome.fetch(chrom, *stretch(tss, strand)) for chrom, tss, strand in places]
        outputs = network.windows(np.stack(codes), reverse_complement=both)
        x = np.stack(list(map(local_features, outputs, here["strand"])))
        store.write(block, {"x": x, "total": outputs.sum(axis=1)})


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
