"""Features of contact maps: planted truths, cooltools' own answers, and what cannot be given."""

import bioframe
import cooler
import cooltools
import numpy as np
import pandas as pd
import pyfaidx
import pytest

from foldcast.errors import InputError
from foldcast.hic.chromosome_arms import arms
from foldcast.hic.compartments import compartments, saddle, saddle_strength
from foldcast.hic.expected import expected_cis, expected_trans, pooled
from foldcast.hic.insulation import boundaries, cut, insulation, no_insulation, tads
from foldcast.hic.map_depth import depth
from foldcast.hic.map_qc import qc, summary
from foldcast.hic.phasing_track import gc_content, gene_density

BIN, N = 50_000, 120
WINDOW = 10
BED = ["chrom", "start", "end"]
NO_ARMS = pd.Series(dtype="int64")


def whole(clr):
    return arms(clr, NO_ARMS)


def features(clr, track, windows=(WINDOW,)):
    """Everything that QC looks at."""
    scores = insulation(clr, list(windows))
    found = boundaries(scores, [w * clr.binsize for w in windows])
    table, choice = compartments(clr, track, whole(clr))
    curve = expected_cis(clr)
    corners = saddle(clr, curve, table, whole(clr))
    return curve, scores, found, tads(scores, found, WINDOW * BIN), table, choice, corners


def test_planted_boundaries_are_found(planted, truth):
    scores = insulation(planted, [WINDOW, 20])
    found = boundaries(scores, [WINDOW * BIN, 20 * BIN])
    assert list(found) == [*BED, "boundary_strength", "window", "n_windows"]
    bins = found.loc[found["chrom"] == "chr1", "start"].to_numpy() / BIN
    for edge in truth.edges[1:-1]:
        assert np.abs(bins - edge).min() <= 1
    assert all(np.abs(np.array(truth.edges) - b).min() <= 1 for b in bins)


def test_tads_lie_between_boundaries_and_not_across_gaps(planted):
    scores = insulation(planted, [WINDOW])
    found = boundaries(scores, [WINDOW * BIN])
    domains = tads(scores, found, max_gap=WINDOW * BIN)
    starts = found.set_index(["chrom", "start"]).index
    assert all(pair in starts for pair in zip(domains["chrom"], domains["start"], strict=True))
    assert all(pair in starts for pair in zip(domains["chrom"], domains["end"], strict=True))
    assert not len(bioframe.select(domains, ("chr2", 88 * BIN, 100 * BIN)))
    assert len(bioframe.select(domains, ("chr1", 88 * BIN, 100 * BIN)))
    without_limit = tads(scores, found, max_gap=10**9, max_length=10**9)
    assert len(without_limit) == len(found) - found["chrom"].nunique()
    short = tads(scores, found, max_gap=10**9, max_length=15 * BIN)
    assert 0 < len(short) < len(without_limit)
    assert (short["end"] - short["start"]).max() <= 15 * BIN


def test_agreement_of_windows_is_counted(planted, truth):
    sides = [WINDOW * BIN, 6 * BIN, 8 * BIN]
    scores = insulation(planted, [10, 6, 8])
    found = boundaries(scores, sides)
    assert found["n_windows"].between(1, 3).all()
    near = found["start"] / BIN
    on_edge = [any(abs(bin_ - edge) <= 1 for edge in truth.edges[1:-1]) for bin_ in near]
    assert (found.loc[on_edge, "n_windows"] >= 2).mean() > 0.8
    # By hand: only neighbours on the same chromosome count.
    hand = pd.DataFrame({"chrom": ["a"] * 5 + ["b"] * 3, "start": 0, "end": 1})
    hand["boundary_strength_10"] = 1.0
    hand["is_boundary_10"] = [False, True, False, False, True, False, False, True]
    hand["is_boundary_20"] = [True, False, False, False, False, True, False, False]
    assert boundaries(hand, [10, 20])["n_windows"].to_list() == [2, 1, 1]
    assert boundaries(hand, [10])["n_windows"].to_list() == [1, 1, 1]


def test_thresholds_of_boundaries(planted):
    strength = insulation(planted, [WINDOW], 0.0)[f"boundary_strength_{WINDOW * BIN}"]
    counts = {}
    for threshold in ("Li", "Otsu", 0.0, 0.5, 99):
        scores = insulation(planted, [WINDOW], threshold)
        flags = scores[f"is_boundary_{WINDOW * BIN}"]
        least = cut(strength.to_numpy(), threshold)
        assert flags.to_list() == (strength >= least).to_list()
        counts[threshold] = flags.sum()
    assert counts[0.0] >= counts[0.5] >= counts[99] == 0
    assert 0 < counts["Otsu"] <= counts["Li"]
    assert cut(np.array([np.nan]), "Li") == np.inf and cut(np.array([]), "Otsu") == np.inf


def test_planted_compartments_follow_the_track(planted, truth, caplog):
    caplog.set_level("INFO", "foldcast")
    table, choice = compartments(planted, truth.track, whole(planted))
    assert list(table) == [*BED, "track", "E1", "E2", "E3", "score"]
    for chrom, sign in (("chr1", 1), ("chr2", -1)):
        score = table.loc[table["chrom"] == chrom, "score"].to_numpy()
        good = np.isfinite(score)
        assert good.mean() > 0.8
        assert (np.sign(score[good]) == sign * truth.compartment[good]).mean() > 0.95
    # chr3 has four bins: no eigenvector, and that is said.
    assert table.loc[table["chrom"] == "chr3", "score"].isna().all()
    assert "chr3" in caplog.text
    choice = choice.set_index("arm")
    assert choice["chosen"].to_list()[:2] == ["E1", "E1"] and pd.isna(choice["chosen"]["chr3"])
    assert not choice["weak"].iloc[:2].any() and choice["r"].iloc[:2].min() > 0.6
    track = truth.track.assign(track=-truth.track["track"])
    flipped, _ = compartments(planted, track, whole(planted))
    np.testing.assert_array_equal(flipped["score"], -table["score"])
    again, _ = compartments(planted, truth.track, whole(planted))
    pd.testing.assert_frame_equal(table, again, check_exact=True)


def test_the_eigenvector_that_follows_the_track_is_chosen(planted, truth):
    """Where the track is that of a later eigenvector, this one is the score."""
    first, _ = compartments(planted, truth.track, whole(planted))
    noise = np.random.default_rng(1).normal(0, 0.05, len(first))
    table, choice = compartments(
        planted, truth.track.assign(track=first["E2"].fillna(0) + noise), whole(planted)
    )
    choice = choice.set_index("arm")
    assert choice["chosen"].to_list()[:2] == ["E2", "E2"]
    assert (choice["r"] == choice["r_E2"]).iloc[:2].all() and choice["r"].iloc[:2].min() > 0.9
    np.testing.assert_array_equal(table["score"], table["E2"])
    random = truth.track.assign(track=np.random.default_rng(2).normal(size=len(first)))
    _, choice = compartments(planted, random, whole(planted), weak=0.5)
    assert choice["weak"].iloc[:2].eq(True).all() and pd.isna(choice["weak"].iloc[2])
    told = choice.iloc[:2]
    assert np.allclose(told["r"].abs(), told[["r_E1", "r_E2", "r_E3"]].abs().max(axis=1))


def test_compartments_of_arms_are_those_of_arms_alone(planted, truth):
    view = arms(planted, pd.Series({"chr1": 60 * BIN + 7}))
    assert view["name"].to_list() == ["chr1_p", "chr1_q", "chr2", "chr3"]
    assert view["end"].iloc[0] == view["start"].iloc[1] == 60 * BIN
    table, choice = compartments(planted, truth.track, view)
    _, theirs = cooltools.eigs_cis(planted, truth.track, view[:3], n_eigs=3)
    told = table["chrom"] != "chr3"
    for name in ("E1", "E2", "E3"):
        np.testing.assert_allclose(table.loc[told, name], theirs[name], rtol=0, atol=1e-9)
    assert choice["arm"].to_list() == view["name"].to_list()
    whole_table, _ = compartments(planted, truth.track, whole(planted))
    chr2 = table["chrom"] == "chr2"
    np.testing.assert_array_equal(table.loc[chr2, "score"], whole_table.loc[chr2, "score"])
    assert not np.allclose(table["E1"][:60], whole_table["E1"][:60], equal_nan=True)


def test_constant_track_gives_no_compartments(planted, truth):
    track = truth.track.copy()
    track.loc[track["chrom"] == "chr2", "track"] = 1.0
    table = compartments(planted, track, whole(planted))[0].groupby("chrom")["score"].count()
    assert table["chr1"] > 100 and table["chr2"] == 0
    table, choice = compartments(planted, track.assign(track=np.nan), whole(planted))
    assert table["score"].isna().all() and choice["chosen"].isna().all()
    corners = saddle(planted, expected_cis(planted), table, whole(planted))
    assert corners.empty and saddle_strength(corners) is None


def test_the_saddle_is_strong_where_compartments_are(planted, truth):
    table, _ = compartments(planted, truth.track, whole(planted))
    curve = expected_cis(planted)
    corners = saddle(planted, curve, table, whole(planted))
    assert len(corners) == 40 * 40
    strength = saddle_strength(corners)
    # Planted: 1.5 within and 1 / 1.5 between, a ratio of 2.25, and TADs that add to it.
    assert 2 < strength < 5
    assert saddle_strength(corners, extent=0.4) < strength
    mean = corners.pivot(index="group1", columns="group2", values="observed_over_expected")
    np.testing.assert_allclose(mean, mean.T)
    shuffled = table.assign(score=np.random.default_rng(0).permutation(table["score"]))
    # Bins without a score stay without one only by luck: chr3 has no arm then.
    assert saddle_strength(saddle(planted, curve, shuffled, whole(planted))) < 1.3


def test_expected_has_a_meaning_at_every_distance(planted):
    table = expected_cis(planted)
    matrix = planted.matrix().fetch("chr1")
    ours = table[table["region1"] == "chr1"].set_index("dist")["expected"]
    for distance in (0, 1):  # left out by the balancing: their plain mean
        assert ours[distance] == pytest.approx(np.nanmean(matrix.diagonal(distance)))
        assert np.isnan(table.set_index(["region1", "dist"])["balanced.avg"]["chr1", distance])
    # Behind them the smoothed curve is near the mean; cooltools' own counts them as zeros.
    assert ours[2] == pytest.approx(np.nanmean(matrix.diagonal(2)), rel=0.1)
    theirs = table[table["region1"] == "chr1"].set_index("dist")["balanced.avg.smoothed"]
    np.testing.assert_allclose(ours[40:100], theirs[40:100], rtol=1e-6)
    assert theirs[2] <= ours[2]
    assert ours[:100].notna().all() and (ours[:50] > 0).all()
    assert (ours[:30].diff().dropna() < 0).all()
    total = pooled(table)
    assert min(table["expected"][table["dist"] == 5][:2]) <= total[5]
    assert total[5] <= max(table["expected"][table["dist"] == 5][:2])


def test_expected_of_arms_sees_no_contact_between_them(planted):
    view = arms(planted, pd.Series({"chr1": 60 * BIN}))
    table = expected_cis(planted, view).set_index(["region1", "dist"])["expected"]
    matrix = planted.matrix().fetch(("chr1", 0, 60 * BIN))
    assert table["chr1_p", 0] == pytest.approx(np.nanmean(matrix.diagonal(0)))
    assert table["chr1_p"].index.max() == 59
    assert table["chr2", 1] == pytest.approx(np.nanmean(planted.matrix().fetch("chr2").diagonal(1)))


def test_trans_expected(planted, tmp_path):
    """The planted map has no trans contacts; one of random ones has the planted mean."""
    assert expected_trans(planted).empty
    bins = cooler.binnify(pd.Series({"a": 20 * BIN, "b": 10 * BIN}), BIN).assign(weight=2.0)
    i, j = np.triu_indices(30)
    pixels = pd.DataFrame(
        {"bin1_id": i, "bin2_id": j, "count": np.where((i < 20) & (j > 19), 3, 9)}
    )
    cooler.create_cooler(str(tmp_path / "map.cool"), bins, pixels, ordered=True)
    table = expected_trans(cooler.Cooler(str(tmp_path / "map.cool")))
    assert list(table) == list(expected_trans(planted))
    assert table["balanced.avg"].to_list() == [12.0] and table["n_valid"].to_list() == [200]


def test_threads_do_not_change_a_digit(planted):
    for one, two in (
        (expected_cis(planted), expected_cis(planted, threads=2)),
        (insulation(planted, [5]), insulation(planted, [5], threads=2)),
    ):
        pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_qc_of_the_planted_map(planted, truth):
    parts = features(planted, truth.track, (WINDOW, 20))
    _, _, found, domains, table, choice, _ = parts
    deep = pd.DataFrame({"bin_size": [BIN, 2 * BIN], "share": [0.7, 0.9]})
    metrics = qc(planted, deep, *parts)
    value = metrics.set_index("metric")["value"]
    assert value["contacts"] == value["cis_contacts"] == planted.info["sum"]
    assert value["trans_contacts"] == 0 and value["cis_trans_ratio"] is None
    assert -1.6 < value["decay_slope"] < -0.8  # planted: -1, steeper by TADs
    assert value["boundaries"] == value[f"boundaries_{WINDOW * BIN}"] == len(found)
    assert value["boundaries_of_all_windows"] == (found["n_windows"] == 2).sum()
    assert value[f"boundaries_{20 * BIN}"] > 0 and value["tads"] == len(domains)
    # Twelve empty bins, and those that the coverage filter takes beside them and at the ends.
    assert 12 / (2 * N + 4) <= value["bad_bins_fraction"] < 0.1
    assert value["compartment_track_correlation"] > 0.6 and value["compartment_arms"] == 2
    assert value["weak_compartment_arms"] is None and value["other_eigenvector_arms"] is None
    assert value["saddle_strength"] > 2
    assert value["deep_bins_fraction"] == 0.7 and value["deep_bin_size"] == 2 * BIN
    assert value["balancing"] == "made" and value["balancing_converged"]
    assert "\n" not in summary(metrics)
    flagged = choice.assign(weak=True, chosen=["E2", "E1", np.nan])
    value = qc(planted, deep, *parts[:5], flagged, parts[6]).set_index("metric")["value"]
    assert value["weak_compartment_arms"] == "chr1, chr2"
    assert value["other_eigenvector_arms"] == "chr1 E2"


def test_a_coarse_map_gives_headers_only(planted, truth):
    scores = insulation(planted, [WINDOW, 20])
    empty = no_insulation([WINDOW, 20], BIN)
    assert set(empty) == set(scores) and not len(empty)
    sides = [WINDOW * BIN, 20 * BIN]
    found = boundaries(empty, sides)
    assert list(found) == list(boundaries(scores, sides)) and not len(found)
    domains = tads(empty, found, max_gap=0)
    assert list(domains) == ["chrom", "start", "end"] and not len(domains)
    curve, _, _, _, table, choice, corners = features(planted, truth.track)
    metrics = qc(planted, depth(planted), curve, empty, found, domains, table, choice, corners)
    value = metrics.set_index("metric")["value"]
    assert value["insulation"].startswith("no") and value["boundaries"] is None
    assert "- boundaries" in summary(metrics)


def test_gc_content(planted, tmp_path):
    sizes = planted.chromsizes
    fasta, index = tmp_path / "genome.fa", tmp_path / "elsewhere.fai"
    sequence = {chrom: "AT" * (length // 2) for chrom, length in sizes.items()}
    sequence["chr1"] = (
        "N" * BIN + "GC" * (BIN // 2) + "NNGA" * (BIN // 4) + sequence["chr1"][3 * BIN :]
    )
    fasta.write_text("".join(f">{chrom}\n{text}\n" for chrom, text in sequence.items()))
    pyfaidx.Faidx(str(fasta), indexname=str(index)).close()
    track = gc_content(planted, fasta, index)
    assert list(track) == ["chrom", "start", "end", "track"]
    assert np.isnan(track["track"][0])
    assert list(track["track"][1:5]) == [1, 0.5, 0, 0] and track["track"][5:].eq(0).all()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["elsewhere.fai", "genome.fa"]


@pytest.mark.parametrize(
    ("chrom", "length", "said"), [("chr3", 10, "10 bp"), ("chr4", 200_000, "no such sequence")]
)
def test_sequence_of_another_assembly(planted, tmp_path, chrom, length, said):
    fasta, index = tmp_path / "genome.fa", tmp_path / "genome.fai"
    lengths = {"chr1": N * BIN, "chr2": N * BIN, chrom: length}
    fasta.write_text("".join(f">{name}\n{'A' * size}\n" for name, size in lengths.items()))
    pyfaidx.Faidx(str(fasta), indexname=str(index)).close()
    with pytest.raises(InputError, match=said) as error:
        gc_content(planted, fasta, index)
    assert str(fasta) in str(error.value) and error.value.place == "chr3"


def test_gene_density_counts_tss_around_a_bin(planted):
    genes = pd.DataFrame({"chrom": ["chr1", "chr1", "chr2", "chr9"], "tss": [510_000, 0, 5, 7]})
    track = gene_density(planted, genes).set_index(["chrom", "start"])["track"]
    assert len(track) == len(planted.bins())
    assert track.sum() == 11  # a TSS counts in its bin and two on each side; two are at an end
    assert [track["chr1", k * BIN] for k in (7, 8, 10, 12, 13)] == [0, 1, 1, 1, 0]
