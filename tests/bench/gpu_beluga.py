"""Full-size Beluga on a GPU: windows per second by precision, shared and window by window.

`python tests/bench/gpu_beluga.py [--genes 2048] [--profile]` prints a table in Markdown, with
date and machine, for docs/performance.md. Sequence and weights are random, with a seed; what is
timed is what a job does from letters to the features of a gene, without reading files. It needs
PyTorch with CUDA, NumPy, pandas and pyfaidx. `--device cpu --small` tries the script itself.
"""

import argparse
import datetime
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "workflow/lib"), str(ROOT / "tests/support")]

from foldcast.spex.features.beluga import Beluga  # noqa: E402
from foldcast.spex.features.local_features import SHIFTS, local_features  # noqa: E402
from foldcast.spex.features.window_sharing import Layers, stretch_length  # noqa: E402
from published_windows import random_weights  # noqa: E402

PUBLISHED_GENES = 22_826
WINDOWS = len(SHIFTS)
LONG = 2500  # windows of a stretch of places, as of a 3D block: 500 kb
COMPARED = 4  # genes, window by window in fp32
# Dense peaks of the makers' data sheets, FLOP/s.
PEAKS = {
    "H200": {"fp32": 67e12, "tf32": 494.7e12, "bf16": 989.4e12},
    "H100": {"fp32": 67e12, "tf32": 494.7e12, "bf16": 989.4e12},
    "A100": {"fp32": 19.5e12, "tf32": 156e12, "bf16": 312e12},
}


@dataclass
class Rate:
    """Windows and seconds, and the operations that they took."""

    windows: int
    seconds: float
    operations: float

    @property
    def speed(self) -> float:
        return self.windows / self.seconds

    def share(self, peak: float | None) -> str:
        return f"{100 * self.operations / self.seconds / peak:.0f} %" if peak else "–"


def operations(layers: Layers, windows: int) -> float:
    """Multiplications and additions of one strand of one stretch, as the library computes it."""
    length, total = stretch_length(windows), 0.0

    def pair(columns: int, first: int) -> int:
        nonlocal total
        for weight, _ in layers.convolutions[first : first + 2]:
            columns -= weight.shape[-1] - 1
            total += 2 * columns * weight.numel()
        return columns

    columns = pair(pair(length, 0) // 4, 2)
    for phase in range(min(2, windows)):
        pair((columns - 50 * phase) // 4, 4)
    linear = [*layers.hidden[0], layers.last[0]]
    return total + 2 * windows * sum(weight.numel() for weight in linear)


def dna(*shape: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 4, shape, dtype=np.uint8)


def synchronize(device: str) -> None:
    if device == "cuda":
        torch.cuda.synchronize()


def rate(network: Beluga, stretches: int, windows: int, both: bool, weigh: bool) -> Rate:
    """Time stretches in blocks, as a job does; the first block warms up and is not counted."""
    size = min(network.at_once(windows), stretches)
    codes = dna(size, stretch_length(windows))
    blocks = max(stretches // size, 1)
    start = 0.0
    for block in range(blocks + 1):
        if block == 1:
            synchronize(network.device)
            start = time.perf_counter()
        outputs = network.windows(codes, reverse_complement=both)
        if weigh:
            np.stack([local_features(rows, "+") for rows in outputs])
    synchronize(network.device)
    done = blocks * size
    strands = 2 if both else 1
    each = operations(network.layers, windows)
    return Rate(done * windows, time.perf_counter() - start, done * strands * each)


def deviation(network: Beluga, reference: np.ndarray, codes: np.ndarray) -> tuple[float, float]:
    """Largest deviation of outputs, and of features relative to their root mean square."""
    outputs = network.windows(codes, reverse_complement=False)
    x, expected = (
        np.stack([local_features(rows, "+") for rows in each]) for each in (outputs, reference)
    )
    scale = np.sqrt((expected**2).mean())
    return float(np.abs(outputs - reference).max()), float(np.abs(x - expected).max() / scale)


def one_by_one(network: Beluga, codes: np.ndarray) -> np.ndarray:
    """Outputs of stretches, every window by itself."""
    starts = range(0, codes.shape[1] - 1999, 200)
    rows = [network.windows(codes[:, k : k + 2000], reverse_complement=False) for k in starts]
    return np.concatenate(rows, axis=1)


def profile(network: Beluga) -> None:
    codes = dna(network.at_once(WINDOWS), stretch_length(WINDOWS))
    activities = [torch.profiler.ProfilerActivity.CPU, torch.profiler.ProfilerActivity.CUDA]
    with torch.profiler.profile(activities=activities) as seen:
        network.windows(codes, reverse_complement=False)
    print(seen.key_averages().table(sort_by="self_cuda_time_total", row_limit=20))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--genes", type=int, default=2048)
    parser.add_argument("--memory-mb", type=int, default=20_000)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--small", action="store_true", help="a narrow network")
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    if given.device == "cuda" and not torch.cuda.is_available():
        sys.exit("no GPU that PyTorch can use: nothing is measured")
    state = random_weights((8,) * 6, hidden=20, outputs=30) if given.small else random_weights()
    name = torch.cuda.get_device_name() if given.device == "cuda" else "CPU"
    peaks = next((values for chip, values in PEAKS.items() if chip in name), {})
    options = {"device": given.device, "memory_mb": given.memory_mb}
    codes = dna(COMPARED, stretch_length(WINDOWS))
    exact = Beluga(dict(state), **options)
    reference = one_by_one(exact, codes)
    del exact
    print(f"\n{datetime.date.today()}, {name}, PyTorch {torch.__version__}, {given.genes} genes\n")
    print(
        "| precision | window by window, windows/s | shared, windows/s | share of peak |"
        " both strands, windows/s | long stretch, windows/s | 22,826 genes, one strand | both |"
        " outputs differ by | features differ by |"
    )
    print("|" + " --- |" * 10)
    for precision in ("fp32", "tf32", "bf16"):
        if precision == "tf32" and given.device == "cpu":
            continue
        network = Beluga(dict(state), precision=precision, **options)
        alone = rate(network, 20 * network.at_once(1), 1, both=False, weigh=False)
        shared = rate(network, given.genes, WINDOWS, both=False, weigh=True)
        both = rate(network, given.genes, WINDOWS, both=True, weigh=True)
        long = rate(network, max(given.genes // 32, 1), LONG, both=False, weigh=False)
        of_outputs, of_features = deviation(network, reference, codes)
        total = PUBLISHED_GENES * WINDOWS
        print(
            f"| {precision} | {alone.speed:,.0f} | {shared.speed:,.0f} |"
            f" {shared.share(peaks.get(precision))} | {both.speed:,.0f} | {long.speed:,.0f} |"
            f" {total / shared.speed:,.0f} s | {total / both.speed:,.0f} s |"
            f" {of_outputs:.1e} | {of_features:.1e} |",
            flush=True,
        )
        if given.profile:
            profile(network)
        del network


if __name__ == "__main__":
    main()
