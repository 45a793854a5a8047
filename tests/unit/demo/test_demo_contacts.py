import bioframe
import cooler
import cooltools
import numpy as np
import pandas as pd
import pytest

BED = ["chrom", "start", "end"]

pytestmark = pytest.mark.slow


def bed(path, *names):
    return pd.read_csv(path, sep="\t", names=[*BED, *names])


@pytest.fixture(scope="module")
def balanced(usual_maps, tmp_path_factory):
    """Balanced copies of the maps at 10 and 50 kb."""
    copies = {}
    for size in (10_000, 50_000):
        path = str(tmp_path_factory.mktemp("map") / f"{size}.cool")
        cooler.fileops.cp(f"{usual_maps}/hic.mcool::/resolutions/{size}", path)
        cooler.balance_cooler(cooler.Cooler(path), store=True)
        copies[size] = cooler.Cooler(path)
    return copies


def test_opens_at_every_resolution_without_weights(usual_maps):
    names = cooler.fileops.list_coolers(f"{usual_maps}/hic.mcool")
    assert names == [f"/resolutions/{size}" for size in (1_000, 10_000, 50_000)]
    maps = [cooler.Cooler(f"{usual_maps}/hic.mcool::{name}") for name in names]
    assert {int(m.info["sum"]) for m in maps} == {int(maps[0].info["sum"])}
    assert maps[0].info["sum"] == pytest.approx(4_000_000, rel=0.01)
    assert all("weight" not in m.bins().columns for m in maps)


def test_bad_bins_are_hardly_seen(usual_maps):
    clr = cooler.Cooler(f"{usual_maps}/hic.mcool::/resolutions/10000")
    matrix = clr.matrix(balance=False)[:].sum(axis=1)
    bins = clr.bins()[["chrom", "start", "end"]][:].astype({"chrom": str})
    bad = bins.merge(bed(usual_maps / "truth/bad_bins.bed"), how="left", indicator=True)["_merge"]
    assert (bad == "both").any()
    assert matrix[bad == "both"].max() < 0.1 * np.median(matrix)


def test_contact_decays_as_a_power_law(balanced):
    expected = cooltools.expected_cis(balanced[10_000], aggregate_smoothed=False, smooth=False)
    means = expected.groupby("dist")["balanced.avg"].mean()
    near = means.loc[2:80]
    slope = np.polyfit(np.log(near.index), np.log(near), 1)[0]
    assert -1.4 < slope < -0.8


def test_insulation_finds_the_planted_boundaries(usual_maps, balanced):
    table = cooltools.insulation(balanced[10_000], [100_000])
    found = table[table["is_boundary_100000"].astype(bool)].astype({"chrom": str})
    planted = bed(usual_maps / "truth/boundaries.bed")
    pairs = planted.merge(found[["chrom", "start"]], on="chrom", suffixes=("", "_found"))
    near = pairs[(pairs["start"] - pairs["start_found"]).abs() <= 10_000]
    recall = len(near[["chrom", "start"]].drop_duplicates()) / len(planted)
    precision = len(near[["chrom", "start_found"]].drop_duplicates()) / len(found)
    assert recall > 0.9
    assert precision > 0.9


def test_e1_has_the_sign_of_the_planted_compartments(usual_maps, balanced):
    fasta = bioframe.load_fasta(str(usual_maps / "genome.fa"), engine="pyfaidx")
    bins = balanced[50_000].bins()[["chrom", "start", "end"]][:].astype({"chrom": str})
    _, vectors = cooltools.eigs_cis(balanced[50_000], bioframe.frac_gc(bins, fasta), n_eigs=1)
    bins["is_a"] = vectors["E1"] > 0
    bins = bins[vectors["E1"].notna()]
    planted = bed(usual_maps / "truth/compartments.bed", "kind")
    both = bioframe.overlap(bins, planted, suffixes=("", "_true"))
    assert (both["is_a"] == (both["kind_true"] == "A")).mean() > 0.95
    assert len(both) > 0.95 * len(vectors)


def test_loops_stand_out(usual_maps, balanced):
    loops = pd.read_csv(usual_maps / "truth/loops.bedpe", sep="\t", header=None)
    clr, ratios = balanced[10_000], []
    for chrom, left, right in zip(loops[0], loops[1] + 5_000, loops[4] + 5_000, strict=True):
        matrix = clr.matrix().fetch(chrom)
        i, j = left // 10_000, right // 10_000
        around = matrix[max(i - 4, 0) : i + 5, j - 4 : j + 5]
        ratios.append(matrix[i, j] / np.nanmedian(around))
    assert np.nanmedian(ratios) > 2


def test_chromosomes_meet_less_than_they_fold(usual_maps):
    matrix = cooler.Cooler(f"{usual_maps}/hic.mcool::/resolutions/50000").matrix(balance=False)
    trans, cis = matrix.fetch("chr1", "chr2"), matrix.fetch("chr1")
    assert 0 < trans.mean() < 0.1 * cis.mean()
