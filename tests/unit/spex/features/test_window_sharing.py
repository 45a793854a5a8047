"""Windows that share their trunk are the windows by themselves."""

import numpy as np
import pytest
import torch

from foldcast.spex.features import beluga
from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.beluga_weights import CONVOLUTIONS, LINEAR
from foldcast.spex.features.dna_codes import encode, reverse_complement
from foldcast.spex.features.layer_layouts import in_pieces
from foldcast.spex.features.window_sharing import (
    COLUMNS,
    Layers,
    shared_windows,
    stretch_length,
    working_bytes,
)
from published_windows import SMALL, Network, random_weights

TOLERANCE = 1e-5
ONEDNN = torch.backends.mkldnn.is_available()


def dna(length, seed=1, letters="ACGT"):
    rng = np.random.default_rng(seed)
    return "".join(np.array(list(letters))[rng.integers(0, len(letters), length)])


def alone(network: Network, text: str) -> np.ndarray:
    """Window by window, from the text."""
    return network([text[k : k + 2000] for k in range(0, len(text) - 1999, 200)])


def same(one: np.ndarray, other: np.ndarray) -> None:
    """To the bit where oneDNN computes; other libraries may add up in another order."""
    np.testing.assert_allclose(one, other, rtol=0, atol=0 if ONEDNN else TOLERANCE)


@pytest.fixture(scope="module")
def small():
    return random_weights(SMALL, hidden=9, outputs=7)


@pytest.fixture(scope="module")
def full():
    return random_weights()


def test_the_numbers_of_the_text():
    assert COLUMNS == 106
    assert stretch_length(200) == 41_800


# With 73 windows, the tiles of the library leave two columns over.
@pytest.mark.parametrize("wide", [0, 100])
@pytest.mark.parametrize("windows", [1, 2, 3, 4, 5, 11, 73])
def test_any_number_of_windows(small, windows, wide, monkeypatch):
    """With fast kernels, and without as narrow networks are."""
    monkeypatch.setattr(beluga, "WIDE", wide)
    text = dna(stretch_length(windows), seed=windows, letters="ACGTN")
    network = Beluga(dict(small))
    assert bool(network.layers.fast) == (wide == 0)
    outputs = network.windows(encode(text), reverse_complement=False)
    np.testing.assert_allclose(outputs, alone(Network(small), text), rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("tile", [4, 52, 2000, 8192, None])
def test_any_tile(small, tile):
    text = dna(stretch_length(13))
    convolutions, linear = (
        [(small[f"{name}.weight"], small[f"{name}.bias"]) for name in names]
        for names in (CONVOLUTIONS, LINEAR)
    )
    hidden, (weight, bias) = in_pieces(linear[0], SMALL[-1]), linear[1]
    more = len(hidden[1]) - weight.shape[1]
    layers = Layers(convolutions, hidden, (torch.nn.functional.pad(weight, (0, more)), bias))
    letters = torch.eye(5, 4)[torch.from_numpy(encode(text)).int()].T[None, :, None]
    outputs = shared_windows(layers, letters, tile)[0]
    np.testing.assert_allclose(outputs, alone(Network(small), text), rtol=0, atol=TOLERANCE)


@pytest.mark.slow
def test_full_size_agrees_with_window_by_window(full):
    """The published widths, both strands, seeded random weights, fp32."""
    text = dna(stretch_length(5), seed=3)
    network = Beluga(dict(full))
    reference = Network(full)
    outputs = network.windows(encode(text), reverse_complement=False)
    expected = alone(reference, text)
    assert outputs.shape == (5, 2002) and outputs.dtype == np.float32
    assert expected.std() > 0.1  # the weights say something
    np.testing.assert_allclose(outputs, expected, rtol=0, atol=TOLERANCE)
    both = network.windows(encode(text), reverse_complement=True)
    other = network.windows(reverse_complement(encode(text)), reverse_complement=False)
    np.testing.assert_allclose(both, (outputs + other[::-1]) / 2, rtol=0, atol=TOLERANCE)


def test_memory_bounds_the_pass_and_changes_nothing(small):
    codes = encode(dna(stretch_length(90)))
    whole = Beluga(dict(small), memory_mb=2000)
    tight = Beluga(dict(small), memory_mb=1)
    assert tight._room(90) == 0 < whole._room(90)
    assert 1 <= tight._most_windows(90) < 90
    same(
        tight.windows(codes, reverse_complement=True),
        whole.windows(codes, reverse_complement=True),
    )


@pytest.mark.parametrize("precision, wide", [("fp32", 0), ("fp32", 100), ("bf16", 100)])
@pytest.mark.parametrize("outputs, threads", [(7, 1), (7, 2), (2002, 1)])
def test_a_window_has_the_same_outputs_in_whatever_stretch(
    outputs, threads, precision, wide, monkeypatch
):
    """To the bit, so that what was computed among others can stand for what would be alone."""
    monkeypatch.setattr(beluga, "WIDE", wide)
    weights = random_weights(SMALL, hidden=9, outputs=outputs)
    network = Beluga(weights, precision=precision, threads=threads)
    codes = encode(dna(stretch_length(60), letters="ACGTN"))
    whole = network.windows(codes, reverse_complement=True)
    for first, count in [(0, 1), (1, 1), (59, 1), (7, 2), (8, 5), (20, 17), (1, 59), (25, 33)]:
        part = codes[200 * first : 200 * first + stretch_length(count)]
        same(network.windows(part, reverse_complement=True), whole[first : first + count])


@pytest.mark.slow
def test_a_window_has_the_same_outputs_in_whatever_stretch_of_the_full_network(full):
    network = Beluga(dict(full))
    codes = encode(dna(stretch_length(23)))
    whole = network.windows(codes, reverse_complement=False)
    for first, count in [(0, 1), (5, 4), (6, 17)]:
        part = codes[200 * first : 200 * first + stretch_length(count)]
        same(network.windows(part, reverse_complement=False), whole[first : first + count])


def test_less_memory_than_a_window_takes_still_gives_windows(small):
    codes = encode(dna(stretch_length(3)))
    none = Beluga(dict(small), memory_mb=0)
    assert none.at_once(3) == 1
    assert none.windows(codes, reverse_complement=False).shape == (3, 7)


def test_a_batch_is_its_stretches(small):
    network = Beluga(dict(small))
    codes = np.stack([encode(dna(stretch_length(6), seed)) for seed in range(3)])
    each = [network.windows(row, reverse_complement=True) for row in codes]
    np.testing.assert_array_equal(network.windows(codes, reverse_complement=True), each)


@pytest.mark.parametrize("memory_mb, passes", [(2000, [5]), (5, [2, 2, 1]), (1, [1] * 15)])
def test_stretches_that_go_together_are_the_same(small, memory_mb, passes, monkeypatch):
    """As on a GPU: as many as fit, without tiles."""
    codes = np.stack([encode(dna(stretch_length(20), seed)) for seed in range(5)])
    expected = Beluga(dict(small)).windows(codes, reverse_complement=True)
    network = Beluga(dict(small), memory_mb=memory_mb)
    network.device, network.tile = "cuda", None
    asked = []
    outputs = network._outputs
    monkeypatch.setattr(network, "_outputs", lambda x: asked.append(len(x)) or outputs(x))
    result = network.windows(codes, reverse_complement=True)
    np.testing.assert_allclose(result, expected, rtol=0, atol=TOLERANCE)
    assert asked[::2] == passes


def test_the_same_numbers_twice(small):
    codes = encode(dna(stretch_length(40)))
    first, second = (Beluga(dict(small)).windows(codes, reverse_complement=True) for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("wide", [0, 100])
def test_memory_grows_linearly_with_windows(small, wide, monkeypatch):
    monkeypatch.setattr(beluga, "WIDE", wide)
    layers = Beluga(dict(small)).layers
    sizes = [working_bytes(layers, windows, 8192, 4) for windows in (2000, 4000, 6000)]
    assert sizes[2] - sizes[1] == pytest.approx(sizes[1] - sizes[0], rel=0.01)


def test_a_stretch_of_another_length_is_refused(small):
    with pytest.raises(ValueError, match="2100 bp"):
        Beluga(dict(small)).windows(encode("A" * 2100), reverse_complement=False)
