"""Hand-made weights in Beluga's layout: small, and each output's meaning is known.

Convolutions 1 and 2 recognise the motifs of `foldcast.demo.motifs` on both strands, 3 adds the
strands up, the others only pass on; the head looks where in the window a motif is. All kernels
are eight long, so that what passes on one tap moves a little: by 3 or 4 columns.
"""

from collections.abc import Mapping

import numpy as np

from foldcast.demo.motifs import COMPLEMENT, MOTIFS

LETTERS = "AGCT"  # the order of Beluga's input channels
KERNEL, HALF = 8, 4  # bp: the second part of a motif of twelve begins HALF after the first
COLUMNS = 106  # what two poolings by four leave of 2,000 bp, 16 bp each
CENTRE = slice(41, 66)  # columns of motifs that begin at 796 … 1,195 of 2,000 bp
COUNT = len(MOTIFS)
GC = COUNT  # the channel after the motifs'
DENIED, GIVEN = -6.0, 12.0  # an output's logit without its motif, and what one motif adds

# Output: what it asks for. `any`: wherever in the window, otherwise in its centre.
OUTPUTS: tuple[Mapping[str, float], ...] = (
    {"promoter1": 1.0},
    {"promoter2": 1.0},
    {"promoter3": 1.0},
    {"enhancer": 1.0},
    {"silencer": 1.0},
    {"decoy": 1.0},
    {"promoter1": 1.0, "promoter2": 1.0},
    {"any promoter1": 1.0},
    {"any enhancer": 1.0},
    {"any decoy": 1.0},
    {"GC": 1.0},
    {"GC": -1.0},
)
GC_MIDDLE, GC_SLOPE = 0.49, 60.0  # of the outputs of GC


def weights() -> dict[str, np.ndarray]:
    """The state dict: float32 arrays by Beluga's keys; convolutions [out, in, 1, 8]."""
    first, second = _recognise()
    merge = np.zeros((COUNT + 1, 2 * COUNT + 1, KERNEL))
    for motif in range(COUNT):
        merge[motif, 2 * motif : 2 * motif + 2, 3] = 1.0
    merge[GC, 2 * COUNT, :] = 1 / KERNEL
    layers = {0: first, 2: second, 6: (merge, np.zeros(COUNT + 1))}
    for layer, tap in ((8, 4), (12, 3), (14, 4)):
        kept = np.zeros((COUNT + 1, COUNT + 1, KERNEL))
        kept[np.arange(COUNT), np.arange(COUNT), tap] = 1.0
        kept[GC, GC, :] = 1 / KERNEL
        layers[layer] = (kept, np.zeros(COUNT + 1))
    found = {}
    for layer, (kernels, bias) in layers.items():
        found[f"model.0.{layer}.weight"] = kernels[:, :, None, :]
        found[f"model.0.{layer}.bias"] = bias
    for layer, (matrix, bias) in zip((2, 4), _head(), strict=True):
        found[f"model.1.{layer}.1.weight"] = matrix
        found[f"model.1.{layer}.1.bias"] = bias
    return {key: value.astype(np.float32) for key, value in found.items()}


def _recognise() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Convolutions 1 and 2: 1 where a motif begins on either strand; the share of G and C."""
    first = np.zeros((4 * COUNT + 1, len(LETTERS), KERNEL))
    bias = np.full(len(first), 1.0 - KERNEL)  # only eight matches out of eight are above zero
    second = np.zeros((2 * COUNT + 1, len(first), KERNEL))
    both = np.full(len(second), -1.0)
    words = [
        word
        for motif in MOTIFS.values()
        for word in (motif, motif.encode().translate(COMPLEMENT)[::-1].decode())
    ]
    for k, word in enumerate(words):
        for half in range(2):
            for position, letter in enumerate(word[HALF * half : HALF * half + KERNEL]):
                first[2 * k + half, LETTERS.index(letter), position] = 1.0
            second[k, 2 * k + half, HALF * half] = 1.0
    first[-1, [LETTERS.index("G"), LETTERS.index("C")], :] = 1 / KERNEL
    second[-1, -1, :] = 1 / KERNEL
    bias[-1] = both[-1] = 0.0
    return (first, bias), (second, both)


def _head() -> tuple[tuple[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    """Hidden units: each motif in the centre, then anywhere, then GC; outputs from those."""
    hidden = np.zeros((2 * COUNT + 1, COUNT + 1, COLUMNS))
    for motif in range(COUNT):
        hidden[motif, motif, CENTRE] = 1.0
        hidden[COUNT + motif, motif, :] = 1.0
    hidden[-1, GC, :] = 1 / COLUMNS
    units = [*MOTIFS, *(f"any {name}" for name in MOTIFS), "GC"]
    matrix, bias = np.zeros((len(OUTPUTS), len(units))), np.zeros(len(OUTPUTS))
    for k, asked in enumerate(OUTPUTS):
        for name, sign in asked.items():
            slope = sign * GC_SLOPE if name == "GC" else GIVEN
            matrix[k, units.index(name)] = slope
            bias[k] = -slope * GC_MIDDLE if name == "GC" else DENIED
    return (hidden.reshape(len(hidden), -1), np.zeros(len(hidden))), (matrix, bias)
