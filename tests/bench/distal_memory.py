"""What the 3D block of a chromosome as large as chr1 takes: memory beside the weights, and time.

    python tests/bench/distal_memory.py FOLDER [--genes N] [--maps N] [--places N] [--length BP]

Beluga has all its 2,002 outputs but narrow layers, so that time is that of everything else.
"""

import argparse
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from pyfaidx import Faidx

from foldcast.spex.contacts.tss_contacts import Contacts, Options, write_feature_sets
from scripts.spex import distal_features

LENGTH = 248_956_422  # of chr1 in hg38
RESOLUTION = 5_000
OUTPUTS = 2_002


def sequence(folder: Path, length: int) -> Path:
    """A FASTA file of one random chromosome, indexed."""
    line = np.frombuffer(b"ACGT", np.uint8)
    letters = line[np.random.default_rng(0).integers(0, 4, length, dtype=np.uint8)]
    path = folder / "chr1.fa"
    with open(path, "wb") as file:
        file.write(b">chr1\n")
        file.write(letters.tobytes())
        file.write(b"\n")
    Faidx(str(path)).close()
    return path


def weights(folder: Path) -> Path:
    """Narrow layers, all outputs."""
    generator = torch.Generator().manual_seed(0)
    shapes = {f"model.0.{k}": (4, 4, 1, 8) for k in (0, 2, 6, 8, 12, 14)}
    shapes |= {"model.1.2.1": (8, 4 * 106), "model.1.4.1": (OUTPUTS, 8)}
    state = {}
    for name, shape in shapes.items():
        state[f"{name}.weight"] = torch.randn(*shape, generator=generator) * 0.2
        state[f"{name}.bias"] = torch.zeros(shape[0])
    torch.save(state, folder / "weights.pth")
    return folder / "weights.pth"


def contacts(
    folder: Path, length: int, genes: int, maps: int, places: int, each: int = 20
) -> list[Path]:
    """Random contacts within 1 Mb, of each map and of five sets of control contacts like it."""
    rng = np.random.default_rng(1)
    tss = np.sort(rng.integers(2_000_000, length - 2_000_000, genes))
    bins = np.sort(rng.choice(length // RESOLUTION, places, replace=False))
    paths = []
    for k in range(maps):
        feature_sets = {}
        for name in (f"map{k}", *(f"map{k}+shuffled{seed}" for seed in range(5))):
            middle = np.searchsorted(bins, tss // RESOLUTION)
            near = max(each, 200 * places // (length // RESOLUTION))
            at = middle[:, None] + rng.integers(-near, near, (genes, each))
            start = np.sort(bins[np.clip(at, 0, places - 1)], axis=1) * RESOLUTION
            side = (start < tss[:, None]).astype(np.int8)
            feature_sets[name] = Contacts(
                indptr=np.arange(genes + 1) * each,
                start=start.ravel(),
                side=side.ravel(),
                weight=rng.random(genes * each).astype(np.float32),
                degree=np.zeros((genes, 2), int),
                touched=np.ones(genes, bool),
            )
        paths.append(folder / f"map{k}.h5")
        names = {"chr1": [f"g{g}" for g in range(genes)]}
        write_feature_sets(paths[-1], names, {"chr1": feature_sets}, RESOLUTION, Options())
    return paths


def peak_mb() -> float:
    """Largest memory of this process since it was last forgotten (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 1e3


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    defaults = {"genes": 2_100, "maps": 3, "places": 30_000, "length": LENGTH}
    for option, value in defaults.items():
        parser.add_argument(f"--{option}", type=int, default=value)
    asked = parser.parse_args()
    fasta, network = sequence(asked.folder, asked.length), weights(asked.folder)
    found = contacts(asked.folder, asked.length, asked.genes, asked.maps, asked.places)
    files = {"fasta": fasta, "index": f"{fasta}.fai", "weights": network, "contacts": found}
    beluga = {"reverse_complement": True, "precision": "fp32", "memory_mb": 2_000}
    job = SimpleNamespace(
        input=SimpleNamespace(**files, get=files.get),
        output=SimpleNamespace(features=asked.folder / "distal.h5"),
        params=SimpleNamespace(
            chrom="chr1", beluga=beluga, cache=str(asked.folder / "cache"), tables=[], code=""
        ),
        threads=1,
    )
    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before = peak_mb()
    start = time.monotonic()
    distal_features.main(job)
    took = time.monotonic() - start
    size = network.stat().st_size / 1e6
    made = (asked.folder / "distal.h5").stat().st_size / 1e6
    print(f"{asked.genes} genes, {6 * asked.maps} feature sets, file {made:.0f} MB, {took:.1f} s")
    print(f"peak {peak_mb() - size:.0f} MB beside the weights ({before:.0f} MB before)")


if __name__ == "__main__":
    main()
