"""Beside the tools that people know, on the same work: CPU seconds as ratios, and how they grow.

Each pair runs in turn, three times, in one process with one thread; the lowest of each counts. So
what else the machine does falls on both. `make bench` installs statsforecast into an environment
of its own (`.venv-bench`); where it is not there, its rows are left out, and that is said.
"""

import functools
import json
import logging
import os
import subprocess
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

ROOT = Path(__file__).resolve().parents[2]
WITH_STATSFORECAST = ROOT / ".venv-bench/bin/python"
REPEATS = 3
BIN, BAND, WINDOW = 10_000, 150, 10
TIMES, FIRST = 24, 12  # of a time course, and those before the first forecast
Pair = tuple[Callable[[], object], Callable[[], object]]


def cpu_seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def table(name: str, unit: str, sizes: list[int], pair_of: Callable[[int], Pair]) -> None:
    """Print a line: seconds of ours and theirs at each size, their ratio, both exponents."""
    found = np.full((len(sizes), 2), np.inf)
    pairs = [pair_of(size) for size in sizes]
    for call in pairs[0]:  # what is compiled or imported at the first call
        call()
    for _ in range(REPEATS):
        for k, pair in enumerate(pairs):
            for j, call in enumerate(pair):
                found[k, j] = min(found[k, j], cpu_seconds(call))
    show(name, unit, sizes, found)


def ratio(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}"


def show(name: str, unit: str, sizes: list[int], found: np.ndarray) -> None:
    growth = [np.polyfit(np.log(sizes), np.log(column), 1)[0] for column in found.T]
    cells = [
        f"{name} ({', '.join(f'{size:,}' for size in sizes)} {unit})",
        ", ".join(f"{ours:.3g}" for ours, _ in found),
        ", ".join(f"{theirs:.3g}" for _, theirs in found),
        ", ".join(ratio(theirs / ours) for ours, theirs in found),
        *(f"{exponent:.2f}" for exponent in growth),
    ]
    print("| " + " | ".join(cells) + " |", flush=True)


def contact_map(folder: Path, bins: int) -> Path:
    """Two chromosomes of so many bins together, of contacts up to `BAND` bins, balanced."""
    import cooler

    rng = np.random.default_rng(1)
    sizes = pd.Series({"chr1": bins // 2 * BIN, "chr2": bins // 2 * BIN})
    first = np.repeat(np.arange(bins), BAND)
    second = first + np.tile(np.arange(BAND), bins)
    inside = first // (bins // 2) == second // (bins // 2)
    first, second = first[inside], second[inside]
    plaid = 1 + 0.5 * np.where((first // 40 + second // 40) % 2, -1, 1)
    count = rng.poisson(300 * plaid / (1 + second - first))
    pixels = pd.DataFrame({"bin1_id": first, "bin2_id": second, "count": count})[count > 0]
    path = folder / f"{bins}.cool"
    cooler.create_cooler(str(path), cooler.binnify(sizes, BIN), pixels, ordered=True)
    clr = cooler.Cooler(str(path))
    cooler.balance_cooler(clr, ignore_diags=2, store=True, store_name="weight")
    return path


def beside_cooltools() -> None:
    """Insulation, expected and eigenvectors, beside cooltools' command line in this process."""
    import cooler
    from cooltools.cli import cli

    from foldcast.hic.compartments import compartments
    from foldcast.hic.expected import expected_cis
    from foldcast.hic.insulation import insulation

    logging.disable(logging.WARNING)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        map_of = functools.cache(lambda bins: contact_map(folder, bins))

        def theirs(*words: str) -> Callable[[], object]:
            return lambda: cli.main(list(words), standalone_mode=False)

        def scores(bins: int) -> Pair:
            path = map_of(bins)
            clr, out = cooler.Cooler(str(path)), str(folder / "i.tsv")
            words = ("insulation", str(path), str(WINDOW * BIN), "--output", out)
            return lambda: insulation(clr, [WINDOW]), theirs(*words)

        def means(bins: int) -> Pair:
            path = map_of(bins)
            clr, out = cooler.Cooler(str(path)), str(folder / "e.tsv")
            words = ("expected-cis", "--smooth", "--aggregate-smoothed", "--output", out, str(path))
            return lambda: expected_cis(clr), theirs(*words)

        def vectors(bins: int) -> Pair:
            path = map_of(bins)
            clr = cooler.Cooler(str(path))
            track = clr.bins()[:][["chrom", "start", "end"]]
            track = track.assign(chrom=track["chrom"].astype(str))
            track["track"] = (track["start"] // BIN // 40 % 2) + np.linspace(0, 0.1, len(track))
            track.to_csv(folder / f"t{bins}.tsv", sep="\t", index=False)
            whole = pd.DataFrame(
                {"chrom": clr.chromnames, "start": 0, "end": clr.chromsizes.to_numpy(),
                 "name": clr.chromnames}
            )  # fmt: skip
            words = (
                "eigs-cis", "--phasing-track", str(folder / f"t{bins}.tsv"), "--out-prefix",
                str(folder / "v"), str(path),
            )  # fmt: skip
            return lambda: compartments(clr, track, whole), theirs(*words)

        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            table("insulation, `cooltools insulation`", "bins", [2000, 4000, 8000], scores)
            table("expected, `cooltools expected-cis`", "bins", [2000, 4000, 8000], means)
            table("eigenvectors, `cooltools eigs-cis`", "bins", [1000, 2000, 4000], vectors)


def beside_node2vec() -> None:
    """Embedding of one time's graph, beside the package node2vec."""
    from foldcast.graph.edge_weights import build_graphs
    from foldcast.graph.node_embedding import Options, embed

    options = Options(dimensions=32, walks_per_node=20, q=0.5)
    weights = {"hic": 0.3, "compartment": 0.1, "tad": 0.1, "insulation": 0.1, "expression": 0.4}

    def pair_of(genes: int) -> Pair:
        rng = np.random.default_rng(1)
        near = [(i, j) for i in range(genes) for j in range(i + 1, min(i + 13, genes))]
        pairs = pd.DataFrame(near, columns=["Gene1", "Gene2"])
        for name in ("Compartment", "Insulation_Score", "TAD_Boundary_Distance"):
            pairs[f"Gene1_{name}"], pairs[f"Gene2_{name}"] = rng.integers(0, 3, (2, len(pairs)))
        pairs["HiC_Interaction"] = rng.lognormal(0, 1, len(pairs))
        course = pd.DataFrame(rng.normal(size=(genes, 3)), index=range(genes), columns=range(3))
        graphs = build_graphs(pairs, course, weights).graphs[:1]
        return tuple(
            lambda engine=engine, method=method: list(
                embed(graphs, genes, method=method, engine=engine, options=options)
            )
            for engine, method in (("numba", "warm_start"), ("node2vec", "alignment"))
        )

    table("embedding, package node2vec", "genes", [100, 200, 400], pair_of)


def beside_xgboost() -> None:
    """Boosted trees of ten tissues, beside plain xgboost with the same options and rounds."""
    import xgboost

    from foldcast.spex.models.trees import PASSED, Binned, Options

    rounds, tissues = 60, 10
    options = Options(rounds=rounds, patience=rounds)

    def pair_of(genes: int) -> Pair:
        rng = np.random.default_rng(1)
        x = rng.normal(size=(genes, 400)).astype(np.float32)
        y = x[:, :tissues] + rng.normal(size=(genes, tissues))
        cut = genes * 3 // 4
        rows = slice(0, cut), slice(cut, genes)

        def ours() -> None:
            binned = Binned(x, [rows[0]], [rows[1]], options.max_bin, threads=1)
            for k in range(tissues):
                binned.fit(y[rows[0], k], y[rows[1], k], 1, options)

        def plain() -> None:
            settings = {name: getattr(options, name) for name in PASSED}
            settings |= {"tree_method": "hist", "max_bin": options.max_bin, "nthread": 1, "seed": 1}
            for k in range(tissues):
                train = xgboost.DMatrix(x[rows[0]], y[rows[0], k])
                held = xgboost.DMatrix(x[rows[1]], y[rows[1], k])
                xgboost.train(
                    settings, train, rounds, evals=[(held, "held")], verbose_eval=False,
                    early_stopping_rounds=rounds,
                )  # fmt: skip

        return ours, plain

    table("trees of ten tissues, plain xgboost", "genes", [750, 1500, 3000], pair_of)


# Every origin's next value by AutoETS or the optimised theta, refitted each time: CPU seconds.
THEIRS = f"""
import json, sys, time
import numpy as np, pandas as pd
from statsforecast import StatsForecast
from statsforecast.models import AutoETS, DynamicOptimizedTheta
models = {{"AutoETS": AutoETS(season_length=1), "theta": DynamicOptimizedTheta(season_length=1)}}
name, path = sys.argv[1:]
values = np.load(path)
genes, times = values.shape
frame = pd.DataFrame({{"unique_id": np.repeat(np.arange(genes), times),
    "ds": np.tile(np.arange(times), genes), "y": values.ravel()}})
engine = StatsForecast(models=[models[name]], freq=1, n_jobs=1)
def run(frame):
    return engine.cross_validation(df=frame, h=1, n_windows={TIMES - FIRST}, refit=True)
run(frame[frame["unique_id"] < 2])  # compiles
start = time.process_time()
assert len(run(frame)) == genes * {TIMES - FIRST}
print(json.dumps(time.process_time() - start))
"""


def beside_statsforecast() -> None:
    """The base forecaster of a whole time course, beside AutoETS and theta at the same origins."""
    from foldcast.forecast.base_forecaster import forecast_course
    from foldcast.forecast.replicated_course import ReplicatedCourse

    if not WITH_STATSFORECAST.exists():
        print("\nno statsforecast here (.venv-bench): `make bench` installs it where it can")
        return
    sizes = [50, 100, 200]
    variables = os.environ | {"OMP_NUM_THREADS": "1", "NIXTLA_ID_AS_COL": "1"}
    found = {name: np.full((len(sizes), 2), np.inf) for name in ("AutoETS", "theta")}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(REPEATS):
            for k, genes in enumerate(sizes):
                rng = np.random.default_rng(1)
                values = rng.normal(8, 2, (genes, 1)) + rng.normal(size=(genes, TIMES)).cumsum(1)
                np.save(f"{folder}/v.npy", values)
                course = ReplicatedCourse.of_samples(values, np.arange(float(TIMES)))
                ours = cpu_seconds(lambda course=course: forecast_course(course))
                for name, seconds in found.items():
                    said = subprocess.run(
                        [WITH_STATSFORECAST, "-c", THEIRS, name, f"{folder}/v.npy"],
                        env=variables, capture_output=True, text=True, check=True,
                    )  # fmt: skip
                    theirs = json.loads(said.stdout.splitlines()[-1])
                    seconds[k] = np.minimum(seconds[k], [ours, theirs])
    for name, seconds in found.items():
        show(f"base forecaster, statsforecast's {name}", "genes, 12 origins", sizes, seconds)


def bench_beside() -> None:
    """All of it, as one table."""
    cells = ["work", "ours, CPU s", "theirs, CPU s", "theirs / ours", "ours grows as", "theirs"]
    print("\n| " + " | ".join(cells) + " |\n" + "|---" * len(cells) + "|")
    with threadpool_limits(1):
        beside_cooltools()
        beside_node2vec()
        beside_xgboost()
        beside_statsforecast()
