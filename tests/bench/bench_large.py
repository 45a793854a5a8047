"""Whole runs of large panels: seconds and memory of every rule, and how they grow.

`python tests/bench/bench_large.py 5000 10000 20000` with the genes,
`python tests/bench/bench_large.py 2500 --times 15 20 30` with the times: a made lab with a map at
50 kb, one graph and its rewired control, one seed, on two cores. An hour and more.
"""

import argparse
import itertools
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


def stages() -> dict[str, str]:
    """The stage of every rule: the folder of its script."""
    return {path.stem: path.parent.name for path in (ROOT / "workflow/scripts").glob("*/*.py")}


def growth(sizes: pd.DataFrame) -> pd.Series:
    """Exponent of CPU seconds in the size, of each row that takes long enough."""
    largest = sizes[sizes.columns.max()]
    kept = sizes[largest >= LEAST].dropna()
    x = np.log(np.array(kept.columns, float))
    return kept.apply(lambda row: np.polyfit(x, np.log(row), 1)[0], axis=1)


def report(cpu: dict[int, pd.Series], memory: dict[int, pd.Series]) -> None:
    """Print CPU seconds of rules and stages by size, with their growth, and memory."""
    rules = pd.DataFrame(cpu)
    for name, table in {"rules": rules, "stages": rules.groupby(stages()).sum(min_count=1)}.items():
        if len(cpu) > 1:
            table = table.assign(growth=growth(table))
        print(f"\nCPU seconds, {name}\n{table.sort_values(max(cpu)).round(2).to_string()}")
    print(f"\nMB\n{pd.DataFrame(memory).round().to_string()}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("genes", nargs="+", type=int)
    parser.add_argument("--times", nargs="+", type=int, default=[20])
    given = parser.parse_args()
    if min(len(given.genes), len(given.times)) > 1:
        parser.error("several numbers of genes or of times, not of both")
    cpu, memory = {}, {}
    for genes, times in itertools.product(given.genes, given.times):
        with TemporaryDirectory() as folder:
            jobs = run(genes, times, Path(folder))
        print(f"\n{genes} genes, {times} times\n{jobs.round(1).to_string(index=False)}")
        wrong = wrongly_asked(jobs)
        print("memory asked for: " + (f"wrong\n{wrong.to_string()}" if len(wrong) else "right"))
        size = genes if len(given.genes) > 1 else times
        cpu[size] = jobs.groupby("rule")["cpu"].sum()
        memory[size] = jobs.groupby("rule")["used"].max()
    report(cpu, memory)


if __name__ == "__main__":
    main()
