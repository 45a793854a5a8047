"""Single bases changed in windows, against windows that are read whole."""

import numpy as np
import pytest

from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import LETTERS, reverse_complement
from foldcast.spex.features.point_changes import MARGIN, PointChanges, Points
from published_windows import SMALL, Network, random_weights

OUTPUTS = 7
CODES = np.random.default_rng(5).integers(0, 4, 5000).astype(np.uint8)
CODES[[1700, 2600, 2601]] = 4  # N
# From the first base of a window to its last one, which no column is of.
PLACES = [0, 1, 2, 13, 14, 15, 16, 17, 100, 555, 998, 999, 1000, 1500, 1990, *range(1983, 2000)]


@pytest.fixture(scope="module")
def state():
    return random_weights(SMALL, hidden=9, outputs=OUTPUTS)


def read(codes):
    return "".join(f"{LETTERS}N"[code] for code in codes)


def asked():
    """Every place in a window, at all of the pools' phases, with other bases."""
    rng = np.random.default_rng(2)
    place = np.repeat(PLACES, 3)
    start = MARGIN + rng.integers(0, len(CODES) - 2000 - 2 * MARGIN, len(place))
    start[0], start[-1] = MARGIN, len(CODES) - 2000 - MARGIN
    at = start + place
    code = (np.minimum(CODES[at], 3) + rng.integers(1, 4, len(at))) % 4
    return Points(at, code.astype(np.uint8), np.arange(len(at)), start)


@pytest.mark.parametrize("both", [False, True])
def test_a_changed_base_is_as_in_the_window_read_whole(state, both):
    points, oracle = asked(), Network(state)

    def outputs(codes):
        one = oracle([read(codes)])[0]
        return (one + oracle([read(reverse_complement(codes))])[0]) / 2 if both else one

    want = []
    for at, code, start in zip(points.at, points.code, points.start, strict=True):
        new = CODES.copy()
        new[at] = code
        want.append(
            *np.diff([outputs(each[start : start + 2000]) for each in (CODES, new)], axis=0)
        )
    changes = PointChanges(Beluga(dict(state)))
    found = changes.differences(CODES, points, reverse_complement=both)
    np.testing.assert_allclose(found, want, rtol=0, atol=2e-6)
    assert np.abs(want).max() > 0.01
    strands = 1 + both
    assert changes.changed == strands * len(points.start)
    assert changes.reference == strands * len(np.unique(points.start))


def test_windows_that_several_points_share_are_computed_once(state):
    at = np.arange(2500, 2510)
    start = 1000 + 200 * np.arange(3)
    points = Points(at, (CODES[at] + 1) % 4, np.repeat(np.arange(10), 3), np.tile(start, 10))
    changes = PointChanges(Beluga(dict(state)))
    found = changes.differences(CODES, points, reverse_complement=False)
    assert (changes.reference, changes.changed) == (3, 30)
    assert np.abs(found).max(axis=1).min() > 0


def test_the_same_base_changes_nothing(state):
    points = asked()
    same = Points(points.at, CODES[points.at], points.point, points.start)
    found = PointChanges(Beluga(dict(state))).differences(CODES, same, reverse_complement=True)
    assert np.abs(found).max() < 1e-6
