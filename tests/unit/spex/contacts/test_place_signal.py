"""How active places are: every kind of file says the same, and weights and controls follow it."""

import gzip
from dataclasses import replace

import numpy as np
import pandas as pd
import pybigtools
import pytest

from foldcast.errors import InputError
from foldcast.spex.contacts import place_signal
from foldcast.spex.contacts.control_contacts import expected, shuffled
from foldcast.spex.contacts.map_contacts import bins_of, tss_contacts
from foldcast.spex.contacts.place_signal import PlaceActivity, check_places, read_intervals
from foldcast.spex.contacts.tss_contacts import Options
from random_map import BIN, N, made, random_pixels

LENGTH, RESOLUTION = 9_550, 1_000
INTERVALS = [("chr1", 100, 700, 2.0), ("chr1", 900, 3_100, 0.5), ("chr1", 9_000, 9_550, 4.0)]
OPTIONS = Options()


def by_base(intervals, length=LENGTH):
    values = np.zeros(length)
    for _, start, end, value in intervals:
        values[start:end] += value
    return values


def means(values):
    return np.array([values[k : k + RESOLUTION].mean() for k in range(0, len(values), RESOLUTION)])


def write(folder, kind):
    path = folder / f"signal.{kind}"
    if kind.startswith("bigwig"):
        lengths = {"1" if kind == "bigwig_bare" else "chr1": LENGTH, "chr2": 500}
        rows = [(next(iter(lengths)), *rest) for _, *rest in INTERVALS]
        named = folder / "signal.bw"
        pybigtools.open(str(named), "w").write(lengths, iter(rows))
        return named.rename(path)  # told by its content
    if kind == "narrowpeak":
        lines = [f"{c}\t{s}\t{e}\tp\t900\t.\t{v}\t5\t3\t40" for c, s, e, v in INTERVALS]
    else:
        lines = [f"{c}\t{s}\t{e}\t{v}" for c, s, e, v in INTERVALS]
    text = "track type=bedGraph\n" + "\n".join(lines) + "\n"
    path.write_bytes(gzip.compress(text.encode()) if kind == "bedgraph.gz" else text.encode())
    return path


@pytest.mark.parametrize("kind", ["bigwig", "bigwig_bare", "bedgraph", "bedgraph.gz", "narrowpeak"])
@pytest.mark.parametrize("at_once", [2_500, 4_000_000])
def test_the_activity_of_a_bin_is_the_mean_of_its_bases(tmp_path, monkeypatch, kind, at_once):
    monkeypatch.setattr(place_signal, "AT_ONCE", at_once)
    activity = PlaceActivity(write(tmp_path, kind), None, ["chr1", "chr9"])
    found = activity.of_bins("chr1", LENGTH, RESOLUTION)
    np.testing.assert_allclose(found, means(by_base(INTERVALS)), rtol=1e-6)
    assert not activity.of_bins("chr9", 3_000, RESOLUTION).any()


def test_within_enhancers_alone(tmp_path):
    bed = tmp_path / "enhancers.bed"
    bed.write_text("chr1\t600\t1000\te1\nchr1\t650\t950\te2\nchr1\t9100\t9999\te3\n")
    inside = by_base([("chr1", 600, 1000, 1), ("chr1", 9_100, LENGTH, 1)])
    with_signal = PlaceActivity(write(tmp_path, "bigwig"), bed, ["chr1"])
    found = with_signal.of_bins("chr1", LENGTH, RESOLUTION)
    np.testing.assert_allclose(found, means(by_base(INTERVALS) * inside), rtol=1e-6)
    alone = PlaceActivity(None, bed, ["chr1"]).of_bins("chr1", LENGTH, RESOLUTION)
    np.testing.assert_allclose(alone, means(inside))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("chr1\t5\n", "line 1\n  found:    chr1, 5"),
        ("chr1\t1\t2\nchr1\t9\t4\n", "line 2"),
        ("chrom\tstart\tend\n", "begin a line of names with #"),
        ("# nothing\n", "no interval"),
        ("chr1\t1\t9\t-0.5\n", "-0.5, a value below 0"),
        ("2L\t1\t9\t0.5\n", "chromosomes 2L\n.*chr1"),
    ],
)
def test_what_is_no_signal_is_refused(tmp_path, text, said):
    path = tmp_path / "signal.bed"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        check_places(path, None, pd.Series({"chr1": LENGTH}), ["chr1"])


def test_a_bigwig_that_is_cut_off_negative_or_of_another_genome(tmp_path):
    path, sizes = write(tmp_path, "bigwig"), pd.Series({"chr1": LENGTH})
    check_places(path, None, sizes, ["chr1"])
    with pytest.raises(InputError, match="chromosomes chr1"):
        check_places(path, None, sizes, ["chrI"])
    whole = path.read_bytes()
    path.write_bytes(whole[:100])
    with pytest.raises(InputError, match="a damaged bigWig file"):
        check_places(path, None, sizes, ["chr1"])
    below = tmp_path / "below.bw"
    pybigtools.open(str(below), "w").write({"chr1": LENGTH}, iter([("chr1", 0, 9, -1.0)]))
    with pytest.raises(InputError, match="-1, a value below 0"):
        check_places(below, None, sizes, ["chr1"])


def test_a_value_is_read_where_a_kind_has_one(tmp_path):
    path = tmp_path / "some.bed"
    path.write_text("chr1 1 2\nchr1 1 2 name\nchr1 1 2 2.5\nchr1\t1\t2\tn\t900\t+\n")
    assert read_intervals(path)["value"].tolist() == [1, 1, 2.5, 1]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    folder = tmp_path_factory.mktemp("random")
    sizes = pd.Series({"chr1": N * BIN, "chr2": N * BIN})
    clr = made(folder, pd.concat([random_pixels(1), random_pixels(2, "chr2")]), sizes)
    rng = np.random.default_rng(5)
    genes = pd.DataFrame(
        {"tss": np.sort(rng.integers(0, N * BIN, 40)), "strand": rng.choice(["+", "-"], 40)}
    )
    bins = replace(bins_of(clr, "chr1"), expected=1 / np.arange(1, N + 1))
    active = rng.random(N) * (rng.random(N) < 0.5)
    return clr, genes, bins, replace(bins, activity=active)


def test_the_weight_of_a_place_is_its_activity_times_its_contact(world):
    clr, genes, bins, active = world
    options = replace(OPTIONS, strongest=None)
    plain = tss_contacts(clr, "chr1", genes, options, bins)
    found = tss_contacts(clr, "chr1", genes, options, active)
    of_place = active.activity[plain.start // BIN]
    keys = [*zip(plain.gene, plain.start, strict=True)]
    weight = dict(zip(keys, plain.weight * of_place, strict=True))
    mine = [*zip(found.gene, found.start, strict=True)]
    assert mine == [key for key, a in zip(keys, of_place, strict=True) if a > 0]
    np.testing.assert_allclose(found.weight, [weight[key] for key in mine], rtol=1e-6)
    assert found.degree.sum() == len(mine)
    # The strongest are so by both; and a signal of 1 everywhere changes nothing.
    few = tss_contacts(clr, "chr1", genes, replace(OPTIONS, strongest=3), active)
    for g in range(len(genes)):
        best = sorted((weight[key] for key in mine if key[0] == g), reverse=True)[:3]
        here = few.weight[few.indptr[g] : few.indptr[g + 1]]
        np.testing.assert_allclose(sorted(here, reverse=True), best, rtol=1e-6)
    same = tss_contacts(clr, "chr1", genes, OPTIONS, replace(bins, activity=np.ones(N)))
    unchanged = tss_contacts(clr, "chr1", genes, OPTIONS, bins)
    assert np.array_equal(same.weight, unchanged.weight)
    assert np.array_equal(same.start, unchanged.start)


def test_controls_are_of_active_places(world):
    clr, genes, bins, active = world
    contacts = tss_contacts(clr, "chr1", genes, OPTIONS, active)
    other = shuffled(contacts, "chr1", genes, OPTIONS, active, seed=1)
    assert (active.activity[other.start // BIN] > 0).all()
    assert len(other.start) == len(contacts.start) and (other.start != contacts.start).any()
    np.testing.assert_allclose(np.sort(other.weight), np.sort(contacts.weight))
    by_distance = expected(contacts.touched, genes, OPTIONS, bins)
    weighed = expected(contacts.touched, genes, OPTIONS, active)
    of_place = active.activity[by_distance.start // BIN]
    assert np.array_equal(weighed.start, by_distance.start[of_place > 0])
    np.testing.assert_allclose(
        weighed.weight, (by_distance.weight * of_place)[of_place > 0], rtol=1e-6
    )
