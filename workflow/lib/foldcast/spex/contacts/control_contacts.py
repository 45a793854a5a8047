"""Control contacts of a map: like its own in all but whom each TSS touches.

`shuffled`: as many contacts of the same weights at the same distances, with bins that other TSS
touch. `expected`: every bin within reach, weighted by the mean contact at its distance. Where
places are weighed by how active they are, both are of active ones, and `expected` is weighed too.
"""

import zlib

import numpy as np
import pandas as pd

from foldcast.job import log
from foldcast.spex.contacts.map_contacts import Bins
from foldcast.spex.contacts.tss_contacts import (
    DISTANCE,
    Contacts,
    Options,
    degrees,
    distances,
    indptr_of,
    reweighted,
    sides,
    tss_bins,
    within,
)

WIDEST = np.sqrt(2)  # largest by smallest distance of a class
FEWEST = 4  # bins of a class, so that there is something to choose from in coarse maps
REACH = 2_000_000  # bp: of `expected` where no longest distance is set, to bound what it costs


def expected(touched: np.ndarray, genes: pd.DataFrame, options: Options, bins: Bins) -> Contacts:
    """All good bins within reach of each TSS, weighted by the mean contact at their distance.

    No pair is told from another of its distance. A TSS in a bad bin has none.

    Args:
        touched: [G], as the map's own feature set has it.
        genes: tss (0-based, bp), strand.
        bins: with `expected`.
    """
    tss, strand = genes["tss"].to_numpy(np.int64), genes["strand"].to_numpy(str)
    reach = options.max_distance or REACH
    if not options.max_distance:
        log.info("no longest distance is set: expected contacts reach %g Mb far", reach / 1e6)
    own = tss_bins(tss, bins.resolution, options.tss_bin)
    span = reach // bins.resolution + 2
    parts = []
    for k, centre in enumerate(own):
        if centre >= len(bins.weight) or not bins.good[centre]:
            continue
        near = np.arange(max(centre - span, 0), min(centre + span + 1, len(bins.weight)))
        away = distances(near * bins.resolution, tss[k], bins.resolution, options.tss_bin)
        value = bins.expected[np.abs(near - centre)]
        active = bins.activity_of(near)
        use = bins.good[near] & within(away, options) & (np.abs(away) <= reach)
        use &= (value > 0) & (active > 0)
        side = sides(away[use], np.full(use.sum(), strand[k]))
        place = near[use] * bins.resolution
        parts.append((np.full(use.sum(), k), place, side, value[use], active[use]))
    columns = zip(*parts, strict=True) if parts else [[np.empty(0, np.int64)]] * 5
    gene, start, side, value, active = (np.concatenate(each) for each in columns)
    weight = (np.sqrt(value) if options.weighting == DISTANCE else value) * active
    return Contacts(
        indptr=indptr_of(gene, len(tss)),
        start=start,
        side=side.astype(np.int8),
        weight=weight.astype(np.float32),
        degree=degrees(gene, side, len(tss)),
        touched=touched,
    )


def shuffled(
    contacts: Contacts, chrom: str, genes: pd.DataFrame, options: Options, bins: Bins, seed: int
) -> Contacts:
    """The contacts with other partners: what is destroyed is only who touches whom.

    Each gene keeps its number of contacts and their weights on either side and in each class of
    distance. A new partner is a bin that other genes touch, and as often as they do, as far as the
    class has such bins; then any good bin of the class. It is no partner of the gene, unless
    the gene touches nearly all bins of the class: then its weights change places. Contacts that
    have nowhere to go stay, and that is logged.

    Args:
        seed: of the choices; the same seed and chromosome give the same partners.
    """
    rng = np.random.default_rng([seed, zlib.crc32(chrom.encode())])
    tss = genes["tss"].to_numpy(np.int64)
    n_bins, resolution = len(bins.weight), bins.resolution
    own, gene = contacts.start // resolution, contacts.gene
    usable = bins.good & (bins.activity_of(np.arange(n_bins)) > 0)
    usable[own] = True  # Raw counts may be of bins that balancing found bad.
    left = np.bincount(own, minlength=n_bins)  # How often each bin is still to be a partner.
    away = distances(contacts.start, tss[gene], resolution, options.tss_bin)
    edges = _edges(options, resolution, n_bins)
    classes = np.searchsorted(edges, np.abs(away), "right") * np.where(away < 0, -1, 1)
    order = np.lexsort((classes, gene))
    group = np.flatnonzero(np.diff(gene[order], prepend=-1) | np.diff(classes[order], prepend=0))
    groups = np.split(order, group[1:]) if len(order) else []
    new, weight, stayed = own.copy(), contacts.weight.copy(), 0
    for k in rng.permutation(len(groups)):
        mine = groups[k]
        g, each = gene[mine[0]], classes[mine[0]]
        ends = edges[abs(each) - 1 : abs(each) + 1]
        mate = own[contacts.indptr[g] : contacts.indptr[g + 1]]
        pool = _bins_at(np.sort(ends * np.sign(each)), tss[g], bins, options)
        pool = pool[usable[pool]]
        others = pool[~np.isin(pool, mate)]
        if not len(others) and len(mine) == 1:
            others = _nearest(away[mine[0]], tss[g], mate, usable, bins, options)
        # A weighted draw without replacement (Gumbel); bins that nobody has left come last.
        key = rng.gumbel(size=len(others)) + np.log(np.maximum(left[others], 1))
        taken = others[np.lexsort((-key, left[others] == 0))][: len(mine)]
        left[taken] -= left[taken] > 0
        missing = len(mine) - len(taken)
        new[mine] = np.concatenate([taken, rng.permutation(own[mine])[:missing]])
        source = _deranged(own[mine], new[mine], rng)
        weight[mine] = contacts.weight[mine[source]]
        stayed += int((new[mine] == own[mine[source]]).sum())
    if stayed:
        log.warning("%s, seed %d: %d contacts had no other place to go", chrom, seed, stayed)
    return reweighted(contacts, new * resolution, weight)


def _edges(options: Options, resolution: int, n_bins: int) -> np.ndarray:
    """Edges (bp) of the classes of distance, from the least distance to beyond the longest."""
    edges = [float(options.min_distance)]
    last = min(options.max_distance or np.inf, (n_bins + 1) * resolution)
    while edges[-1] <= last:
        edges.append(max(edges[-1] * WIDEST, edges[-1] + FEWEST * resolution))
    return np.array(edges)


def _bins_at(ends: np.ndarray, tss: np.int64, bins: Bins, options: Options) -> np.ndarray:
    """The bins at signed distances between two ends (bp) of a TSS, as far as those are distal."""
    resolution = bins.resolution
    first, last = np.floor((tss + ends) / resolution).astype(int) + np.array([-2, 3])
    found = np.arange(max(first, 0), min(last, len(bins.weight)))
    away = distances(found * resolution, tss, resolution, options.tss_bin)
    far = np.abs(away)
    inner, outer = np.sort(np.abs(ends))
    side = np.where(away < 0, -1, 1) == (1 if ends.sum() > 0 else -1)
    return found[side & (far >= inner) & (far < outer) & within(away, options)]


def _nearest(
    away: float, tss: np.int64, mate: np.ndarray, usable: np.ndarray, bins: Bins, options: Options
) -> np.ndarray:
    """The bin on the same side, not a partner, whose distance is most like ``away``; or none."""
    found = np.flatnonzero(usable)
    found = found[~np.isin(found, mate)]
    other = distances(found * bins.resolution, tss, bins.resolution, options.tss_bin)
    fit = within(other, options) & ((other < 0) == (away < 0)) & (other != 0)
    found, other = found[fit], other[fit]
    return found[np.argsort(np.abs(np.log(np.abs(other / away))), kind="stable")[:1]]


def _deranged(old: np.ndarray, new: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Which old contact gives each new one its weight: none its own, where there are two."""
    source = rng.permutation(len(old))
    same = np.flatnonzero(old[source] == new)
    if len(same) == 1 and len(old) > 1:
        other = (same[0] + 1) % len(old)
        same = np.array([same[0], other])
    source[same] = np.roll(source[same], 1)
    return source
