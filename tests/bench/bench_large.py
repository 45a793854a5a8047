"""Whole runs of large panels: seconds and memory of every rule, and how they grow with genes.

`python tests/bench/bench_large.py 5000 10000 20000`: a made lab with a map at 50 kb, one graph and
its rewired control, one seed, on two cores. An hour and more.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))

from large_lab import make_lab  # noqa: E402
from used_memory import asked_and_used, wrongly_asked  # noqa: E402

LEAST = 5.0  # seconds of CPU at the largest size, below which growth says nothing


def run(genes: int, times: int, folder: Path) -> pd.DataFrame:
    """Jobs of one size (`asked_and_used`)."""
    config = make_lab(folder / "lab", genes, times)
    command = [sys.executable, "-m", "snakemake", "--snakefile", str(ROOT / "workflow/Snakefile")]
    command += ["--directory", str(folder), "--configfile", str(config), "--cores", "2"]
    subprocess.run(
        [*command, "--benchmark-extended", "--keep-going"],
        check=True,
        env=os.environ | {"OMP_NUM_THREADS": "1"},
    )
    return asked_and_used(folder / f"results/genes{genes}")


def growth(sizes: pd.DataFrame) -> pd.Series:
    """Exponent of CPU seconds in genes, of each rule that takes long enough."""
    largest = sizes[sizes.columns.max()]
    kept = sizes[largest >= LEAST].dropna()
    x = np.log(np.array(kept.columns, float))
    return kept.apply(lambda row: np.polyfit(x, np.log(row), 1)[0], axis=1)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("genes", nargs="+", type=int)
    parser.add_argument("--times", type=int, default=20)
    given = parser.parse_args()
    cpu, memory = {}, {}
    for genes in given.genes:
        with TemporaryDirectory() as folder:
            jobs = run(genes, given.times, Path(folder))
        print(f"\n{genes} genes, {given.times} times\n{jobs.round(1).to_string(index=False)}")
        wrong = wrongly_asked(jobs)
        print("memory asked for: " + (f"wrong\n{wrong.to_string()}" if len(wrong) else "right"))
        cpu[genes] = jobs.groupby("rule")["cpu"].sum()
        memory[genes] = jobs.groupby("rule")["used"].max()
    table = pd.DataFrame(cpu)
    if len(given.genes) > 1:
        table["growth"] = growth(pd.DataFrame(cpu))
    print(f"\nCPU seconds\n{table.sort_values(max(given.genes)).round(2).to_string()}")
    print(f"\nMB\n{pd.DataFrame(memory).round().to_string()}")


if __name__ == "__main__":
    main()
