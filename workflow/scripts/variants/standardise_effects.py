"""Effects of the user's variants beside those of random ones of the same run."""

from foldcast.files import write_table
from foldcast.job import log, run
from foldcast.variants.background import standardise
from foldcast.variants.effect_tables import read_effects


def main(snakemake) -> None:
    effects, background = map(read_effects, (snakemake.input.effects, snakemake.input.background))
    table = standardise(effects, background)
    log.info("%d of %d effects have a z", table["z"].notna().sum(), len(table))
    write_table(table, snakemake.output.standardised)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
