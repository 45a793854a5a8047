"""Thin a map to as many contacts as the run's shallowest has: none helps by being deeper."""

from pathlib import Path

import cooler
import cooltools
import numpy as np

from foldcast.errors import InputError
from foldcast.files import scratch_folder
from foldcast.hic.balancing import Balance, store_weights
from foldcast.hic.map_writing import store_map
from foldcast.job import log, run
from foldcast.pixels import AT_ONCE, read_pixels

# Contacts up to which they are drawn without replacement, which takes 8 bytes each and all pixels;
# above, each is kept by chance, and the sum is off by its square root at most.
EXACT = 50_000_000
SEED = 1


def main(snakemake) -> None:
    """Write a random share of the contacts, balanced anew."""
    others = [cooler.Cooler(path) for path in snakemake.input.maps]
    balance = Balance(**snakemake.params.balance)
    clr, target = cooler.Cooler(snakemake.input.map), snakemake.output.map
    thin_map(clr, others, target, balance, threads=snakemake.threads)


def cis_contacts(clr: cooler.Cooler, chroms: list[str]) -> int:
    """How many contacts a map has within these chromosomes.

    Raises:
        InputError: the map holds no counts.
    """
    index = clr.bins()["chrom"][:].astype(str)
    number = np.where(index.isin(chroms), index.map({c: k for k, c in enumerate(chroms)}), -1)
    total = 0
    for bin1, bin2, count in read_pixels(clr):
        if (clr.info.get("metadata") or {}).get("format") or (count % 1 != 0).any():
            raise InputError(
                clr.filename,
                place="column count",
                found="values that are no counts",
                expected="whole numbers of contacts: other maps cannot be thinned",
                remedy="leave `depth` out of the run's `controls.kinds`, or give the raw map",
            )
        cis = (number[bin1] == number[bin2]) & (number[bin1] >= 0)
        total += int(count[cis].sum())
    return total


def thin_map(
    clr: cooler.Cooler,
    others: list[cooler.Cooler],
    target: str | Path,
    balance: Balance,
    threads: int = 1,
) -> float:
    """Write a random share of a map's contacts, balanced anew.

    The share is such that the map has as many contacts within chromosomes, of those chromosomes
    that all maps have, as the shallowest map. The shallowest itself stays as it is, weights too.
    The same maps give the same bytes.

    Args:
        others: the maps that it is compared with; it may be among them.

    Returns:
        The share.

    Raises:
        InputError: a map without counts; too few contacts to balance; no chromosome in common.
    """
    shared = [c for c in clr.chromnames if all(c in other.chromnames for other in others)]
    own = cis_contacts(clr, shared)
    least = min(own, *(cis_contacts(other, shared) for other in others))
    if not least:
        raise InputError(
            clr.filename,
            place="chromosomes",
            found="no contacts within chromosomes that all maps of the run have",
            expected="maps of the same chromosomes, to thin them to one depth",
            remedy="leave `depth` out of the run's `controls.kinds`, or give such maps",
        )
    share = least / own
    log.info("%s of %s contacts within chromosomes: %.3g", f"{least:,}", f"{own:,}", share)
    bins = clr.bins()[["chrom", "start", "end"]][:]
    with scratch_folder(target) as scratch:
        made = clr if share == 1 else _sample(clr, share, scratch)
        pieces = (
            {"bin1_id": bin1, "bin2_id": bin2, "count": count.astype(np.int32)}
            for bin1, bin2, count in read_pixels(made)
        )
        kept = np.ones(len(bins), bool)
        store_map(
            target,
            bins,
            pieces,
            np.dtype(np.int32),
            lambda draft: store_weights(draft, made, kept, balance, clr.filename, threads),
        )
    return share


def _sample(clr: cooler.Cooler, share: float, scratch: Path) -> cooler.Cooler:
    """A share of all contacts, by `cooltools.sample`, which draws from numpy's global generator."""
    # Its draws need whole numbers of an integer type, and it would keep the old weights.
    bins = clr.bins()[["chrom", "start", "end"]][:]
    pixels = (
        {"bin1_id": bin1, "bin2_id": bin2, "count": count.astype(np.int32)}
        for bin1, bin2, count in read_pixels(clr)
    )
    whole = {"count": np.dtype(np.int32)}
    cooler.create_cooler(str(scratch / "whole.cool"), bins, pixels, dtypes=whole, ordered=True)
    state = np.random.get_state()
    np.random.seed(SEED)
    try:
        cooltools.sample(
            cooler.Cooler(str(scratch / "whole.cool")),
            str(scratch / "thin.cool"),
            frac=share,
            exact=clr.info["sum"] <= EXACT,
            chunksize=AT_ONCE,
        )
    finally:
        np.random.set_state(state)
    return cooler.Cooler(str(scratch / "thin.cool"))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
