"""Neighbours' innovations help to forecast where they do, and nowhere else."""

import numpy as np
import pytest

from foldcast.evaluation.gene_pairs import GenePairs, _moved, neighbour_means, on_other_genes
from foldcast.evaluation.neighbour_innovations import FIRST_ORIGIN, help_to_forecast, innovations
from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.replicated_course import ReplicatedCourse

N_TIMES = 20


def graph(n_genes=150, n_chroms=6, per_gene=3, seed=0, n_times=N_TIMES, maps=1):
    """Genes along chromosomes, each in contact with some within 10 Mb."""
    rng = np.random.default_rng(seed)
    chroms = np.sort(rng.integers(n_chroms, size=n_genes)).astype(str)
    positions = rng.integers(50_000_000, size=n_genes).astype(float)
    one, two = np.triu_indices(n_genes, k=1)
    near = (chroms[one] == chroms[two]) & (np.abs(positions[one] - positions[two]) < 1e7)
    near = np.flatnonzero(near)
    chosen = np.sort(rng.choice(near, min(len(near) // 3, n_genes * per_gene // 2), replace=False))
    pairs = np.stack([one[chosen], two[chosen]], axis=1)
    map_at = np.arange(n_times) * maps // n_times
    return GenePairs(pairs, rng.uniform(1, 3, (len(pairs), maps)), map_at, chroms, positions)


def course(graph, effect=0.0, alike=0.0, seed=0, n_times=N_TIMES):
    """Walks whose steps follow the neighbours' last ones; ``alike``: in common along the genome."""
    rng = np.random.default_rng([seed, 1])
    n = len(graph.chroms)
    order = np.lexsort((graph.positions, graph.chroms))
    steps, last = [], np.zeros(n)
    for k in range(n_times):
        fresh = rng.normal(size=n)
        walk = np.convolve(rng.normal(size=n + 4), np.ones(5) / np.sqrt(5), "valid")
        fresh[order] = np.sqrt(1 - alike) * fresh[order] + np.sqrt(alike) * walk
        around = neighbour_means(graph, np.repeat(last[:, None], n_times, 1), graph.pairs)[0][:, k]
        last = fresh + effect * around
        steps.append(fresh + effect * around)
    values = 8 + 0.5 * np.cumsum(steps, axis=0).T + 0.1 * rng.normal(size=(n, n_times))
    return forecast_course(ReplicatedCourse.of_means(values, np.arange(n_times)))[0]


def test_what_neighbours_do_is_found_with_its_size_and_a_gain():
    made = graph()
    found = help_to_forecast(course(made, effect=0.5), made, others=99)
    assert found.p == 0.01
    assert 0.3 < found.value < 0.7
    assert found.low < found.value < found.high
    assert found.low > 0
    assert found.gain > 0
    assert found.seen < 0.3
    assert found.n_origins == N_TIMES - 1 - FIRST_ORIGIN
    assert found.n_pairs == len(made.pairs)


def test_nothing_is_found_where_genes_only_move_with_those_beside_them():
    made = graph()
    found = help_to_forecast(course(made, alike=0.6), made, others=99)
    assert found.p > 0.05
    assert found.low < 0 < found.high


def test_innovations_know_nothing_of_later_times():
    made = graph()
    base = course(made)
    short = ReplicatedCourse.of_means(base.course.means[:, :12], np.arange(12))
    early = innovations(forecast_course(short)[0])
    assert np.allclose(early, innovations(base)[:, :12], atol=1e-8)
    assert not early[:, :FIRST_ORIGIN].any()
    assert np.allclose(early.mean(axis=0), 0)


def test_other_pairs_have_the_chromosomes_and_distances_of_the_graphs_own():
    made = graph()
    rng = np.random.default_rng(0)
    for pairs in on_other_genes(made, 3, rng):
        assert len(np.unique(np.sort(pairs, axis=1), axis=0)) == len(pairs)
        apart = [np.abs(np.diff(made.positions[p], axis=1)[:, 0]) for p in (pairs, made.pairs)]
        assert (made.chroms[pairs[:, 0]] == made.chroms[made.pairs[:, 0]]).all()
        assert (np.abs(np.log2(apart[0] / apart[1])) <= 0.5).all()
        assert not (pairs == made.pairs).all()


def test_a_moved_graph_keeps_the_genes_between():
    made = graph(n_genes=400, n_chroms=3)
    order = np.lexsort((made.positions, made.chroms))
    rank = np.argsort(order)
    pairs = _moved(made, np.random.default_rng(3))
    real = pairs[:, 0] >= 0
    assert 0.5 < real.mean() < 1
    between = [np.abs(np.diff(rank[p[real]], axis=1)) for p in (pairs, made.pairs)]
    assert (between[0] == between[1]).all()
    assert (made.chroms[pairs[real, 0]] == made.chroms[made.pairs[real, 0]]).all()


def test_each_time_has_the_neighbours_of_its_map():
    made = graph(maps=2)
    weights = made.weights.copy()
    weights[:, 0] = 0
    weights[0, 0] = 1
    split = GenePairs(made.pairs, weights, made.map_at, made.chroms, made.positions)
    values = np.random.default_rng(0).normal(size=(len(made.chroms), N_TIMES))
    means, degrees = neighbour_means(split, values, split.pairs)
    a, b = made.pairs[0]
    assert np.allclose(means[a, :10], values[b, :10])
    assert (degrees[:, :10] > 0).sum() == 20
    assert (degrees[:, 10:] > 0).any(axis=1).sum() > 50


@pytest.mark.parametrize("n_times", [5, 6, 8])
def test_few_times_are_enough_from_six_on(n_times):
    made = graph(n_times=n_times)
    found = help_to_forecast(course(made, n_times=n_times), made, others=19)
    assert (found is not None) == (n_times >= 6)


def p_values(effect, alike, n_times, panels=200):
    found = []
    for seed in range(panels):
        made = graph(seed=seed, n_times=n_times)
        base = course(made, effect=effect, alike=alike, seed=seed, n_times=n_times)
        found.append(help_to_forecast(base, made))
    return found


@pytest.mark.full
@pytest.mark.parametrize(("alike", "n_times"), [(0.0, 20), (0.6, 20), (0.6, 8)])
def test_without_folding_neighbours_help_no_more_often_than_they_may(alike, n_times):
    assert sum(effect.p <= 0.05 for effect in p_values(0.0, alike, n_times)) <= 16


@pytest.mark.full
@pytest.mark.parametrize("n_times", [8, 20])
def test_the_effect_that_is_said_to_be_seen_is_seen(n_times):
    effect = np.median([one.seen for one in p_values(0.0, 0.0, n_times, panels=20)])
    found = np.mean([one.p <= 0.05 for one in p_values(effect, 0.0, n_times, panels=100)])
    assert 0.7 <= found <= 0.9
