"""Beluga's weights are read and checked; precisions; what the two strands say."""

import io
import logging
import pickle

import numpy as np
import pytest
import torch

from foldcast.errors import InputError
from foldcast.spex.features import beluga
from foldcast.spex.features.beluga import Beluga, log_deviation
from foldcast.spex.features.beluga_weights import read_weights
from foldcast.spex.features.dna_codes import encode, reverse_complement
from published_windows import SMALL, Network, one_hot, other_strand, random_weights

RNG = np.random.default_rng(4)
TEXT = "".join(np.array(list("ACGT"))[RNG.integers(0, 4, 2000 + 200 * 4)])


@pytest.fixture
def state():
    return random_weights(SMALL, hidden=9, outputs=7)


@pytest.fixture
def network(state):
    return Beluga(dict(state))


@pytest.fixture
def saved(tmp_path):
    def save(state, **options):
        path = tmp_path / "beluga.pth"
        torch.save(state, path, **options)
        return path

    return save


def refusal(path, **options) -> InputError:
    with pytest.raises(InputError) as caught:
        Beluga.load(path, **options)
    assert caught.value.source == str(path)
    assert "beluga.weights" in caught.value.remedy
    return caught.value


@pytest.mark.parametrize("archive", [True, False])
def test_weights_load_unchanged_from_old_and_new_files(saved, state, archive):
    """The published file is of the time before PyTorch's archives."""
    path = saved(state, _use_new_zipfile_serialization=archive)
    weights = read_weights(path)
    assert list(weights) == list(state)
    for key, value in state.items():
        assert torch.equal(weights[key], value)
    network = Beluga.load(path)
    assert network.outputs == 7 and len(network.digest) == 64
    np.testing.assert_allclose(
        network.windows(encode(TEXT), reverse_complement=False),
        Network(state)([TEXT[k : k + 2000] for k in range(0, 801, 200)]),
        rtol=0,
        atol=1e-5,
    )


def test_half_precision_weights_are_taken(saved, state):
    half = read_weights(saved({key: value.half() for key, value in state.items()}))
    assert {value.dtype for value in half.values()} == {torch.float32}


def test_a_page_of_html_is_no_network(tmp_path):
    path = tmp_path / "beluga.pth"
    path.write_text("<!DOCTYPE html>\n<html><title>Not found</title></html>")
    error = refusal(path)
    assert "a web page (HTML)" in error.found and "PyTorch" in error.expected


def test_no_file_and_an_empty_file(tmp_path):
    assert "no such file" in refusal(tmp_path / "none.pth").found
    (tmp_path / "empty.pth").touch()
    refusal(tmp_path / "empty.pth")


class Payload:
    def __reduce__(self):
        return print, ("code of the file ran",)


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
@pytest.mark.parametrize("kind", ["torch", "pickle"])
def test_code_in_a_pickle_does_not_run(tmp_path, state, kind, capsys):
    path = tmp_path / "beluga.pth"
    if kind == "torch":
        torch.save({**state, "extra": Payload()}, path)
    else:
        path.write_bytes(pickle.dumps(Payload()))
    error = refusal(path)
    assert "more than weights" in error.found
    assert "weights_only" not in str(error)  # no advice to switch the check off
    assert "code of the file ran" not in capsys.readouterr().out


@pytest.mark.parametrize("archive", [True, False])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.95])
def test_a_file_that_ends_too_early(tmp_path, state, archive, part):
    whole = io.BytesIO()
    torch.save(state, whole, _use_new_zipfile_serialization=archive)
    path = tmp_path / "beluga.pth"
    path.write_bytes(whole.getvalue()[: int(len(whole.getvalue()) * part)])
    assert "broken" in refusal(path).found


def test_a_file_of_something_else(saved):
    assert "list" in refusal(saved([torch.zeros(3)])).found


def test_a_missing_key_is_named(saved, state):
    del state["model.0.8.weight"]
    error = refusal(saved(state))
    assert error.place == "model.0.8.weight" and "no such key" in error.found


def test_keys_of_a_wrapped_network_are_named(saved, state):
    error = refusal(saved({f"module.{key}": value for key, value in state.items()}))
    assert error.place == "model.0.0.weight" and "module.model.0.0.weight" in error.found


def test_a_key_too_many_is_named(saved, state):
    error = refusal(saved({**state, "model.0.16.weight": torch.zeros(1)}))
    assert error.place == "model.0.16.weight"


@pytest.mark.parametrize(
    "key, shape, expected",
    [
        ("model.0.0.weight", (8, 5, 1, 8), "(any, 4, 1, 8)"),
        ("model.0.6.weight", (16, 12, 1, 7), "(any, 12, 1, 8)"),
        ("model.0.6.weight", (16, 11, 1, 8), "(any, 12, 1, 8)"),
        ("model.0.14.weight", (8, 12, 8), "(any, 12, 1, 8)"),
        ("model.0.2.bias", (13,), "(12,)"),
        ("model.1.2.1.weight", (9, 105 * 8), "(any, 848)"),
        ("model.1.4.1.weight", (7, 10), "(any, 9)"),
        ("model.1.4.1.bias", (), "(7,)"),
    ],
)
def test_a_shape_that_does_not_fit_is_named(saved, state, key, shape, expected):
    state[key] = torch.zeros(shape)
    error = refusal(saved(state))
    assert error.place == key
    assert str(tuple(shape)) in error.found and expected in error.expected


def test_values_that_are_no_numbers(saved, state):
    state["model.0.6.bias"][3] = float("nan")
    assert refusal(saved(state)).place == "model.0.6.bias"
    state["model.0.6.bias"] = torch.zeros(16, dtype=torch.int64)
    assert refusal(saved(state)).place == "model.0.6.bias"


def test_letters_of_either_case_are_the_same(network):
    np.testing.assert_array_equal(
        network.windows(encode(TEXT.lower()), reverse_complement=True),
        network.windows(encode(TEXT), reverse_complement=True),
    )


def test_n_and_iupac_letters_are_zeros(state, network):
    text = TEXT[:300] + "NRYKM" * 40 + TEXT[500:]
    outputs = network.windows(encode(text), reverse_complement=False)
    x = one_hot(text)
    assert not x[..., 300:500].any()
    np.testing.assert_allclose(
        outputs, Network(state)([text[k : k + 2000] for k in range(0, 801, 200)]), atol=1e-5
    )
    np.testing.assert_array_equal(
        outputs, network.windows(encode(text.replace("R", "-")), reverse_complement=False)
    )


def test_the_mean_of_both_strands(state, network):
    windows = [TEXT[k : k + 2000] for k in range(0, 801, 200)]
    reference = Network(state)
    expected = (reference(windows) + reference([other_strand(w) for w in windows])) / 2
    np.testing.assert_allclose(
        network.windows(encode(TEXT), reverse_complement=True), expected, rtol=0, atol=1e-5
    )


def test_the_mean_of_both_strands_does_not_know_the_strand(network):
    here = network.windows(encode(TEXT), reverse_complement=True)
    there = network.windows(reverse_complement(encode(TEXT)), reverse_complement=True)
    np.testing.assert_allclose(here, there[::-1], rtol=0, atol=1e-6)
    assert not np.allclose(here, network.windows(encode(TEXT), reverse_complement=False))


def test_tf32_needs_a_gpu(saved, state):
    with pytest.raises(InputError) as caught:
        Beluga.load(saved(state), precision="tf32", device="cpu")
    assert caught.value.place == "beluga.precision" and "fp32" in caught.value.remedy


def test_an_old_gpu_has_no_bf16(monkeypatch):
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (7, 0))
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: "Tesla V100")
    with pytest.raises(InputError, match="Tesla V100"):
        beluga._check_precision("bf16", "cuda")
    beluga._check_precision("fp32", "cuda")


def test_bf16_is_near_fp32_and_its_deviation_is_said(saved, state, caplog):
    path = saved(state)
    exact, rough = (Beluga.load(path, precision=each, device="cpu") for each in ("fp32", "bf16"))
    outputs = rough.windows(encode(TEXT), reverse_complement=True)
    expected = exact.windows(encode(TEXT), reverse_complement=True)
    assert outputs.dtype == np.float32
    deviation = np.abs(outputs - expected).max()
    assert 0 < deviation < 0.05
    with caplog.at_level(logging.INFO, logger="foldcast"):
        log_deviation(exact, path, encode(TEXT), reverse_complement=True)
        assert not caplog.text
        log_deviation(rough, path, encode(TEXT), reverse_complement=True)
    assert f"at most {deviation:.2g}" in caplog.text and "5 windows" in caplog.text


def test_pytorchs_own_settings_are_left_as_they_were(network):
    kinds = [torch.backends.cudnn.conv, torch.backends.cuda.matmul]
    before = [kind.fp32_precision for kind in kinds]
    with beluga._precision("tf32"):
        assert [kind.fp32_precision for kind in kinds] == ["tf32", "tf32"]
    with beluga._precision("fp32"):
        assert [kind.fp32_precision for kind in kinds] == ["ieee", "ieee"]
    assert [kind.fp32_precision for kind in kinds] == before
