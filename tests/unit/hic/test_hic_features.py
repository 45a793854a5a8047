"""Features of contact maps: planted truths, cooltools' own answers, and what cannot be given."""

import bioframe
import cooler
import cooltools
import numpy as np
import pandas as pd
import pyfaidx
import pytest

from foldcast.errors import InputError
from foldcast.hic.features import (
    boundaries,
    compartments,
    expected,
    insulation,
    no_insulation,
    tads,
)
from foldcast.hic.maps import import_map
from foldcast.hic.phasing import gc_content, gene_density
from foldcast.hic.qc import correlation, qc, summary, weakly_phased
from foldcast.hic.weights import Balance

BIN, N = 50_000, 120
EDGES = [0, 15, 33, 48, 70, 84, 103, 120]  # of TADs, in bins
COMPARTMENT = np.repeat([1, -1, 1, -1, 1, -1, 1], np.diff(EDGES))
WINDOW = 10


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    """Two chromosomes: decay × TADs (×2.5 inside) × checkerboard (×1.5, ÷1.5); chr3 is tiny.

    The second chromosome has its compartments the other way round and a run of empty bins.
    """
    folder = tmp_path_factory.mktemp("planted")
    rng = np.random.default_rng(3)
    sizes = pd.Series({"chr1": N * BIN, "chr2": N * BIN, "chr3": 4 * BIN})
    frames = []
    i, j = np.triu_indices(N)
    domain = np.searchsorted(EDGES, np.arange(N), side="right")
    for chrom, sign in ((0, 1), (1, -1)):
        same = COMPARTMENT[i] == COMPARTMENT[j]
        mean = 2_000 / (1 + j - i) * np.where(domain[i] == domain[j], 2.5, 1)
        mean *= np.where(same, 1.5, 1 / 1.5)
        if sign < 0:
            gap = np.isin(i, range(88, 100)) | np.isin(j, range(88, 100))
            mean[gap] = 0
        frames.append(
            pd.DataFrame(
                {"bin1_id": i + chrom * N, "bin2_id": j + chrom * N, "count": rng.poisson(mean)}
            )
        )
    tiny = [(2 * N + a, 2 * N + b, 500) for a in range(4) for b in range(a, 4)]
    frames.append(pd.DataFrame(tiny, columns=frames[0].columns))
    pixels = pd.concat(frames)
    cooler.create_cooler(
        str(folder / "in.cool"),
        cooler.binnify(sizes, BIN),
        pixels[pixels["count"] > 0],
        ordered=True,
    )
    import_map(folder / "in.cool", BIN, sizes, folder / "map.cool", Balance(min_nnz=3))
    return cooler.Cooler(str(folder / "map.cool"))


def phasing(clr):
    track = clr.bins()[["chrom", "start", "end"]][:].assign(track=0.0)
    noise = np.random.default_rng(0).normal(0, 0.3, N)
    track.loc[: N - 1, "track"] = COMPARTMENT + noise
    track.loc[N : 2 * N - 1, "track"] = -COMPARTMENT + noise
    return track.assign(chrom=track["chrom"].astype(str))


def test_planted_boundaries_are_found(planted):
    scores = insulation(planted, [WINDOW, 20])
    found = boundaries(scores, WINDOW * BIN)
    assert list(found) == ["chrom", "start", "end", "boundary_strength", "window"]
    bins = found.loc[found["chrom"] == "chr1", "start"].to_numpy() / BIN
    for edge in EDGES[1:-1]:
        assert np.abs(bins - edge).min() <= 1
    assert all(np.abs(np.array(EDGES) - b).min() <= 1 for b in bins)


def test_tads_lie_between_boundaries_and_not_across_gaps(planted):
    scores = insulation(planted, [WINDOW])
    found = boundaries(scores, WINDOW * BIN)
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


def test_planted_compartments_follow_the_track(planted, caplog):
    caplog.set_level("INFO", "foldcast")
    track = phasing(planted)
    table = compartments(planted, track)
    assert list(table) == ["chrom", "start", "end", "track", "E1", "E2", "E3"]
    for chrom, sign in (("chr1", 1), ("chr2", -1)):
        e1 = table.loc[table["chrom"] == chrom, "E1"].to_numpy()
        good = np.isfinite(e1)
        assert good.mean() > 0.8
        assert (np.sign(e1[good]) == sign * COMPARTMENT[good]).mean() > 0.95
    # chr3 has four bins: no eigenvector, and that is said.
    assert table.loc[table["chrom"] == "chr3", "E1"].isna().all()
    assert "chr3" in caplog.text
    flipped = compartments(planted, track.assign(track=-track["track"]))
    np.testing.assert_array_equal(flipped["E1"], -table["E1"])
    pd.testing.assert_frame_equal(table, compartments(planted, track), check_exact=True)


def test_constant_track_gives_no_compartments(planted):
    track = phasing(planted)
    track.loc[track["chrom"] == "chr2", "track"] = 1.0
    table = compartments(planted, track).groupby("chrom")["E1"].count()
    assert table["chr1"] > 100 and table["chr2"] == 0
    assert compartments(planted, track.assign(track=np.nan))["E1"].isna().all()


def test_threads_do_not_change_a_digit(planted):
    for one, two in (
        (expected(planted), expected(planted, threads=2)),
        (insulation(planted, [5]), insulation(planted, [5], threads=2)),
    ):
        pd.testing.assert_frame_equal(one, two, check_exact=True)


def test_qc_of_the_planted_map(planted):
    scores = insulation(planted, [WINDOW])
    found = boundaries(scores, WINDOW * BIN)
    domains = tads(scores, found, WINDOW * BIN)
    table = compartments(planted, phasing(planted))
    metrics = qc(planted, expected(planted), scores, found, domains, table)
    value = metrics.set_index("metric")["value"]
    assert value["contacts"] == value["cis_contacts"] == planted.info["sum"]
    assert value["trans_contacts"] == 0 and value["cis_trans_ratio"] is None
    assert -1.6 < value["decay_slope"] < -0.8  # planted: -1, steeper by TADs
    assert value["boundaries"] == len(found) and value["tads"] == len(domains)
    # Twelve empty bins, and those that the coverage filter takes beside them and at the ends.
    assert 12 / (2 * N + 4) <= value["bad_bins_fraction"] < 0.1
    assert value["e1_track_correlation_chr1"] > 0.6 and value["e1_track_correlation_chr3"] is None
    assert value["balancing"] == "made" and value["balancing_converged"]
    assert weakly_phased(table) == {}
    assert "\n" not in summary(metrics)
    noise = np.random.default_rng(0).normal(size=len(table))
    assert set(weakly_phased(table.assign(track=noise))) == {"chr1", "chr2"}


def test_a_coarse_map_gives_headers_only(planted):
    scores = insulation(planted, [WINDOW, 20])
    empty = no_insulation([WINDOW, 20], BIN)
    assert set(empty) == set(scores) and not len(empty)
    found = boundaries(empty, WINDOW * BIN)
    assert list(found) == list(boundaries(scores, WINDOW * BIN)) and not len(found)
    domains = tads(empty, found, max_gap=0)
    assert list(domains) == ["chrom", "start", "end"] and not len(domains)
    metrics = qc(
        planted, expected(planted), empty, found, domains, compartments(planted, phasing(planted))
    )
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


@pytest.mark.filterwarnings("ignore:The default of observed")
def test_tables_are_cooltools_own(shared, tmp_path):
    source = shared / "hic" / "GM12878_Rao2014_rep.hg19.chr20.mcool"
    theirs = cooler.Cooler(f"{source}::/resolutions/50000")
    import_map(source, 50_000, theirs.chromsizes, tmp_path / "map.cool", Balance())
    ours = cooler.Cooler(str(tmp_path / "map.cool"))
    pd.testing.assert_frame_equal(expected(ours), cooltools.expected_cis(theirs, nproc=1))
    pd.testing.assert_frame_equal(
        insulation(ours, [10, 25]), cooltools.insulation(theirs, [500_000, 1_250_000], nproc=1)
    )
    genes = pd.read_csv(shared / "annotation" / "annotables_grch37.tsv.gz", sep="\t", dtype=str)
    genes = genes[genes["chr"] == "20"].astype({"start": int})
    track = gene_density(ours, pd.DataFrame({"chrom": "chr20", "tss": genes["start"]}))
    _, vectors = cooltools.eigs_cis(theirs, phasing_track=track, n_eigs=3)
    table = compartments(ours, track)
    for name in ("E1", "E2", "E3"):
        np.testing.assert_allclose(table[name], vectors[name], rtol=0, atol=1e-9)
    assert correlation(table) > 0.5
