"""Convolutions along a sequence with fewer multiplications.

A signal is held as its even columns x and its odd ones y, a kernel as its even taps e and odd taps
o. Four convolutions of a half with a half make the output; three do too:

    even output   e * (x - y) + (e + o) * y
    odd output    o * (x' - y) + (e + o) * y      x' is x from its next column on

A quarter of the multiplications is saved, and halving again saves a quarter of what is left
(Winograd 1980, "fast FIR"). Outputs differ from the plain sum in the last digits, as those of two
libraries do.
"""

from torch import Tensor

from foldcast.spex.features.onednn_layers import convolution, packed_convolution

Kernel = Tensor | tuple["Kernel", "Kernel", "Kernel"]


def halved(weight: Tensor, times: int) -> Kernel:
    """Weights [out, in, 1, taps] as `convolve` takes them for a signal in 2 ** ``times`` phases."""
    if times == 0:
        return packed_convolution(weight)
    even, odd = weight[..., 0::2], weight[..., 1::2]
    return halved(even, times - 1), halved(odd, times - 1), halved(even + odd, times - 1)


def convolve(phases: list[Tensor], kernel: Kernel, bias: Tensor | None) -> list[Tensor]:
    """Convolution without padding of a signal in phases.

    Args:
        phases: P of them, a power of 2; number p is columns p, p + P, p + 2P, … of the signal,
            [B, in, 1, n], or one less in the last of them.
        kernel: `halved` as often as P says.

    Returns:
        The phases of the output, [B, out, 1, n']; of columns that not all kernels reach none.
    """
    if isinstance(kernel, Tensor):
        return [convolution(phases[0], kernel, bias)]
    even, odd = phases[0::2], phases[1::2]
    next_even = [*even[1:], even[0][..., 1:]]
    of_even, of_odd, of_both = kernel
    both = convolve(odd, of_both, bias)
    first = _add(convolve(_less(even, odd), of_even, None), both)
    second = _add(convolve(_less(next_even, odd), of_odd, None), both)
    return [half for pair in zip(first, second, strict=True) for half in pair]


def _less(some: list[Tensor], others: list[Tensor]) -> list[Tensor]:
    """Differences, as far as both go."""
    lengths = (min(one.shape[-1], other.shape[-1]) for one, other in zip(some, others, strict=True))
    return [
        one[..., :n] - other[..., :n] for one, other, n in zip(some, others, lengths, strict=True)
    ]


def _add(some: list[Tensor], others: list[Tensor]) -> list[Tensor]:
    """Sums in place of the first, which are no longer than the others."""
    return [one.add_(other[..., : one.shape[-1]]) for one, other in zip(some, others, strict=True)]
