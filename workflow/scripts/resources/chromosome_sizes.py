"""Names and lengths of the chromosomes, from the user's file or those bundled with bioframe."""

from foldcast.job import log, run
from foldcast.resources.chromosomes import bundled_sizes, read_sizes, write_sizes


def main(snakemake):
    if given := snakemake.input.sizes:
        sizes = read_sizes(given)
    else:
        sizes = bundled_sizes(snakemake.params.assembly)
    write_sizes(sizes, snakemake.output.sizes)
    log.info("%d chromosomes, %d bp", len(sizes), sizes.sum())


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
