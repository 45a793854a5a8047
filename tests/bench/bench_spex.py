"""Beluga's shared trunk against window by window, and what the jobs of a chromosome take.

`python tests/bench/bench_spex.py`; on a GPU: `python tests/bench/gpu_beluga.py`.
"""

import multiprocessing
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd

sys.path.append(str(Path(__file__).parents[1] / "support"))
WINDOWS = 200  # of a gene
GENES = 22_826  # of the published set
BATCH = 8  # windows at a time, window by window: the fastest on a CPU
SMALL = (16, 16, 24, 24, 32, 32)
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of all threads: other work on the machine changes them little."""
    start = time.process_time()
    result = call()
    return time.process_time() - start, result


def dna(length: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 4, length, dtype=np.uint8)


def window_by_window(state: dict) -> dict[str, Callable[[np.ndarray], np.ndarray]]:
    """Outputs of every window of a stretch by itself, in both layouts that PyTorch knows."""
    import torch

    from published_windows import Network

    def outputs(network: Any, layout: Any, codes: np.ndarray) -> np.ndarray:
        x = torch.eye(5, 4)[torch.from_numpy(codes).int()].T[None, :, None]
        parts = [x[..., k : k + 2000] for k in range(0, len(codes) - 1999, 200)]
        rows = []
        with torch.inference_mode():
            for k in range(0, len(parts), BATCH):
                batch = torch.cat(parts[k : k + BATCH]).contiguous(memory_format=layout)
                rows.append(network(batch))
        return torch.cat(rows).numpy()

    ways = {}
    layouts = {"as published": torch.contiguous_format, "channels last": torch.channels_last}
    for name, layout in layouts.items():
        network = Network(state).net.model.to(memory_format=layout)
        ways[name] = lambda codes, net=network, kind=layout: outputs(net, kind, codes)
    return ways


def bench_sharing() -> None:
    """One gene of the full-size network, one strand, side by side on the same cores."""
    import torch

    from foldcast.spex.features.beluga import Beluga
    from foldcast.spex.features.local_features import local_features
    from published_windows import random_weights

    state = random_weights()
    codes = dna(2000 + 200 * (WINDOWS - 1))
    for threads in sorted({1, CORES}):
        torch.set_num_threads(threads)
        network = Beluga(dict(state), threads=threads)
        shared = lambda net=network: net.windows(codes, reverse_complement=False)  # noqa: E731
        shared()
        took = {"shared": [seconds(shared)[0]]}
        results = {}
        for name, way in window_by_window(state).items():
            way(codes[: 2000 + 200 * BATCH])
            spent, results[name] = seconds(lambda run=way: run(codes))
            took[name] = [spent]
            again, results["shared"] = seconds(shared)  # between the others, as others' load is
            took["shared"].append(again)
        best = {name: min(values) for name, values in took.items()}
        fastest = min(best["as published"], best["channels last"])
        x = {name: local_features(rows, "+") for name, rows in results.items()}
        deviation = np.abs(results["shared"] - results["as published"]).max()
        relative = np.abs(x["shared"] / x["as published"] - 1).max()
        print(
            f"\none gene, one strand, {threads} threads: window by window "
            f"{best['as published']:.1f} CPU s as published, {best['channels last']:.1f} channels "
            f"last; shared {best['shared']:.2f} ({WINDOWS / best['shared']:.0f} windows/s), "
            f"ratio {fastest / best['shared']:.1f} to the faster one; outputs differ by at most "
            f"{deviation:.1e}, features by {relative:.1e} of themselves"
        )
        hours = 2 * GENES * best["shared"] / 3600
        print(f"{GENES} genes, both strands: {hours:.0f} hours of a core")


def alone(function: Callable[..., tuple], *args: Any) -> tuple:
    """Call in a process of its own, so that the memory is its own too."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(function, *args).result()


def peak_mb() -> float:
    """Of this process; Linux counts the parent's too in what `getrusage` says."""
    status = Path("/proc/self/status")
    if not status.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return int(lines["VmHWM"].split()[0]) / 1e3


def _save_weights(path: str) -> None:
    import torch

    from published_windows import random_weights

    torch.save(random_weights(), path)


def _stretch(path: str, windows: int, memory_mb: int) -> tuple[float, float, float]:
    """Seconds for a long stretch; peak memory (MB) of loading and afterwards."""
    from foldcast.spex.features.beluga import Beluga

    network = Beluga.load(path, memory_mb=memory_mb)
    loaded = peak_mb()
    codes = dna(2000 + 200 * (windows - 1))
    spent, _ = seconds(lambda: network.windows(codes, reverse_complement=True))
    return spent, loaded, peak_mb()


def bench_memory() -> None:
    """Long stretches of places, as of a 3D block, at two bounds of memory."""
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/beluga.pth"
        alone(_save_weights, path)
        size = Path(path).stat().st_size / 1e6
        for memory_mb in (300, 2000):
            for windows in (200, 800):
                spent, loaded, peak = alone(_stretch, path, windows, memory_mb)
                print(
                    f"{windows} windows in one stretch, both strands, 1 thread, memory_mb "
                    f"{memory_mb}: {spent:.1f} s, {1e3 * spent / windows:.0f} ms per window; above "
                    f"the weights' {size:.0f} MB at most {loaded - size:.0f} MB while loading, "
                    f"{peak - size:.0f} MB in all (Python and PyTorch in it)"
                )


def _local_job(genes: int) -> tuple[float, float]:
    """Seconds and peak memory (MB) of the job local_features for a chromosome of 30 Mb."""
    import torch
    from pyfaidx import Faidx

    from published_windows import random_weights
    from scripts.spex import local_features

    length = 30_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        letters = np.frombuffer(b"AGCT", dtype=np.uint8)[dna(length)]
        (folder / "genome.fa").write_bytes(b">chr1\n" + letters.tobytes() + b"\n")
        Faidx(str(folder / "genome.fa"))
        torch.save(random_weights(SMALL, hidden=64, outputs=2002), folder / "beluga.pth")
        table = pd.DataFrame({"gene": [f"g{k}" for k in range(genes)], "chrom": "chr1"})
        table["tss"] = np.linspace(0, length - 1, genes).astype(int)
        table["strand"] = np.where(np.arange(genes) % 2, "+", "-")
        table.to_csv(folder / "genes.tsv", sep="\t", index=False)
        job = SimpleNamespace(
            input=SimpleNamespace(
                genes=folder / "genes.tsv",
                fasta=folder / "genome.fa",
                index=folder / "genome.fa.fai",
                weights=folder / "beluga.pth",
            ),
            output=SimpleNamespace(features=folder / "chr1.h5"),
            wildcards=SimpleNamespace(chrom="chr1"),
            params=SimpleNamespace(
                options={"reverse_complement": True, "precision": "fp32", "memory_mb": 1000},
                cache=None,
                tables=[],
                code="",
            ),
            threads=1,
        )
        spent, _ = seconds(lambda: local_features.main(job))
    return spent, peak_mb()


def bench_genes() -> None:
    """Time and memory by number of genes, with a narrow network that has all 2,002 outputs."""
    for genes in (50, 100, 200, 400):
        spent, peak = alone(_local_job, genes)
        print(
            f"local features of {genes} genes, narrow network, both strands, 1 thread: "
            f"{spent:.1f} s, {1e3 * spent / genes:.1f} ms per gene, at most {peak:.0f} MB"
        )


if __name__ == "__main__":
    sys.path += [str(Path(__file__).parents[2] / part) for part in ("workflow", "workflow/lib")]
    bench_sharing()
    bench_memory()
    bench_genes()
