"""The bin size that is proposed for a map, and its assembly by the lengths of its chromosomes."""

import cooler
import numpy as np
import pandas as pd
import pytest

from foldcast.hic.resolution_choice import propose

TEST_DATA = "paulsengroup/hictkpy/775e71f65f68442fc8f277b855731e39efcee81f/test/data"
LEVELS = (10_000, 50_000, 200_000)


def mcool(path, contacts: int):
    """So many contacts, evenly over half of a chromosome of 4 Mb; the other half has none."""
    for size in LEVELS:
        n = 2_000_000 // size
        bins = cooler.binnify(pd.Series({"chr1": 4_000_000}), size)
        first, second = np.triu_indices(n)
        count = np.diff(np.linspace(0, contacts, len(first) + 1).astype(int))
        pixels = pd.DataFrame({"bin1_id": first, "bin2_id": second, "count": count})
        cooler.create_cooler(f"{path}::/resolutions/{size}", bins, pixels, mode="a")
    return path


@pytest.mark.parametrize(
    "contacts, resolution, each",
    [(500_000, 10_000, 5000), (50_000, 50_000, 2500), (8000, 200_000, 1600), (500, 200_000, 100)],
)
def test_the_finest_level_that_is_deep_enough(tmp_path, contacts, resolution, each):
    found = propose(mcool(tmp_path / "a.mcool", contacts))
    assert found.there == [*LEVELS] and found.resolution == resolution
    assert found.contacts == pytest.approx(each)  # a contact counts in both of its bins
    assert found.compartments == 200_000 and found.assembly is None


def test_hic_and_cooler_of_the_same_map(mirror):
    found = propose(mirror / TEST_DATA / "hic_test_file.hic")
    assert (found.there, found.resolution, found.assembly) == ([100_000], 100_000, "dm6")
    found = propose(mirror / TEST_DATA / "cooler_test_file.mcool")
    assert found.there == [100_000, 1_000_000] and found.resolution == found.compartments == 100_000
    assert found.contacts > 100_000 and found.assembly == "dm6"
