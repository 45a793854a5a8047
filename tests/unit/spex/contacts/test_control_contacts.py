"""Controls of a map: shuffled partners are like the map's in all but whom they join."""

import logging

import numpy as np
import pandas as pd
import pytest

from foldcast.spex.contacts.control_contacts import expected, shuffled
from foldcast.spex.contacts.map_contacts import Bins
from foldcast.spex.contacts.tss_contacts import (
    Contacts,
    Options,
    distances,
    own_share,
    tss_bins,
    within,
)

BIN, N = 5_000, 2_000
OPTIONS = Options()


def some_genes(rng, n=150, n_bins=N):
    tss = np.sort(rng.integers(0, n_bins * BIN, n))
    return pd.DataFrame({"tss": tss, "strand": rng.choice(["+", "-"], n)})


def some_bins(rng, n_bins=N):
    weight = np.ones(n_bins)
    weight[rng.choice(n_bins, n_bins // 20, replace=False)] = np.nan
    weight[800:850] = np.nan  # a gap in the sequence
    return Bins(BIN, weight, 1 / np.arange(1, n_bins + 1))


def some_contacts(rng, genes, bins, each=20, hubs=150, options=OPTIONS):
    """Contacts mostly with hubs: bins that many genes touch; nearer ones more often."""
    good = np.flatnonzero(bins.good)
    popular = np.full(len(bins.weight), 0.1)
    popular[rng.choice(good, hubs, replace=False)] = 1
    gene, start, side = [], [], []
    for k, (tss, strand) in enumerate(genes.itertuples(index=False)):
        away = distances(good * BIN, np.int64(tss), BIN, options.tss_bin)
        near = good[within(away, options)]
        away = away[within(away, options)]
        chance = popular[near] / np.abs(away)
        picked = rng.choice(len(near), min(each, len(near)), replace=False, p=chance / chance.sum())
        picked = np.sort(picked)
        gene += [k] * len(picked)
        start += (near[picked] * BIN).tolist()
        side += ((away[picked] < 0) == (strand == "+")).astype(int).tolist()
    gene, start, side = np.array(gene, int), np.array(start, int), np.array(side, np.int8)
    indptr = np.searchsorted(gene, np.arange(len(genes) + 1))
    weight = rng.random(len(gene)).astype(np.float32)
    degree = np.zeros((len(genes), 2), int)
    return Contacts(indptr, start, side, weight, degree, np.ones(len(genes), bool))


@pytest.fixture(scope="module")
def case():
    rng = np.random.default_rng(1)
    genes, bins = some_genes(rng), some_bins(rng)
    return genes, bins, some_contacts(rng, genes, bins)


def away_of(contacts, genes, options=OPTIONS):
    tss = genes["tss"].to_numpy()[contacts.gene]
    return distances(contacts.start, tss, BIN, options.tss_bin)


def pairs(contacts, genes):
    """TSS and start of each contact."""
    return [*zip(genes["tss"].to_numpy()[contacts.gene], contacts.start, strict=True)]


def test_only_who_touches_whom_is_destroyed(case, caplog):
    genes, bins, contacts = case
    with caplog.at_level(logging.WARNING):
        other = shuffled(contacts, "chr1", genes, OPTIONS, bins, seed=1)
    assert not caplog.messages  # every contact moved
    # No partner of before, but where a gene touches (nearly) all of the few nearest bins: there
    # weights change places.
    own = dict(zip(pairs(contacts, genes), contacts.weight, strict=True))
    new = dict(zip(pairs(other, genes), other.weight, strict=True))
    both = [pair for pair in own if pair in new]
    assert len(new) == len(own) and len(both) < 0.1 * len(own)
    assert own_share(contacts, other) == len(both) / len(own)
    assert all(own[pair] != new[pair] for pair in both)
    assert max(abs(tss - start) for tss, start in both) < 150_000
    # Per gene and side: as many, of the same weights.
    assert np.array_equal(contacts.indptr, other.indptr)
    for g in range(len(genes)):
        mine = slice(*contacts.indptr[g : g + 2])
        for side in (0, 1):
            old, now = (np.sort(c.weight[mine][c.side[mine] == side]) for c in (contacts, other))
            assert np.array_equal(old, now)
    # At the same distances, weight by weight; on the side that is said.
    away = away_of(other, genes)
    assert np.array_equal((away < 0) == (genes["strand"].to_numpy()[other.gene] == "+"), other.side)
    assert within(away, OPTIONS).all()
    far = np.log(np.abs(away_of(contacts, genes)))
    by_weight = [np.lexsort((c.weight, c.gene)) for c in (contacts, other)]
    change = np.log(np.abs(away))[by_weight[1]] - far[by_weight[0]]
    assert np.quantile(np.abs(change), 0.98) < np.log(2)
    # Bins that can be mapped, as often as before.
    assert bins.good[other.start // BIN].all()
    counts = [np.bincount(c.start // BIN, minlength=N) for c in (contacts, other)]
    assert np.corrcoef(counts)[0, 1] > 0.75
    assert counts[1][counts[0] == 0].sum() < 0.15 * len(new)
    assert (np.diff(other.start)[np.diff(other.gene) == 0] >= 0).all()


def test_seeds(case):
    genes, bins, contacts = case
    one, again, two = (shuffled(contacts, "chr1", genes, OPTIONS, bins, s) for s in (1, 1, 2))
    for name in ("start", "weight", "side"):
        assert np.array_equal(getattr(one, name), getattr(again, name))
    assert (one.start != two.start).mean() > 0.5
    elsewhere = shuffled(contacts, "chr2", genes, OPTIONS, bins, 1)
    assert (one.start != elsewhere.start).mean() > 0.5


def test_dense_contacts_change_weights(caplog):
    """Where a gene touches every bin, there are no other partners, but other weights."""
    rng = np.random.default_rng(2)
    genes, bins = some_genes(rng, 20), some_bins(rng)
    contacts = some_contacts(rng, genes, bins, each=10_000)
    with caplog.at_level(logging.WARNING):
        other = shuffled(contacts, "chr1", genes, OPTIONS, bins, seed=1)
    assert np.array_equal(contacts.start, other.start)
    stayed = (contacts.weight == other.weight).sum()
    assert stayed < 20 and (not stayed or f"{stayed} contacts had no other place" in caplog.text)


def test_ends_of_a_chromosome(caplog):
    """TSS at both ends of a short chromosome of coarse bins: few other places."""
    rng = np.random.default_rng(3)
    options = Options(max_distance=None)
    bins = Bins(BIN, np.ones(30), np.empty(0))
    genes = pd.DataFrame({"tss": [10, 30 * BIN - 10], "strand": ["+", "+"]})
    contacts = some_contacts(rng, genes, bins, each=6, hubs=5, options=options)
    other = shuffled(contacts, "chr1", genes, options, bins, seed=1)
    assert other.start.min() >= 0 and other.start.max() < 30 * BIN
    assert not {*pairs(contacts, genes)} & {*pairs(other, genes)}
    empty = some_contacts(rng, genes, bins, each=0, hubs=5, options=options)
    assert not len(shuffled(empty, "chr1", genes, options, bins, seed=1).start)
    # Nowhere to go: the only bin there is.
    lonely = Bins(BIN, np.where(np.arange(30) < 8, 1, np.nan), np.empty(0))
    genes = pd.DataFrame({"tss": [10], "strand": ["+"]})
    only = Options(min_distance=36_000)
    contacts = some_contacts(rng, genes, lonely, each=1, hubs=1, options=only)
    with caplog.at_level(logging.WARNING):
        other = shuffled(contacts, "chr1", genes, only, lonely, seed=1)
    assert np.array_equal(contacts.start, other.start) and "1 contacts had no" in caplog.text


@pytest.mark.slow
@pytest.mark.parametrize("options", [OPTIONS, Options(tss_bin="round", weighting="distance")])
def test_expected(case, options):
    genes, bins, contacts = case
    made = expected(contacts.touched, genes, options, bins)
    for g in range(len(genes)):
        tss, strand = genes.iloc[g]
        centre = tss_bins(np.int64(tss), BIN, options.tss_bin)
        mine = slice(*made.indptr[g : g + 2])
        if centre >= N or not bins.good[centre]:
            assert mine.start == mine.stop
            continue
        rows = []
        for k in range(N):
            away = distances(np.array([k * BIN]), np.int64(tss), BIN, options.tss_bin)[0]
            if bins.good[k] and options.min_distance <= abs(away) <= options.max_distance:
                mean = bins.expected[abs(k - centre)]
                weight = np.sqrt(mean) if options.weighting == "distance" else mean
                rows.append((k * BIN, int((away < 0) == (strand == "+")), weight))
        assert made.start[mine].tolist() == [row[0] for row in rows]
        assert made.side[mine].tolist() == [row[1] for row in rows]
        np.testing.assert_allclose(made.weight[mine], [row[2] for row in rows], rtol=1e-6)
        sides = [row[1] for row in rows]
        assert made.degree[g].tolist() == [sum(sides), len(sides) - sum(sides)]


def test_expected_without_a_longest_distance(case):
    genes, bins, contacts = case
    made = expected(contacts.touched, genes, Options(max_distance=None), bins)
    assert 1_990_000 < np.abs(away_of(made, genes)).max() <= 2_000_000
