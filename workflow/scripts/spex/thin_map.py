"""A map with as many contacts as the run's shallowest has."""

import cooler

from foldcast.hic.balancing import Balance
from foldcast.job import run
from foldcast.spex.contacts.map_depth import thin_map


def main(snakemake) -> None:
    """Write a random share of the contacts, balanced anew."""
    others = [cooler.Cooler(path) for path in snakemake.input.maps]
    balance = Balance(**snakemake.params.balance)
    clr, target = cooler.Cooler(snakemake.input.map), snakemake.output.map
    thin_map(clr, others, target, balance, threads=snakemake.threads)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
