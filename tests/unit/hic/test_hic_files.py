"""Juicer's .hic files: the same map as the cooler of the same counts, and what users get wrong."""

import cooler
import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError, together
from foldcast.hic import hic_files
from foldcast.hic.balancing import Balance
from foldcast.hic.hic_files import hic_to_cooler
from foldcast.hic.map_import import import_map
from foldcast.preflight.given_maps import count_genes, look_at_map

TEST_DATA = "paulsengroup/hictkpy/775e71f65f68442fc8f277b855731e39efcee81f/test/data"
BIN = 100_000


@pytest.fixture(scope="module")
def hic(mirror):
    """Micro-C of dm6 at 100 kb, in a .hic file."""
    return mirror / TEST_DATA / "hic_test_file.hic"


@pytest.fixture(scope="module")
def mcool(mirror):
    """The same counts, in a cooler."""
    return mirror / TEST_DATA / "cooler_test_file.mcool"


@pytest.fixture(scope="module")
def sizes(mcool):
    return cooler.Cooler(f"{mcool}::/resolutions/{BIN}").chromsizes.astype("int64")


@pytest.mark.slow
def test_hic_and_cooler_of_the_same_counts_give_the_same_map(hic, mcool, sizes, tmp_path):
    made = {}
    for source in (hic, mcool):
        target = tmp_path / f"{source.name}.cool"
        import_map(source, BIN, sizes, target, Balance())
        made[source.suffix] = cooler.Cooler(str(target))
    one, two = made[".hic"], made[".mcool"]
    assert one.chromnames == [name for name in sizes.index if name != "chrM"]
    assert one.info["sum"] == two.info["sum"] > 118_000_000
    for table in ("bins", "pixels"):
        pd.testing.assert_frame_equal(getattr(one, table)()[:], getattr(two, table)()[:])
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        f"{p.name}.cool" for p in (mcool, hic)
    ]


def test_contacts_are_those_of_the_cooler_in_strips_of_any_width(hic, mcool, tmp_path, monkeypatch):
    monkeypatch.setattr(hic_files, "STRIP", 97)
    hic_to_cooler(hic, BIN, tmp_path / "raw.cool")
    made = cooler.Cooler(str(tmp_path / "raw.cool"))
    truth = cooler.Cooler(f"{mcool}::/resolutions/{BIN}")
    pd.testing.assert_frame_equal(made.pixels()[:], truth.pixels()[:], check_dtype=False)
    assert made.pixels().dtypes["count"] == np.int32
    assert made.chromsizes.to_dict() == truth.chromsizes.to_dict()


def refusal(path, sizes, resolution=BIN):
    with pytest.raises(InputError) as error:
        import_map(path, resolution, sizes, path.parent / "out.cool", Balance())
    assert str(path) in str(error.value)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    with pytest.raises(InputError) as before:
        preflight(path, sizes, resolution)
    assert str(before.value) == str(error.value)
    return error.value


def preflight(path, sizes, resolution=BIN):
    about = {"resolutions": [resolution], "options": {"format": "hic"}}
    with together() as attempt:
        return look_at_map(attempt, "fly", {"map": str(path)}, about, sizes)


def test_preflight_reads_it_too_with_other_names(hic, sizes):
    """`2L` of the genome is chr2L of the file; genes on other chromosomes are counted."""
    few = sizes.rename(lambda name: name.removeprefix("chr"))[["2L", "4"]]
    said, chromosomes = preflight(hic, few)
    assert chromosomes == {"2L", "4"}
    assert said.startswith("map fly: 2 chromosomes (renamed as in the genome); contacts: ")
    assert said.endswith("resolutions: 100,000 bp")
    genes = pd.DataFrame({"chrom": ["2L", "3R", "4", "3R", "X"]})
    with together() as attempt:
        counted = count_genes(attempt, "fly", genes, chromosomes)
        assert counted == "map fly: 2 of 5 genes lie in the map"
        assert not count_genes(attempt, "fly", genes[:1], chromosomes)
        assert not count_genes(attempt, "fly", None, chromosomes)


def test_what_is_wrong_with_a_hic_file(hic, sizes, tmp_path):
    path = tmp_path / "map.hic"
    path.symlink_to(hic)
    error = refusal(path, sizes, 40_000)
    assert (error.place, error.found) == ("resolution 40,000 bp", "100,000")
    assert "`resolution`" in error.remedy
    error = refusal(path, pd.Series({"chr2L": 23_000_000, "chr4": 1_348_131}))
    assert "chr2L has 23,513,712 bp" in error.found
    path.unlink()
    path.write_bytes(hic.read_bytes()[: hic.stat().st_size // 2])
    assert "cannot read" in refusal(path, sizes).found
