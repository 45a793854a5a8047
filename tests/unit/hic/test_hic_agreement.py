"""Real maps: our tables are cooltools' own, and the published mESC triples mean what we say."""

import bioframe
import cooler
import cooltools
import numpy as np
import pandas as pd
import pytest

from foldcast.files import read_table
from foldcast.hic.balancing import Balance
from foldcast.hic.centromeres import known_centromeres
from foldcast.hic.chromosome_arms import arms
from foldcast.hic.compartments import EIGENVECTORS, compartments, saddle, saddle_strength
from foldcast.hic.contact_formats import import_contacts, read_contacts
from foldcast.hic.expected import expected_cis, expected_trans
from foldcast.hic.insulation import insulation
from foldcast.hic.map_import import import_map
from foldcast.hic.phasing_track import gene_density

J1 = "higlass/clodius/*/test/sample_data/Dixon2012-J1-NcoI-R1-filtered.1000kb.cool"
TRIPLES = "beyzoskaya/STEP/*/raw_data_conversion/mESC_1mb_converted/HindIII_mESC.nor.{}_1mb*.txt"
CHROMS = ["chr1", "chr2", "chr10"]


@pytest.fixture(
    scope="module",
    params=[
        pytest.param("GM12878 chr20", marks=pytest.mark.slow),
        "K562 chr22",
        pytest.param("J1", marks=pytest.mark.slow),
    ],
)
def real(request, shared, mirror, tmp_path_factory):
    """A real map: cooltools' view of the source, ours of what we imported, and its genes."""
    target = tmp_path_factory.mktemp("real") / "map.cool"
    if request.param == "J1":
        assembly, resolution = "mm9", 1_000_000
        source = theirs = next(mirror.glob(J1))
        genes = read_table(shared / "annotation/mm9_knownGene_genes.tsv.gz")
    else:
        name, release, assembly = {
            "GM12878 chr20": ("GM12878_Rao2014_rep.hg19.chr20", 37, "hg19"),
            "K562 chr22": ("K562.hg38.chr22", 38, "hg38"),
        }[request.param]
        source, resolution = shared / f"hic/{name}.mcool", 100_000
        theirs = f"{source}::/resolutions/{resolution}"
        table = read_table(
            shared / f"annotation/annotables_grch{release}.tsv.gz", dtype={"chr": str}
        )
        genes = pd.DataFrame({"chrom": "chr" + table["chr"], "tss": table["start"]})
    sizes = bioframe.assembly_info(assembly).chromsizes
    sizes = sizes[CHROMS] if assembly == "mm9" else sizes  # enough, and soon done
    import_map(source, resolution, sizes, target, Balance())
    ours = cooler.Cooler(str(target))
    view = arms(ours, known_centromeres(assembly, sizes))
    return request.param, cooler.Cooler(str(theirs)), ours, view, gene_density(ours, genes)


# pandas announces new defaults to cooltools, and chrM and the short arms have few good bins.
@pytest.mark.filterwarnings("ignore")
def test_tables_are_cooltools_own(real):
    name, theirs, ours, view, track = real
    ignored = 3 if name == "J1" else 2
    table = expected_cis(ours, view)
    pd.testing.assert_frame_equal(
        table.drop(columns="expected"),
        cooltools.expected_cis(theirs, view_df=view, ignore_diags=ignored),
    )
    if name == "J1":
        names = view["name"]
        trans = expected_trans(ours)
        pd.testing.assert_frame_equal(trans, cooltools.expected_trans(theirs, view_df=view))
        assert len(trans) == len(names) * (len(names) - 1) / 2
    else:
        sides = [10 * ours.binsize, 25 * ours.binsize]
        pd.testing.assert_frame_equal(
            insulation(ours, [10, 25]), cooltools.insulation(theirs, sides)
        )
        assert expected_trans(ours).empty

    scores, choice = compartments(ours, track, view)
    told = choice["chosen"].notna()
    seen = view[told.to_numpy()].reset_index(drop=True)
    _, vectors = cooltools.eigs_cis(theirs, track, seen, n_eigs=3, ignore_diags=ignored)
    both = scores.merge(vectors, on=["chrom", "start"], suffixes=("", "_theirs"))
    assert len(both) == len(vectors)
    for vector in EIGENVECTORS:
        np.testing.assert_allclose(both[vector], both[f"{vector}_theirs"], rtol=0, atol=1e-8)
    # Whole arms follow their genes; which eigenvector does is cooltools' own choice too.
    assert choice.loc[told, "r"].median() > 0.3
    sorted_, best = cooltools.eigs_cis(
        theirs, track, seen, n_eigs=3, ignore_diags=ignored, sort_metric="spearmanr"
    )
    merged = scores.merge(best, on=["chrom", "start"], suffixes=("", "_best"))
    np.testing.assert_allclose(merged["score"], merged["E1_best"], rtol=0, atol=1e-8)

    corners = saddle(ours, table, scores, view)
    sums, pairs = cooltools.saddle(
        theirs,
        table[table["region1"].isin(seen["name"])].reset_index(drop=True),
        scores[["chrom", "start", "end", "score"]],
        "cis",
        n_bins=38,
        qrange=(0.025, 0.975),
        view_df=seen,
        expected_value_col="expected",
        min_diag=ignored,
        drop_track_na=True,
    )
    np.testing.assert_allclose(corners["sum"], sums.ravel(), rtol=1e-6)
    strength = cooltools.api.saddle.saddle_strength(sums, pairs)[8]
    assert saddle_strength(corners) == pytest.approx(strength)
    assert strength > 1.2


def test_arms_of_human_chromosomes(real):
    name, _, ours, view, _ = real
    if name == "J1":
        assert len(view) == len(ours.chromnames)  # the mouse's chromosomes have one arm
    else:
        assert view["name"].str[-2:].to_list() == ["_p", "_q"]
        assert view["end"].iloc[0] == view["start"].iloc[1]
        assert view["end"].iloc[0] % ours.binsize == 0


@pytest.fixture(scope="module")
def mesc(mirror, tmp_path_factory):
    """The triples read in both conventions, and J1 in bins of 1 Mb and 2 Mb: maps, their expected.

    Of three chromosomes, which are enough and soon done.
    """
    folder = tmp_path_factory.mktemp("mesc")
    sizes = bioframe.assembly_info("mm9").chromsizes[CHROMS]
    files = {chrom: next(mirror.glob(TRIPLES.format(chrom))) for chrom in CHROMS}
    found = {}
    for label, bin_size in (("index2", 2_000_000), ("start", 1_000_000)):
        options = {"format": "triples", "bin_size": bin_size, "label": label}
        table = read_contacts(files, options, bin_size, sizes)
        import_contacts(table, "triples", bin_size, sizes, folder / f"{label}.cool", 2)
        found[label] = cooler.Cooler(str(folder / f"{label}.cool"))
    path = next(mirror.glob(J1))
    for size in (1_000_000, 2_000_000):
        import_map(path, size, sizes, folder / f"j1.{size}.cool", Balance())
        found[size] = cooler.Cooler(str(folder / f"j1.{size}.cool"))
        path = folder / "2mb.cool"
        cooler.coarsen_cooler(found[size].filename, str(path), 2, 10_000_000)
    return {name: (clr, expected_cis(clr)) for name, clr in found.items()}


def observed_over_expected(clr, curve, chrom):
    """Of all pairs of bins that balancing sees, [bins, bins]."""
    matrix = clr.matrix().fetch(chrom)
    curve = curve[curve["region1"] == chrom].set_index("dist")["expected"].to_numpy()
    i, j = np.indices(matrix.shape)
    return (matrix / curve[abs(i - j)])[np.triu_indices(len(matrix), 2)]


@pytest.mark.parametrize("chrom", CHROMS)
def test_published_triples_are_index2(mesc, chrom):
    def agreement(label, size):
        one = pd.Series(observed_over_expected(*mesc[label], chrom))
        two = pd.Series(observed_over_expected(*mesc[size], chrom))
        return one.corr(two, method="spearman")

    assert agreement("index2", 2_000_000) >= 0.45  # 0.52, 0.59, 0.67
    assert agreement("start", 1_000_000) < 0.2  # 0.02, -0.03, 0.04


def test_the_chosen_eigenvectors_of_two_maps_agree(mesc, shared):
    """In the published triples E1 is often not compartments, and E3 is."""
    genes = read_table(shared / "annotation/mm9_knownGene_genes.tsv.gz")
    found, chosen = {}, {}
    for name in ("index2", 2_000_000):
        clr, _ = mesc[name]
        view = arms(clr, pd.Series(dtype="int64")).set_index("chrom").loc[CHROMS].reset_index()
        table, choice = compartments(clr, gene_density(clr, genes), view)
        found[name] = table.set_index(["chrom", "start"])[["E1", "score"]]
        chosen[name] = choice["chosen"].to_list()
    assert chosen["index2"] == ["E3", "E1", "E3"] and set(chosen[2_000_000]) == {"E1"}
    agreement = found["index2"].corrwith(found[2_000_000]["score"], method="spearman")
    assert agreement["score"] > 0.75 and agreement["score"] > agreement["E1"]


def test_the_wrong_convention_is_suspected(mirror, caplog):
    sizes = bioframe.assembly_info("mm9").chromsizes
    files = {chrom: next(mirror.glob(TRIPLES.format(chrom))) for chrom in CHROMS}
    options = {"format": "triples", "bin_size": 1_000_000, "label": "start"}
    read_contacts(files, options, 1_000_000, sizes)
    assert "about half of every chromosome" in caplog.text
    assert "`label: index2` and a `bin_size` of 2000000" in caplog.text
    caplog.clear()
    options = {"format": "triples", "bin_size": 2_000_000, "label": "index2"}
    table = read_contacts(files, options, 2_000_000, sizes)
    assert not caplog.text and len(table) > 10_000
    assert not table.duplicated(["chrom1", "bin1", "bin2"]).any()
