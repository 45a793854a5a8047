"""Beluga's weights as `window_sharing` takes them."""

from torch import Tensor
from torch.nn import functional

from foldcast.spex.features.fast_convolutions import halved
from foldcast.spex.features.fast_fifths import in_fifths
from foldcast.spex.features.onednn_layers import packed_product
from foldcast.spex.features.window_sharing import COLUMNS, FastKernels, Layer, Pieces

NARROWEST = 16  # channels of a convolution on a CPU
ALIGNED = 8  # numbers
# Of the second to fourth convolution: windows begin at multiples of 8, 2 and 2 of their columns.
HALVINGS = (3, 1, 1)


def fast_kernels(convolutions: list[Layer]) -> FastKernels:
    """Those of the six convolutions; not for bf16, which would round the sums of taps."""
    halvings = zip(convolutions[1:4], HALVINGS, strict=True)
    return FastKernels(
        [halved(weight, times) for (weight, _), times in halvings],
        [in_fifths(weight) for weight, _ in convolutions[4:]],
    )


def wide_enough(convolutions: list[Layer]) -> list[Layer]:
    """Convolutions with channels of zeros, which say nothing, up to `NARROWEST`.

    oneDNN's bf16 convolutions of 5 to 15 channels are wrong on processors with AMX (PyTorch 2.13).
    Its fp32 ones of up to 10 channels add up in another order in long stretches than in short ones
    on processors of AMD's, and a window would not be the same to the bit wherever it is read.
    """
    wide, before = [], 0
    for weight, bias in convolutions:
        more = max(NARROWEST - len(bias), 0)
        wide.append(
            (
                functional.pad(weight, (0, 0, 0, 0, 0, before, 0, more)),
                functional.pad(bias, (0, more)),
            )
        )
        before = more
    return wide


def in_pieces(layer: Layer, width: int, columns: int = COLUMNS) -> Pieces:
    """The first linear layer, [units, channels · columns] as Beluga flattens, in pieces.

    Args:
        width: channels of the last convolution; those more than the layer has are of zeros.
        columns: of a piece.
    """
    weight, bias = layer
    by_channel = weight.unflatten(1, (-1, COLUMNS))
    channels, units = width - by_channel.shape[1], -len(bias) % ALIGNED
    pieces: list[Tensor] = []
    for piece in by_channel.split(columns, dim=2):
        wide = functional.pad(piece.transpose(1, 2), (0, channels, 0, 0, 0, units))
        pieces.append(packed_product(wide.flatten(1)))
    return pieces, functional.pad(bias, (0, units))


def more_units(layer: Layer, aligned: int) -> Layer:
    """A linear layer with units of zeros, which say nothing, up to a multiple of a width."""
    weight, bias = layer
    more = -len(bias) % aligned
    return functional.pad(weight, (0, 0, 0, more)), functional.pad(bias, (0, more))
