"""Beluga's file of weights, read and checked."""

import pickle
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from foldcast.errors import InputError, first_few
from foldcast.file_kinds import foreign
from foldcast.spex.features.dna_codes import LETTERS
from foldcast.spex.features.window_sharing import COLUMNS, KERNEL

CONVOLUTIONS = [f"model.0.{k}" for k in (0, 2, 6, 8, 12, 14)]
LINEAR = ["model.1.2.1", "model.1.4.1"]
PARTS = ["weight", "bias"]
KEYS = [f"{layer}.{part}" for layer in (*CONVOLUTIONS, *LINEAR) for part in PARTS]
MAGIC = (b"PK\x03\x04", b"\x80")  # of torch.save's archive, and of a pickle, as it was before
# What torch.load raises where a file ends too early or is garbled depends on where.
BROKEN = (AttributeError, EOFError, LookupError, OSError, RuntimeError, TypeError, ValueError)
PUBLISHED = "https://zenodo.org/record/3402406/files/deepsea.beluga.pth?download=1"
NAMED = 4  # keys in a message


def read_weights(path: str | Path) -> dict[str, Tensor]:
    """Weights by Beluga's keys, float32, on the CPU; layers may be of any width.

    Raises:
        InputError: no file of PyTorch's; one that holds code or no table of tensors; a key that is
            missing or that Beluga does not have; a shape that does not fit the layer before; values
            that are no numbers.
    """
    state = _load(path)
    missing = [key for key in KEYS if key not in state]
    odd = [key for key in state if key not in KEYS]
    if missing:
        there = first_few(state, NAMED) or "none"
        raise _not_beluga(path, missing[0], f"no such key; the file has {there}")
    if odd:
        raise _not_beluga(path, str(odd[0]), "a key that Beluga does not have")
    for key in KEYS:
        if not isinstance(state[key], Tensor) or not state[key].is_floating_point():
            raise _not_beluga(path, key, "no tensor of floating-point numbers")
    _check_shapes(path, state)
    weights = {key: state.pop(key).detach().float() for key in KEYS}
    for key, value in weights.items():
        # Two numbers of all, which need no room, instead of an answer for each.
        if not torch.isfinite(torch.stack(value.aminmax())).all():
            raise _not_beluga(path, key, "values that are no numbers", "finite values")
    return weights


def _load(path: str | Path) -> dict[str, Any]:
    try:
        with open(path, "rb") as handle:
            start = handle.read(60)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _not_beluga(path, None, reason, "a file that can be read") from None
    if not start.startswith(MAGIC):
        if kind := foreign(start):
            raise _not_beluga(path, None, kind.found, "a PyTorch file")
        text = start.decode("ascii", errors="replace").split("\n")[0]
        raise _not_beluga(path, None, f"a file that begins with {text!r}", "a PyTorch file")
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        # torch's own message goes on to explain how to switch the check off: not here.
        reason = str(error).split("WeightsUnpickler error:")[-1].strip().split(". ")[0]
        found = f"more than weights, or a broken file ({reason[:120]})"
        raise _not_beluga(path, None, found, "weights alone: nothing that runs code") from None
    except BROKEN as error:
        reason = f"{type(error).__name__}: {error}".split("\n")[0]
        found = f"a broken file ({reason[:120]})"
        raise _not_beluga(path, None, found, "a whole PyTorch file") from None
    if not isinstance(state, dict):
        raise _not_beluga(path, None, f"a {type(state).__name__}", "a table of tensors by key")
    return state


def _check_shapes(path: str | Path, state: dict[str, Tensor]) -> None:
    before = len(LETTERS)
    for layer in (*CONVOLUTIONS, *LINEAR):
        weight, bias = (state[f"{layer}.{part}"] for part in PARTS)
        shape = tuple(weight.shape)
        if layer == LINEAR[0]:
            before *= COLUMNS
        rest = (before, 1, KERNEL) if layer in CONVOLUTIONS else (before,)
        if shape[1:] != rest or not shape[:1] or not shape[0]:
            expected = f"(any, {', '.join(map(str, rest))})"
            raise _not_beluga(path, f"{layer}.weight", f"shape {shape}", f"shape {expected}")
        if tuple(bias.shape) != shape[:1]:
            expected = f"shape ({shape[0]},)"
            raise _not_beluga(path, f"{layer}.bias", f"shape {tuple(bias.shape)}", expected)
        before = shape[0]


def _not_beluga(
    path: str | Path,
    place: str | None,
    found: str,
    expected: str = f"Beluga's keys, unchanged: {KEYS[0]} … {KEYS[-1]}",
) -> InputError:
    return InputError(
        path,
        place=place,
        found=found,
        expected=expected,
        remedy=f"give Beluga's own file as `beluga.weights` ({PUBLISHED})",
    )
