"""Common change in contact on real courses: as an independent implementation has it."""

import importlib.util
from dataclasses import dataclass

import cooler
import numpy as np
import pandas as pd
import pytest
from cooltools.lib.common import make_cooler_view

from foldcast.evaluation.bin_pairs import BinPairs, bins_of
from foldcast.evaluation.change_together import change_together
from foldcast.evaluation.expression_changes import changes_of
from foldcast.hic.balancing import Balance
from foldcast.hic.contact_bands import arm_contacts
from foldcast.hic.map_import import import_map

KINDS = ("contact", "compartment")
FLY = "paulsengroup/hictkpy/*/test/data/cooler_test_file.mcool"
YEAST = "open2c/cooler/*/tests/data/yeast.10kb.cool"


@pytest.fixture(scope="module")
def reference(shared):
    path = shared.parent / "reference/cochange.py"
    if not path.is_file():
        pytest.skip(f"the reference is not here ({path})")
    spec = importlib.util.spec_from_file_location("cochange", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@dataclass
class Case:
    clr: cooler.Cooler
    values: np.ndarray
    times: np.ndarray
    chroms: np.ndarray
    middles: np.ndarray
    lengths: np.ndarray


def case(course, genes, column, path, size, folder):
    """A course of genes with loci on the chromosomes of an imported map."""
    source = f"{path}::/resolutions/{size}" if path.suffix == ".mcool" else str(path)
    sizes = pd.Series(cooler.Cooler(source).chromsizes).astype("int64")
    sizes = sizes[~sizes.index.isin(["chrM", "chrmt"])]
    import_map(path, size, sizes, folder / "map.cool", Balance())
    clr = cooler.Cooler(str(folder / "map.cool"))
    table = pd.read_csv(course, sep="\t").set_index("gene")
    loci = pd.read_csv(genes, sep="\t").set_index(column)
    loci = loci[~loci.index.duplicated()].reindex(table.index)
    loci["chrom"] = "chr" + loci["chrom"].astype(str)
    loci = loci[loci["chrom"].isin(clr.chromnames)]
    return Case(
        clr,
        table.loc[loci.index].to_numpy(float),
        table.columns.astype(float).to_numpy(),
        loci["chrom"].to_numpy(str),
        ((loci["start"] + loci["end"]) // 2).to_numpy(int),
        (loci["end"] - loci["start"]).to_numpy(float),
    )


@pytest.fixture(scope="module")
def fly(shared, mirror, tmp_path_factory):
    courses = shared / "courses"
    return case(courses / "fly_embryo_named.tsv.gz", courses / "dm6_genes.tsv.gz", "ensgene",
                next(mirror.glob(FLY)), 100_000, tmp_path_factory.mktemp("fly"))  # fmt: skip


@pytest.fixture(scope="module")
def yeast(shared, mirror, tmp_path_factory):
    courses = shared / "courses"
    return case(courses / "yeast_cdc28_named.tsv.gz", courses / "yeast_genes.tsv.gz", "symbol",
                next(mirror.glob(YEAST)), 10_000, tmp_path_factory.mktemp("yeast"))  # fmt: skip


def ours(course, values, times, how, shifts, seed=1):
    arms = arm_contacts(course.clr, make_cooler_view(course.clr), 2, 20)
    bins = bins_of(arms, course.chroms, course.middles, course.clr.binsize)
    changes = changes_of(values, times, how, course.lengths)
    pairs = BinPairs([arms], [0.0], bins, 2, 20)
    return change_together(pairs, [changes], KINDS, shifts, seed)[0]


def theirs(reference, course, values, times, how, folder):
    """β and error of the kinds: as the reference has them."""
    kept = {"binsize": course.clr.binsize}
    for chrom, length in course.clr.chromsizes.items():
        name = chrom.removeprefix("chr")
        kept[f"m_{name}"] = course.clr.matrix(balance=True).fetch(chrom)
        kept[f"raw_{name}"] = course.clr.matrix(balance=False).fetch(chrom)
        kept[f"o_{name}"] = np.array([0, length])
    np.savez(folder / "map.npz", **kept)
    arms = reference.Arms(str(folder / "map.npz"), 2, 20)
    names = np.array([chrom.removeprefix("chr") for chrom in course.chroms])
    replicate = pd.Series(times).groupby(times).cumcount().to_numpy() + 1
    test = reference.Test(arms, arms.bins(names, course.middles), KINDS, 2, True, None)
    with np.errstate(all="ignore"):
        cleaned = reference.clean(
            reference.differences(values, times, replicate, how),
            values.mean(axis=1),
            [np.log(course.lengths + 1)],
        )
        return test(cleaned)


def replicated(course):
    """The same course with two samples of each time."""
    noise = np.random.default_rng(0).normal(0, 0.5, (len(course.values), 2 * len(course.times)))
    return np.repeat(course.values, 2, axis=1) + noise, np.repeat(course.times, 2)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["fly", "yeast"])
@pytest.mark.parametrize("how", ["mean", "cross"])
def test_effects_and_errors_are_the_references(reference, request, name, how, tmp_path):
    course = request.getfixturevalue(name)
    values, times = (course.values, course.times) if how == "mean" else replicated(course)
    expected = theirs(reference, course, values, times, how, tmp_path)
    for effect in ours(course, values, times, how, shifts=4):
        other = expected[effect.kind]
        assert effect.value == pytest.approx(other["beta"], abs=1e-8)
        assert effect.error == pytest.approx(other["se"], abs=1e-8)
        # Ours never takes changes for more than independent, as those of yeast would be.
        if name == "fly":
            assert effect.p_changes == pytest.approx(other["p_time"], abs=1e-6)


@pytest.mark.slow
def test_fly_embryos_show_it_and_yeast_does_not(fly, yeast):
    contact = ours(fly, fly.values, fly.times, "mean", shifts=999)[0]
    assert contact.value == pytest.approx(0.0090, abs=0.0002)
    assert 0.001 <= contact.p <= 0.012
    assert contact.low > 0
    contact = ours(yeast, yeast.values, yeast.times, "mean", shifts=999)[0]
    assert contact.value == pytest.approx(-0.002, abs=0.001)
    assert 0.5 <= contact.p <= 0.75
