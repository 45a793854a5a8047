"""Write gene sets for the demo, as a GMT file."""

import numpy as np

from foldcast.demo.simulated_gene_sets import draw_sets
from foldcast.files import atomic, read_table
from foldcast.job import log, run


def main(snakemake) -> None:
    time_course = read_table(snakemake.input.time_course).set_index("gene")
    genes, parts = read_table(snakemake.input.genes), read_table(snakemake.input.tissues)
    rng = np.random.default_rng([snakemake.params.seed, 11])
    sets = list(draw_sets(time_course, genes, parts, rng))
    with atomic(snakemake.output.sets) as path:
        path.write_text("".join("\t".join([name, said, *of]) + "\n" for name, said, of in sets))
    log.info("%d gene sets", len(sets))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
