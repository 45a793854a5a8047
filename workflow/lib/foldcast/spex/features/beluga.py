"""Beluga: 2,002 chromatin features of a 2,000-bp window, from weights that the user brings."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from foldcast.errors import InputError
from foldcast.files import checksum
from foldcast.job import log
from foldcast.spex.features.beluga_weights import CONVOLUTIONS, LINEAR, PARTS, read_weights
from foldcast.spex.features.dna_codes import LETTERS, STEP, WINDOW
from foldcast.spex.features.dna_codes import reverse_complement as other_strand
from foldcast.spex.features.layer_layouts import (
    fast_kernels,
    in_pieces,
    more_units,
    wide_enough,
)
from foldcast.spex.features.window_sharing import (
    BLOCK,
    COLUMNS,
    Layer,
    Layers,
    shared_windows,
    stretch_length,
    working_bytes,
)

PRECISIONS = {"fp32": torch.float32, "tf32": torch.float32, "bf16": torch.bfloat16}
TENSOR_CORES = (8, 0)  # CUDA's compute capability from which on TF32 and bf16 are there
WHOLE = 32  # numbers; a sigmoid takes as many at a time on a CPU, and rounds what is left otherwise
WIDE = 100  # channels; of narrower convolutions the calls take longer than what they multiply
TILE = 8192  # bp; the fastest measured on a CPU
AT_ONCE = 64  # stretches
TOGETHER = 128  # windows; on a CPU the linear layers are no faster with more
MOST_NUMBERS = 2**31 - 1  # in a tensor, for cuDNN
SAMPLE = 20  # windows on which a precision is compared with fp32


class Beluga:
    """The network on one device; widths are those of its weights.

    Args:
        state: weights by Beluga's keys (`read_weights`); emptied, so that none is there twice.
        precision: of convolutions and linear layers: fp32; tf32, on CUDA alone; bf16.
        memory_mb: working memory beside the weights, at least what one window takes.
        threads: of a CPU.
        device: ``cpu`` or ``cuda``; None: CUDA where there is one.
        digest: of the weights, for keys of what is computed with them.

    Raises:
        InputError: a precision that the device does not have.
    """

    def __init__(
        self,
        state: dict[str, Tensor],
        *,
        precision: str = "fp32",
        memory_mb: int = 2000,
        threads: int = 1,
        device: str | None = None,
        digest: str = "",
    ) -> None:
        self.device = device or ("cuda" if torch.cuda.is_available() else "cpu")
        self.precision, self.memory_mb, self.threads = precision, memory_mb, threads
        self.digest = digest
        _check_precision(precision, self.device)
        on_cpu, dtype = self.device == "cpu", PRECISIONS[precision]
        if on_cpu:
            torch.set_num_threads(threads)
        # Channels side by side: the faster layout on CPUs, and that of tensor cores.
        plain = not on_cpu and precision == "fp32"
        self._layout = torch.contiguous_format if plain else torch.channels_last
        self.tile = TILE if on_cpu else None

        def take(name: str) -> Layer:
            weight, bias = (state.pop(f"{name}.{part}").to(self.device, dtype) for part in PARTS)
            return weight, bias

        with torch.inference_mode():
            convolutions = [take(name) for name in CONVOLUTIONS]
            if on_cpu:
                convolutions = wide_enough(convolutions)
            convolutions = [(w.contiguous(memory_format=self._layout), b) for w, b in convolutions]
            narrowest = min(len(bias) for _, bias in convolutions)
            fast = on_cpu and precision == "fp32" and narrowest >= WIDE
            # One call in the other, since the first of these layers is nearly all of the memory.
            hidden = in_pieces(
                take(LINEAR[0]), len(convolutions[-1][1]), BLOCK if fast else COLUMNS
            )
            weight, bias = take(LINEAR[1])
            self.outputs = len(bias)
            more = len(hidden[1]) - weight.shape[1]
            last = more_units((functional.pad(weight, (0, more)), bias), WHOLE)
            kernels = fast_kernels(convolutions) if fast else None
            self.layers = Layers(convolutions, hidden, last, kernels)
            self._one_hot = torch.eye(len(LETTERS) + 1, len(LETTERS)).to(self.device, dtype)

    @classmethod
    def load(cls, path: str | Path, **options: Any) -> "Beluga":
        """Beluga with the weights of a PyTorch file.

        Raises:
            InputError: no weights of Beluga's (`read_weights`); a precision that is not there.
        """
        return cls(read_weights(path), digest=checksum(path), **options)

    @classmethod
    def of_job(cls, path: str | Path, options: Mapping[str, Any], threads: int) -> "Beluga":
        """`load` with the config's precision and memory."""
        own = {name: options[name] for name in ("precision", "memory_mb")}
        return cls.load(path, threads=threads, **own)

    def at_once(self, windows: int) -> int:
        """How many stretches of so many windows fit the memory together; at least one."""
        return min(max(self._room(windows), 1), AT_ONCE)

    def windows(self, codes: np.ndarray, *, reverse_complement: bool) -> np.ndarray:
        """Outputs of the windows that begin every 200 bp of a stretch.

        Args:
            codes: uint8 [2,000 + 200·(W - 1)], or a batch of stretches [B, …] of that length.
            reverse_complement: mean of the two strands of a window, instead of the given strand.

        Returns:
            [W, outputs] or [B, W, outputs], float32, in the order of the codes.
        """
        if codes.ndim == 1:
            return self.windows(codes[None], reverse_complement=reverse_complement)[0]
        steps, rest = divmod(codes.shape[-1] - WINDOW, STEP)
        if steps < 0 or rest:
            raise ValueError(f"{codes.shape[-1]} bp are no whole number of windows")
        total = steps + 1
        most = total if self._room(total) else self._most_windows(total)
        rows = self.at_once(most)
        if self.device == "cpu":
            rows = min(rows, -(-TOGETHER // most))
        result = np.empty((len(codes), total, self.outputs), dtype=np.float32)
        for b in range(0, len(codes), rows):
            for w in range(0, total, most):
                count = min(most, total - w)
                bases = codes[b : b + rows, STEP * w : STEP * w + stretch_length(count)]
                mean = self._outputs(bases)
                if reverse_complement:
                    mean = (mean + self._outputs(other_strand(bases)).flip(1)) / 2
                result[b : b + rows, w : w + count] = mean.cpu().numpy()
        return result

    def say(self, reverse_complement: bool) -> None:
        """Log on what, how exactly and of how many strands the network computes."""
        device = (
            torch.cuda.get_device_name() if self.device == "cuda" else f"{self.threads} threads"
        )
        strands = "mean of both strands" if reverse_complement else "given strand"
        log.info("Beluga: %d outputs, %s, %s, %s", self.outputs, device, self.precision, strands)

    def _outputs(self, codes: np.ndarray) -> Tensor:
        """Outputs [B, W, outputs] on the device, of stretches that fit the memory."""
        with self.computing():
            letters = self.letters(codes)
            return shared_windows(self.layers, letters, self.tile)[..., : self.outputs]

    def letters(self, codes: np.ndarray) -> Tensor:
        """Codes [B, n] one-hot on the device, [B, 4, 1, n], in its layout and precision."""
        index = torch.from_numpy(codes).to(self._one_hot.device).int()
        letters = self._one_hot[index].permute(0, 2, 1).unsqueeze(2)
        return letters.contiguous(memory_format=self._layout)

    @contextmanager
    def computing(self) -> Iterator[None]:
        """Without gradients, in the network's precision."""
        with torch.inference_mode(), _precision(self.precision):
            yield

    def _room(self, windows: int) -> int:
        """How many stretches of so many windows fit the memory; maybe none."""
        size = PRECISIONS[self.precision].itemsize
        room = self.memory_mb * 10**6 // working_bytes(self.layers, windows, self.tile, size)
        if self.tile is None:
            largest = stretch_length(windows) * max(self.layers.widths[:2])
            room = min(room, MOST_NUMBERS // largest)
        return room

    def _most_windows(self, total: int) -> int:
        """The most windows of one stretch that fit the memory; at least one."""
        fits, over = 1, total
        while over - fits > 1:
            middle = (fits + over) // 2
            fits, over = (middle, over) if self._room(middle) else (fits, middle)
        return fits


def log_deviation(
    network: Beluga, path: str | Path, codes: np.ndarray, *, reverse_complement: bool
) -> None:
    """Say how far outputs of a lower precision are from those of fp32, on the same device.

    Args:
        path: the file that the network's weights are from.
        codes: a stretch, of which the first windows are taken.
    """
    if network.precision == "fp32":
        return
    exact = Beluga.load(
        path, memory_mb=network.memory_mb, threads=network.threads, device=network.device
    )
    windows = min((len(codes) - WINDOW) // STEP + 1, SAMPLE)
    sample = codes[: stretch_length(windows)]
    mine, reference = (
        each.windows(sample, reverse_complement=reverse_complement) for each in (network, exact)
    )
    deviation = np.abs(mine - reference)
    log.info(
        "%s deviates from fp32 by at most %.2g, on average %.2g (outputs of %d windows)",
        network.precision,
        deviation.max(),
        deviation.mean(),
        windows,
    )


@contextmanager
def _precision(name: str) -> Iterator[None]:
    """PyTorch's own default takes TF32 for convolutions and not for products: both by name here."""
    kinds: list[Any] = [torch.backends.cudnn.conv, torch.backends.cuda.matmul]  # type: ignore[attr-defined]
    before = [kind.fp32_precision for kind in kinds]
    deterministic = torch.backends.cudnn.deterministic
    try:
        for kind in kinds:
            kind.fp32_precision = "tf32" if name == "tf32" else "ieee"
        torch.backends.cudnn.deterministic = True
        yield
    finally:
        for kind, value in zip(kinds, before, strict=True):
            kind.fp32_precision = value
        torch.backends.cudnn.deterministic = deterministic


def _check_precision(name: str, device: str) -> None:
    if device == "cuda":
        missing = name != "fp32" and torch.cuda.get_device_capability() < TENSOR_CORES
        found = f"{name}, which {torch.cuda.get_device_name()} does not have" if missing else ""
    else:
        # bf16 is there on every CPU, and fast on those that have instructions for it.
        found = f"{name}, and no GPU that PyTorch can use" if name == "tf32" else ""
    if found:
        raise InputError(
            "config",
            place="beluga.precision",
            found=found,
            expected="a precision that the device has",
            remedy="set fp32, or run the job on an NVIDIA GPU from Ampere on (A100, H100, …)",
        )
