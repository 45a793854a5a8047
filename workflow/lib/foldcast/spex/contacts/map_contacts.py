"""Contacts of TSS, read from a contact map."""

from collections.abc import Iterator
from dataclasses import dataclass

import cooler
import numpy as np
import pandas as pd
from cooltools.lib.common import make_cooler_view

from foldcast.hic.expected import expected_cis
from foldcast.pixels import Pixels, read_pixels
from foldcast.spex.contacts.place_signal import PlaceActivity
from foldcast.spex.contacts.tss_contacts import (
    OBSERVED_OVER_EXPECTED,
    RAW,
    Contacts,
    Options,
    degrees,
    distances,
    indptr_of,
    sides,
    tss_bins,
    weights_of,
    within,
)

AT_ONCE = 5_000_000  # pixels in memory at a time, of each of which several arrays are made


@dataclass(frozen=True)
class Bins:
    """A chromosome's bins in a map, and what is expected of them.

    weight: [bins], NaN where a bin is bad; expected: [bins], mean contact by distance in bins
    (empty where nothing needs it). activity: [bins], by which a place's weight is multiplied, see
    `place_signal`; None: 1 everywhere.
    """

    resolution: int
    weight: np.ndarray
    expected: np.ndarray
    activity: np.ndarray | None = None

    @property
    def good(self) -> np.ndarray:
        return np.isfinite(self.weight)

    def activity_of(self, bins: np.ndarray) -> np.ndarray:
        """Activity of bins by number, [n]."""
        return np.ones(len(bins)) if self.activity is None else self.activity[bins]


def bins_of(
    clr: cooler.Cooler,
    chrom: str,
    expected: pd.DataFrame | None = None,
    places: PlaceActivity | None = None,
) -> Bins:
    """The bins of a chromosome; none where the map lacks it.

    Args:
        expected: as from `expected_of`; None where nothing needs it.
        places: how active they are, where that is asked.
    """
    if chrom not in clr.chromnames:
        return Bins(clr.binsize, np.empty(0), np.empty(0))
    weight = clr.bins()["weight"].fetch(chrom).to_numpy(float)
    curve = np.empty(0)
    if expected is not None:
        known = expected[expected["region1"] == chrom].set_index("dist")["expected"]
        curve = known.reindex(range(len(weight))).to_numpy(float)
    length = int(clr.chromsizes[chrom])
    activity = places.of_bins(chrom, length, clr.binsize) if places else None
    return Bins(clr.binsize, weight, curve, activity)


def expected_of(clr: cooler.Cooler, chroms: list[str], threads: int = 1) -> pd.DataFrame:
    """`foldcast.hic.expected.expected_cis` of these chromosomes, as far as the map has them."""
    view = make_cooler_view(clr)
    view = view[view["chrom"].isin(chroms)].reset_index(drop=True)
    if view.empty:
        return pd.DataFrame(columns=["region1", "dist", "expected"])
    return expected_cis(clr, view, threads)


def tss_contacts(
    clr: cooler.Cooler, chrom: str, genes: pd.DataFrame, options: Options, bins: Bins
) -> Contacts:
    """Contacts of the TSS's bins of one chromosome's genes; with places that are active only.

    Of equal contacts the nearer ones are kept, of equally near ones that with the lower position.

    Args:
        clr: an imported map.
        genes: tss (0-based, bp), strand; one row per gene.
        bins: of this chromosome in this map.
    """
    tss, strand = genes["tss"].to_numpy(np.int64), genes["strand"].to_numpy(str)
    n_bins, resolution = len(bins.weight), bins.resolution
    own = tss_bins(tss, resolution, options.tss_bin)
    inside = own < n_bins
    found = _pairs(clr, chrom, np.unique(own[inside]), options, bins) if inside.any() else None
    if found is None:
        found = (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)), np.zeros(0, bool)
    (centre, other, value), touched_bins = found
    touched = np.zeros(len(tss), bool)
    touched[inside] = touched_bins[own[inside]]

    first, last = np.searchsorted(centre, own, "left"), np.searchsorted(centre, own, "right")
    gene = np.repeat(np.arange(len(tss)), last - first)
    at = np.arange(len(gene)) - np.repeat(np.cumsum(last - first) - last, last - first)
    start, value = other[at] * resolution, value[at]
    distance = distances(start, tss[gene], resolution, options.tss_bin)
    active = bins.activity_of(start // resolution)
    kept = within(distance, options) & (active > 0)
    gene, start, value = gene[kept], start[kept], value[kept]
    distance, active = distance[kept], active[kept]
    side = sides(distance, strand[gene])
    degree = degrees(gene, side, len(tss))
    if options.strongest:
        order = np.lexsort((start, np.abs(distance), -value * active, gene))
        begin = np.concatenate([[0], np.cumsum(degree.sum(axis=1))])
        rank = np.arange(len(order)) - begin[gene[order]]
        chosen = np.sort(order[rank < options.strongest])
        gene, start, value = gene[chosen], start[chosen], value[chosen]
        side, active = side[chosen], active[chosen]
    weight = (weights_of(value, options.weighting) * active).astype(np.float32)
    return Contacts(indptr_of(gene, len(tss)), start, side, weight, degree, touched)


def _pairs(
    clr: cooler.Cooler, chrom: str, centres: np.ndarray, options: Options, bins: Bins
) -> tuple[tuple[np.ndarray, np.ndarray, np.ndarray], np.ndarray]:
    """Every contact of the bins ``centres`` at about the right distance: bin, other bin, value.

    Sorted by bin and other bin; and which bins have any contact.
    """
    n_bins = len(bins.weight)
    is_centre = np.zeros(n_bins, bool)
    is_centre[centres] = True
    touched = np.zeros(n_bins, bool)
    # Distances in bins are off by less than one from those of TSS to bins.
    nearest = options.min_distance / bins.resolution - 2
    farthest = (options.max_distance or np.inf) / bins.resolution + 2
    parts = []
    for bin1, bin2, count in _cis_pixels(clr, chrom):
        touched[bin1] = touched[bin2] = True
        apart = bin2 - bin1
        for centre, other in ((bin1, bin2), (bin2, bin1)):
            use = is_centre[centre] & (apart >= nearest) & (apart <= farthest)
            if centre is bin2:
                use &= apart > 0  # A pixel on the diagonal is one contact, not two.
            value = count[use].astype(float)
            if options.value != RAW:
                value *= bins.weight[bin1[use]] * bins.weight[bin2[use]]
            if options.value == OBSERVED_OVER_EXPECTED:
                with np.errstate(divide="ignore", invalid="ignore"):
                    value /= bins.expected[apart[use]]
            good = np.isfinite(value) & (value > 0)
            parts.append((centre[use][good], other[use][good], value[good]))
    if not parts:
        return (np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)), touched
    centre, other, value = (np.concatenate(each) for each in zip(*parts, strict=True))
    order = np.lexsort((other, centre))
    return (centre[order], other[order], value[order]), touched


def _cis_pixels(clr: cooler.Cooler, chrom: str) -> Iterator[Pixels]:
    """Bins (from 0) and counts of the contacts within a chromosome, in pieces."""
    low, high = clr.extent(chrom)
    for bin1, bin2, count in read_pixels(clr, chrom, AT_ONCE):
        cis = (bin2 < high) & (count > 0)
        yield bin1[cis].astype(np.int64) - low, bin2[cis].astype(np.int64) - low, count[cis]
