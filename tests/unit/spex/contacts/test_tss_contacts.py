"""Contacts of a TSS: against loops over matrices on real maps, and what must hold of any map."""

from dataclasses import replace
from types import SimpleNamespace

import cooler
import h5py
import numpy as np
import pandas as pd
import pytest
from snakemake.iocontainers import Namedlist

from foldcast.files import write_table
from foldcast.hic.balancing import Balance
from foldcast.hic.contact_formats import import_contacts
from foldcast.hic.expected import expected_cis
from foldcast.hic.map_import import import_map
from foldcast.spex.contacts.map_contacts import bins_of, expected_of, tss_contacts
from foldcast.spex.contacts.tss_contacts import Options, distances, read_feature_sets, tss_bins
from random_map import BIN, N, made, random_pixels
from scripts.spex import tss_contacts as script

DEFAULT = Options()
PUBLISHED = Options(
    value="raw",
    weighting="equal",
    max_distance=None,
    strongest=None,
    tss_bin="round",
    windows="start",
    without="local",
)


@pytest.fixture(scope="module")
def clr(tmp_path_factory):
    sizes = pd.Series({"chr1": N * BIN, "chr2": N * BIN})
    pixels = pd.concat([random_pixels(1), random_pixels(2, "chr2")])
    return made(tmp_path_factory.mktemp("random"), pixels, sizes)


@pytest.fixture(scope="module")
def genes():
    rng = np.random.default_rng(5)
    tss = np.sort(rng.integers(0, N * BIN, 60))
    tss[20] = tss[19]  # Two genes of one TSS.
    return pd.DataFrame(
        {
            "gene": [f"g{k}" for k in range(60)],
            "chrom": "chr1",
            "tss": tss,
            "strand": rng.choice(["+", "-"], 60),
        }
    )


def contacts_of(clr, genes, options=DEFAULT, chrom="chr1"):
    curve = expected_of(clr, [chrom]) if options.value == "observed_over_expected" else None
    bins = bins_of(clr, chrom, curve)
    return tss_contacts(clr, chrom, genes, options, bins)


def naive(clr, chrom, genes, options):
    """Contacts by gene as (start, upstream, weight), one row of cooler's matrix at a time."""
    resolution, length = clr.binsize, clr.chromsizes[chrom]
    counts = clr.matrix(balance=False, sparse=True).fetch(chrom).tocsr()
    balanced = clr.matrix(balance=True, sparse=True).fetch(chrom).tocsr()
    if options.value == "observed_over_expected":
        curve = expected_cis(clr)
        mean = curve[curve["region1"] == chrom].set_index("dist")["expected"]
    found = []
    for tss, strand in zip(genes["tss"], genes["strand"], strict=True):
        rounded = round((tss + 1) / resolution)  # the published position counts from 1
        centre = rounded if options.tss_bin == "round" else tss // resolution
        rows, touched = [], False
        if centre * resolution < length:
            raw = counts[[centre]].toarray()[0].astype(float)
            touched = bool(raw.sum() > 0)
            value = raw
            if options.value != "raw":
                value = balanced[[centre]].toarray()[0]
            if options.value == "observed_over_expected":
                value = value / mean[np.abs(np.arange(len(raw)) - centre)].to_numpy()
            for k in np.flatnonzero(value > 0):
                start = k * resolution
                if options.tss_bin == "round":
                    away, before = start - centre * resolution, start < centre * resolution
                else:
                    away = start + resolution / 2 - (tss + 0.5)
                    before = away < 0
                if abs(away) < options.min_distance:
                    continue
                if options.max_distance and abs(away) > options.max_distance:
                    continue
                upstream = before if strand == "+" else not before
                rows.append((start, upstream, value[k], abs(away)))
        degree = [sum(row[1] for row in rows), sum(not row[1] for row in rows)]
        if options.strongest:
            rows = sorted(rows, key=lambda row: (-row[2], row[3], row[0]))[: options.strongest]
        weigh = {"contact": lambda v: v, "distance": np.sqrt, "equal": lambda v: 1.0}
        weigh = weigh[options.weighting]
        rows = sorted((start, upstream, weigh(value)) for start, upstream, value, _ in rows)
        found.append((rows, degree, touched))
    return found


def assert_same(contacts, expected):
    for g, (rows, degree, touched) in enumerate(expected):
        mine = slice(*contacts.indptr[g : g + 2])
        assert contacts.start[mine].tolist() == [row[0] for row in rows]
        assert contacts.side[mine].tolist() == [int(row[1]) for row in rows]
        np.testing.assert_allclose(contacts.weight[mine], [row[2] for row in rows], rtol=1e-5)
        assert contacts.degree[g].tolist() == degree and contacts.touched[g] == touched


REAL = {
    "gm12878": ("hic/GM12878_Rao2014_rep.hg19.chr20.mcool", 25_000, "chr20", "geneanno.csv"),
    "k562": ("hic/K562.hg38.chr22.mcool", 5_000, "chr22", "geneanno_GRCh38.csv"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL)
def test_real_maps(name, shared, mirror, tmp_path):
    file, resolution, chrom, annotation = REAL[name]
    sizes = pd.Series(cooler.Cooler(f"{shared / file}::resolutions/{resolution}").chromsizes)
    import_map(shared / file, resolution, sizes, tmp_path / "map.cool", Balance())
    clr = cooler.Cooler(str(tmp_path / "map.cool"))
    table = pd.read_csv(next(mirror.glob(f"SFGLab/spex/*/expecto/{annotation}")))
    table = table[(table["seqnames"] == chrom) & table["CAGE_representative_TSS"].notna()]
    genes = pd.DataFrame(
        {"tss": table["CAGE_representative_TSS"].astype(int) - 1, "strand": table["strand"]}
    ).sample(150, random_state=1)
    several = [
        Options(),
        Options(value="balanced", weighting="distance", strongest=None),
        PUBLISHED,
    ]
    for options in several:
        contacts = contacts_of(clr, genes, options, chrom)
        assert_same(contacts, naive(clr, chrom, genes, options))
        assert (np.diff(contacts.indptr) > 0).mean() > 0.8


@pytest.mark.parametrize(
    "options",
    [
        Options(),
        Options(value="raw", strongest=5),  # many ties
        Options(min_distance=0, max_distance=40_000, tss_bin="round", weighting="equal"),
        PUBLISHED,
    ],
)
def test_random_map(clr, genes, options):
    assert_same(contacts_of(clr, genes, options), naive(clr, "chr1", genes, options))


def test_permuted_genes(clr, genes):
    order = np.random.default_rng(0).permutation(len(genes))
    straight, mixed = contacts_of(clr, genes), contacts_of(clr, genes.iloc[order])
    for k, g in enumerate(order):
        one = slice(*straight.indptr[g : g + 2])
        two = slice(*mixed.indptr[k : k + 2])
        for name in ("start", "side", "weight"):
            assert np.array_equal(getattr(straight, name)[one], getattr(mixed, name)[two])


def test_other_strand_swaps_sides(clr, genes):
    flipped = genes.assign(strand=genes["strand"].map({"+": "-", "-": "+"}))
    for options in (Options(), PUBLISHED):
        one, two = contacts_of(clr, genes, options), contacts_of(clr, flipped, options)
        assert np.array_equal(one.start, two.start) and np.array_equal(one.side, 1 - two.side)
        assert np.array_equal(one.degree, two.degree[:, ::-1])


@pytest.mark.parametrize("options", [Options(), PUBLISHED])
def test_shifted_by_whole_bins(tmp_path, genes, options):
    sizes = pd.Series({"chr1": (N + 40) * BIN})
    one = contacts_of(made(tmp_path, random_pixels(1), sizes, "a"), genes, options)
    later = made(tmp_path, random_pixels(1, shift=40), sizes, "b")
    two = contacts_of(later, genes.assign(tss=genes["tss"] + 40 * BIN), options)
    assert np.array_equal(one.start + 40 * BIN, two.start) and np.array_equal(one.side, two.side)
    np.testing.assert_allclose(one.weight, two.weight, rtol=1e-3)  # weights are iterated


def test_bins_and_distances_of_a_tss():
    tss = np.array([0, 2_498, 2_499, 2_500, 4_999, 5_000, 7_499])
    assert tss_bins(tss, BIN, "floor").tolist() == [0, 0, 0, 0, 0, 1, 1]
    # 1-based 2,500 and 7,500 are halves: to the even bin, as Python rounds.
    assert tss_bins(tss, BIN, "round").tolist() == [0, 0, 0, 1, 1, 1, 2]
    start = np.array([20_000])
    assert distances(start, np.int64(2_499), BIN, "floor")[0] == 20_000.5
    assert distances(start, np.int64(2_600), BIN, "round")[0] == 15_000
    # Mirrored along a chromosome of 100 bins, distances change their sign.
    last = 100 * BIN - 1
    mirrored = distances(last + 1 - start - BIN, np.int64(last - 2_499), BIN, "floor")
    assert mirrored[0] == -20_000.5


def test_without_contacts(tmp_path):
    """Near contacts only, none at all, a TSS past the last bin when rounded, no chromosome."""
    sizes = pd.Series({"chr1": 100 * BIN, "chr2": 50 * BIN})
    pixels = random_pixels(1, n=60)
    pixels = pixels[(pixels["bin1"] != 50) & (pixels["bin2"] != 50) | (pixels["bin1"] == 50)]
    pixels = pixels[~((pixels["bin1"] == 50) & (pixels["bin2"] > 52))]
    clr = made(tmp_path, pixels, sizes)
    tss = np.array([50 * BIN + 100, 80 * BIN + 100, 100 * BIN - 10])
    genes = pd.DataFrame({"gene": list("abc"), "tss": tss, "strand": "+"})
    contacts = contacts_of(clr, genes, PUBLISHED)
    assert not len(contacts.start) and contacts.touched.tolist() == [True, False, False]
    for chrom in ("chr2", "chr3"):
        assert not len(contacts_of(clr, genes[:1], Options(), chrom).start)


def test_loops_and_models(tmp_path):
    """Maps of other formats have weights of 1; loops of one read each count alike."""
    sizes = pd.Series({"chr1": 100 * BIN})
    pairs = pd.DataFrame({"bin1": [10, 10, 5], "bin2": [30, 60, 10], "count": [4.0, 9.0, 1.0]})
    loops = pairs.assign(chrom1="chr1", chrom2="chr1")
    genes = pd.DataFrame({"gene": ["a"], "tss": [10 * BIN], "strand": ["-"]})
    for form in ("bedpe", "coordinates"):
        import_contacts(loops, form, BIN, sizes, tmp_path / f"{form}.cool", 2)
        clr = cooler.Cooler(str(tmp_path / f"{form}.cool"))
        for value in ("raw", "balanced"):
            contacts = contacts_of(clr, genes, Options(value=value, weighting="distance"))
            assert contacts.start.tolist() == [5 * BIN, 30 * BIN, 60 * BIN]
            assert contacts.weight.tolist() == [1, 2, 3] and contacts.side.tolist() == [0, 1, 1]
        contacts = contacts_of(clr, genes, Options(strongest=2))
        assert len(contacts.start) == 2 and contacts.degree.tolist() == [[2, 1]]


def test_script(clr, genes, tmp_path):
    two = pd.concat([genes, genes[:7].assign(chrom="chr2")])
    write_table(two, tmp_path / "genes.tsv")
    options = {"windows": "start", "aggregate": "mean", "strongest": 6}
    given = {"genes": tmp_path / "genes.tsv", "map": clr.uri}

    def made_of(target, controls, **more):
        params = SimpleNamespace(source="m", contacts=options, control_contacts=controls)
        script.main(
            SimpleNamespace(
                input=Namedlist(fromdict=given | more),
                output=SimpleNamespace(contacts=tmp_path / target),
                params=params,
                threads=1,
            )
        )
        return (tmp_path / target).read_bytes()

    kinds = {"kinds": ["shuffled", "expected"], "seeds": [1, 2]}
    assert made_of("a.h5", kinds) == made_of("b.h5", kinds)
    feature_sets, ids, attrs = read_feature_sets(tmp_path / "a.h5", "chr1")
    assert list(feature_sets) == ["m", "m+expected", "m+shuffled1", "m+shuffled2"]
    assert ids == genes["gene"].tolist()
    assert attrs == {"resolution": BIN, "windows": "start", "without": "zeros", "aggregate": "mean"}
    assert_same(feature_sets["m"], naive(clr, "chr1", genes, replace(Options(), strongest=6)))
    made_of("plain.h5", {})
    with h5py.File(tmp_path / "plain.h5") as file:
        assert list(file) == ["chr1", "chr2"] and list(file["chr2"]) == ["genes", "m"]
        assert file["chr1/m/degree"].shape == (60, 2)
    # With a list of enhancers, nothing but the places that hold one.
    bed, touched = tmp_path / "enhancers.bed", np.unique(feature_sets["m"].start)[::10]
    bed.write_text("".join(f"chr1\t{start + 5}\t{start + 9}\n" for start in touched))
    made_of("enhancers.h5", kinds, enhancers=bed)
    for name, contacts in read_feature_sets(tmp_path / "enhancers.h5", "chr1")[0].items():
        assert {*contacts.start} == {*touched}, name
    assert not len(read_feature_sets(tmp_path / "enhancers.h5", "chr2")[0]["m"].start)
