"""Draw a contact map from a simulated folding: a multi-resolution cooler without weights."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import cooler
import numpy as np
import pandas as pd

from foldcast.demo.simulated_folding import BED, Chromosome, read_folding
from foldcast.demo.simulated_genome import write_bed
from foldcast.files import atomic, scratch_folder
from foldcast.job import log, run

TRANS = 0.15  # share of contacts between chromosomes
VISIBILITY = 0.15  # sd of the log of how well a bin is seen
BAD = 0.01  # share of stretches of 10 kb that are hardly seen
BAD_LENGTH, BAD_VISIBILITY = 10_000, 0.02
TRANS_PREFERENCE = {"AA": 1.4, "AB": 0.7, "BB": 1.2}
ROWS = 256  # rows of a chromosome's map that are drawn together


def main(snakemake) -> None:
    given, out, params = snakemake.input, snakemake.output, snakemake.params
    folding = read_folding(given.compartments, given.boundaries, given.loops)
    rng = np.random.default_rng([params.seed, params.stream])
    bad = draw_bad_bins({c.chrom: c.length for c in folding}, rng)
    bins, pixels = draw_contacts(folding, bad, min(params.resolutions), params.contacts, rng)
    with scratch_folder(out.map) as scratch, atomic(out.map) as path:
        write_mcool(path, bins, pixels, params.resolutions, scratch / "base.cool")
    write_bed(bad, out.bad_bins)
    log.info("%d contacts in %d pixels", pixels["count"].sum(), len(pixels))


def draw_bad_bins(chromosomes: Mapping[str, int], rng: np.random.Generator) -> pd.DataFrame:
    """Stretches of 10 kb that sequencing hardly sees (chrom, start, end)."""
    rows = [
        (chrom, start, start + BAD_LENGTH)
        for chrom, length in chromosomes.items()
        for start in range(0, length, BAD_LENGTH)
        if rng.random() < BAD
    ]
    return pd.DataFrame(rows, columns=BED)


def draw_contacts(
    folding: Sequence[Chromosome],
    bad: pd.DataFrame,
    bin_size: int,
    contacts: int,
    rng: np.random.Generator,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """About ``contacts`` read pairs, Poisson around the folding, 15 % of them in trans.

    Returns:
        bins (chrom, start, end) and pixels (bin1_id ≤ bin2_id, count), sorted and unique.
    """
    bins = cooler.util.binnify(pd.Series({c.chrom: c.length for c in folding}), bin_size)
    seen = rng.lognormal(0.0, VISIBILITY, len(bins))
    middle = ((bins["start"] + bins["end"]) / 2).to_numpy()
    chrom = bins["chrom"].to_numpy()
    for row in bad.itertuples():
        seen[(chrom == row.chrom) & (middle >= row.start) & (middle < row.end)] *= BAD_VISIBILITY

    members = [np.flatnonzero(chrom == c.chrom) for c in folding]
    total = sum(
        rates.sum()
        for c, own in zip(folding, members, strict=True)
        for _, rates in _rates(c, middle[own], seen[own])
    )
    keys, counts = [], []
    for c, own in zip(folding, members, strict=True):
        for first, rates in _rates(c, middle[own], seen[own]):
            drawn = rng.poisson(rates * (contacts * (1 - TRANS) / total))
            row, column = np.nonzero(drawn)
            keys.append(own[row + first] * len(bins) + own[column + first])
            counts.append(drawn[row, column])
    if len(folding) > 1:
        is_a = np.concatenate(
            [c.in_a(middle[own]) for c, own in zip(folding, members, strict=True)]
        )
        key, count = np.unique(
            _trans(np.asarray(chrom), is_a, seen, int(contacts * TRANS), rng), return_counts=True
        )
        keys.append(key)
        counts.append(count)
    key, count = np.concatenate(keys), np.concatenate(counts)
    order = np.argsort(key, kind="stable")
    bin1, bin2 = np.divmod(key[order], len(bins))
    return bins, pd.DataFrame(
        {"bin1_id": bin1, "bin2_id": bin2, "count": count[order].astype(np.int32)}
    )


def _rates(
    chromosome: Chromosome, middle: np.ndarray, seen: np.ndarray
) -> Iterator[tuple[int, np.ndarray]]:
    """The upper triangle in blocks of rows: the first row, and the rates from its diagonal on."""
    for first in range(0, len(middle), ROWS):
        rows, columns = slice(first, first + ROWS), slice(first, None)
        rates = chromosome.intensity(middle[rows, None], middle[None, columns])
        yield first, np.triu(rates) * seen[rows, None] * seen[None, columns]


def _trans(
    chrom: np.ndarray, is_a: np.ndarray, seen: np.ndarray, contacts: int, rng: np.random.Generator
) -> np.ndarray:
    """Keys (bin1 · bins + bin2) of contacts between chromosomes, which prefer their own kind."""
    members = {"A": np.flatnonzero(is_a), "B": np.flatnonzero(~is_a)}
    weight = {kind: seen[own].sum() for kind, own in members.items()}
    share = {
        pair: preference * weight[pair[0]] * weight[pair[1]] * (2 if pair == "AB" else 1)
        for pair, preference in TRANS_PREFERENCE.items()
        if all(len(members[kind]) for kind in pair)
    }
    size = np.bincount(pd.factorize(chrom)[0], seen)
    between = 1 - ((size / size.sum()) ** 2).sum()  # cis pairs are drawn too, then dropped
    found = []
    for pair, part in share.items():
        count = rng.poisson(contacts / between * part / sum(share.values()))
        ends = np.array(
            [
                rng.choice(members[kind], count, p=seen[members[kind]] / weight[kind])
                for kind in pair
            ]
        )
        found.append(ends[:, chrom[ends[0]] != chrom[ends[1]]])
    low, high = np.sort(np.concatenate(found, axis=1), axis=0)
    return low * len(chrom) + high


def write_mcool(
    path: Path, bins: pd.DataFrame, pixels: pd.DataFrame, resolutions: Sequence[int], base: Path
) -> None:
    """Write a multi-resolution cooler, not balanced: weights are the importer's to make.

    Args:
        path: the file.
        bins, pixels: of the finest resolution.
        resolutions: bin sizes (bp).
        base: where the finest map may stand meanwhile.
    """
    cooler.create_cooler(
        str(base), bins, pixels, assembly="demo", ordered=True, dtypes={"count": np.int32}
    )
    cooler.zoomify_cooler(str(base), str(path), sorted(resolutions), chunksize=10_000_000)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
