"""Beluga's outputs around every TSS of a chromosome, weighted by distance."""

from itertools import chain

import h5py
import numpy as np
import pandas as pd

from foldcast.files import read_table
from foldcast.hdf5_files import new_hdf5
from foldcast.job import log, progress, run
from foldcast.spex.features.beluga import Beluga, log_deviation
from foldcast.spex.features.dna_codes import Genome
from foldcast.spex.features.feature_cache import FeatureCache
from foldcast.spex.features.feature_tables import (
    LOCAL,
    fingerprint_of,
    key_of,
    write_keys,
)
from foldcast.spex.features.local_features import (
    GRID,
    KERNELS,
    SHIFTS,
    check_genes,
    local_features,
    stretch,
)


def main(snakemake) -> None:
    """Write /x and /total of the chromosome's genes."""
    paths, params, chrom = snakemake.input, snakemake.params, snakemake.wildcards.chrom
    options, output = params.options, snakemake.output.features
    table = read_table(paths.genes, dtype={"gene": str, "chrom": str})
    genes = table[table["chrom"] == chrom]
    network = Beluga.of_job(paths.weights, options, snakemake.threads)
    both = options["reverse_complement"]
    fingerprint = fingerprint_of(LOCAL, network.digest, options, **GRID)
    with Genome(paths.fasta, paths.index) as genome:
        cut = check_genes(genes, chrom, genome, paths.genes)
        log.info("%d genes on %s; windows of %d of them reach past an end", len(genes), chrom, cut)
        network.say(both)
        keys = [
            key_of(letters(genome, gene), gene.strand) for gene in genes.itertuples(index=False)
        ]
        cached = FeatureCache(params.cache, output, fingerprint, keys, params.tables)
        with cached as cache, new_hdf5(output) as file:
            write_keys(file, fingerprint, cache.keys)
            file.attrs["outputs"] = network.outputs
            names = np.array(genes["gene"].tolist(), dtype=h5py.string_dtype())
            file.create_dataset("genes", data=names, track_times=False)
            for name, width in (("x", KERNELS * network.outputs), ("total", network.outputs)):
                file.create_dataset(name, (len(genes), width), "f4", track_times=False)
            fill(file, cache, genes, genome, network, both, paths.weights)


def fill(
    file: h5py.File,
    cache: FeatureCache,
    genes: pd.DataFrame,
    genome: Genome,
    network: Beluga,
    both: bool,
    weights: str,
) -> None:
    """Write the rows of genes, of those that are not known yet after computing them."""

    def compute(at: np.ndarray) -> dict[str, np.ndarray]:
        here = genes.iloc[at]
        codes = np.stack([letters(genome, gene) for gene in here.itertuples(index=False)])
        outputs = network.windows(codes, reverse_complement=both)
        x = np.stack(list(map(local_features, outputs, here["strand"])))
        return {"x": x, "total": outputs.sum(axis=1)}

    size = network.at_once(len(SHIFTS))
    numbers = np.arange(len(genes))
    known, left = cache.turns([numbers[k : k + size] for k in range(0, len(genes), size)])
    if left:
        sample = letters(genome, genes.iloc[0])
        log_deviation(network, weights, sample, reverse_complement=both)
    windows = (size * len(SHIFTS), "windows")
    for block in chain(known, progress(left, what="blocks of genes", each=windows)):
        for name, rows in cache.rows(block, compute).items():
            file[name][block] = rows


def letters(genome: Genome, gene) -> np.ndarray:
    """Codes of a gene's windows together; gene: chrom, tss, strand."""
    return genome.fetch(gene.chrom, *stretch(gene.tss, gene.strand))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
