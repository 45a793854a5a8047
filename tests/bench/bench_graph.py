"""How fast gene pairs are looked up and a time course is embedded (`make bench`).

The naive double loop is also the oracle of the unit tests.
"""

import logging
import resource
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cooler
import cooltools
import h5py
import numpy as np
import pandas as pd

from foldcast.hic.expected import expected_cis

SIZE = 10_000
WINDOW = 5


@dataclass
class Room:
    """A small simulated map with its features and a time course of genes on it."""

    loci: pd.DataFrame
    time_course: pd.DataFrame
    clr: cooler.Cooler
    expected: pd.DataFrame
    insulation: pd.DataFrame
    boundaries: pd.DataFrame
    compartments: pd.DataFrame

    def tables(self) -> tuple:
        return tuple(vars(self).values())


def simulate(folder: Path, *, genes: int, bins: int, times: int, seed: int = 1) -> Room:
    """Three chromosomes whose contacts decay with distance; some genes without a locus."""
    rng = np.random.default_rng(seed)
    lengths = pd.Series({"chr1": bins * SIZE - 3_000, "2": bins * SIZE // 2, "chrX": 9 * SIZE})
    table = cooler.binnify(lengths, SIZE)
    table["weight"] = np.where(rng.random(len(table)) < 0.05, np.nan, rng.uniform(0.05, 0.1))
    i, j = np.triu_indices(len(table))
    cis = table["chrom"].to_numpy()[i] == table["chrom"].to_numpy()[j]
    count = rng.poisson(np.where(cis, 200 / (1 + j - i), 0.1))
    pixels = pd.DataFrame({"bin1_id": i, "bin2_id": j, "count": count})[count > 0]
    path = str(folder / "map.cool")
    cooler.create_cooler(path, table, pixels, ordered=True)
    with h5py.File(path, "a") as file:
        file["bins/weight"].attrs["ignore_diags"] = 2
    clr = cooler.Cooler(path)
    insulation = cooltools.insulation(clr, [WINDOW * SIZE], ignore_diags=2)
    called = insulation[insulation[f"is_boundary_{WINDOW * SIZE}"]]
    compartments = cooler.binnify(lengths, 2 * SIZE)
    compartments["score"] = rng.choice([np.nan, -1.5, 0.0, 0.7], len(compartments))

    chrom = rng.choice(lengths.index, genes)
    tss = (rng.random(genes) * lengths[chrom].to_numpy()).astype(int)
    names = [f"g{k}" for k in range(genes)]
    loci = pd.DataFrame({"gene": names, "chrom": chrom, "start": tss, "end": tss + 10, "tss": tss})
    loci.loc[::10, ["chrom", "start", "end", "tss"]] = None
    values = pd.DataFrame(
        rng.normal(8, 2, (genes, times)), columns=[f"{t}.5" for t in range(times)]
    )
    values.insert(0, "gene", names)
    return Room(
        loci,
        values,
        clr,
        expected_cis(clr),
        insulation,
        called[["chrom", "start", "end"]].assign(window=WINDOW * SIZE),
        compartments,
    )


def naive_interactions(
    loci, time_course, clr, expected, insulation, boundaries, compartments
) -> pd.DataFrame:
    """Every pair by two loops over rows, every value by a selection on a table."""
    dense = {chrom: clr.matrix(balance=True).fetch(chrom) for chrom in clr.chromnames}

    def features(gene) -> dict:
        here = insulation[
            (insulation["chrom"] == gene["chrom"]) & (insulation["start"] <= gene["tss"])
        ].iloc[-1]
        e1 = compartments[
            (compartments["chrom"] == gene["chrom"]) & (compartments["start"] <= gene["tss"])
        ].iloc[-1]["score"]
        near = boundaries[boundaries["chrom"] == gene["chrom"]]
        return {
            "Compartment": "A" if e1 > 0 else "B" if e1 < 0 else None,
            "Insulation_Score": here[f"log2_insulation_score_{WINDOW * SIZE}"],
            "TAD_Boundary_Distance": float(
                (near["start"] // SIZE - gene["tss"] // SIZE).abs().min() if len(near) else np.nan
            ),
        }

    rows = []
    for i, one in loci.iterrows():
        for j, two in loci.iterrows():
            if j <= i or pd.isna(one["chrom"]) or one["chrom"] != two["chrom"]:
                continue
            bins = int(one["tss"] // SIZE), int(two["tss"] // SIZE)
            distance = abs(bins[0] - bins[1])
            row = expected[
                (expected["region1"] == one["chrom"]) & (expected["dist"] == distance)
            ].iloc[0]
            value = dense[one["chrom"]][bins] / row["expected"]
            if not (np.isfinite(value) and value > 0):
                continue
            pair: dict = {}
            for side, gene, index in (("Gene1", one, bins[0]), ("Gene2", two, bins[1])):
                pair[side] = gene["gene"]
                pair[f"{side}_Chromosome"] = gene["chrom"]
                pair[f"{side}_Start"], pair[f"{side}_End"] = int(gene["start"]), int(gene["end"])
                pair[f"{side}_Bin"] = index * SIZE
            pair["HiC_Interaction"] = value
            for time_ in time_course.columns[1:]:
                for side, gene in (("Gene1", one), ("Gene2", two)):
                    profile = time_course[time_course["gene"] == gene["gene"]]
                    pair[f"{side}_Time_{time_}"] = profile[time_].iloc[0]
            both = features(one), features(two)
            for name in both[0]:
                pair[f"Gene1_{name}"], pair[f"Gene2_{name}"] = both[0][name], both[1][name]
            rows.append(pair)
    return pd.DataFrame(rows)


WEIGHTS = {"hic": 0.3, "compartment": 0.1, "tad": 0.1, "insulation": 0.1, "expression": 0.4}
PUBLISHED = {"genes": 162, "times": 160, "dimensions": 256, "edges": 967}


def seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def bench_interactions() -> None:
    """Gene pairs looked up at once and by two loops over rows."""
    from foldcast.graph.interactions import interactions

    with tempfile.TemporaryDirectory() as folder:
        room = simulate(Path(folder), genes=126, bins=200, times=43)
        options = {"window": WINDOW, "compartment_resolution": 2 * SIZE}
        naive, _ = seconds(lambda: naive_interactions(*room.tables()))
        ours, pairs = seconds(lambda: interactions(*room.tables(), **options))
    print(
        f"\ninteractions: {len(pairs)} pairs, {naive:.1f} s by loops, {ours:.3f} s at once, "
        f"ratio {naive / ours:.0f}"
    )


def published_graphs(times: int) -> list:
    """As many genes and edges as the published miRNA tables; weights drift, as expression does."""
    from foldcast.graph.edge_weights import build_graphs

    rng = np.random.default_rng(1)
    genes = np.arange(PUBLISHED["genes"])
    near = [(i, j) for i in genes for j in genes[i + 1 :] if i % 20 == j % 20]
    chosen = rng.choice(len(near), min(PUBLISHED["edges"], len(near)), replace=False)
    pairs = pd.DataFrame([near[k] for k in np.sort(chosen)], columns=["Gene1", "Gene2"])
    for name in ("Compartment", "Insulation_Score", "TAD_Boundary_Distance"):
        pairs[f"Gene1_{name}"], pairs[f"Gene2_{name}"] = rng.integers(0, 3, (2, len(pairs)))
    pairs["HiC_Interaction"] = rng.lognormal(0, 1, len(pairs))
    time_course = pd.DataFrame(
        np.cumsum(rng.normal(0, 0.5, (len(genes), times)), axis=1),
        index=genes,
        columns=range(times),
    )
    return build_graphs(pairs, time_course, WEIGHTS).graphs


def bench_embedding(times: int = 4) -> None:
    """Causal and joint embeddings, ours and the package's: CPU seconds on a slice, scaled up.

    What the first time takes counts once, what a later one takes (the median) for all the others,
    and what the joint graph takes grows with the times.
    """
    from foldcast.graph.node_embedding import Options, embed

    options = Options(dimensions=PUBLISHED["dimensions"], q=0.5)
    graphs = published_graphs(times)
    n_genes, n_times = PUBLISHED["genes"], PUBLISHED["times"]
    list(embed(graphs[:1], n_genes, options=Options(walks_per_node=1)))  # numba compiles

    def clock(method: str, engine: str) -> np.ndarray:
        """CPU seconds until each time is there."""
        start = time.process_time()
        x = embed(graphs, n_genes, method=method, engine=engine, options=options)
        return np.array([time.process_time() - start for _ in x])

    def whole(method: str, engine: str) -> tuple[float, float]:
        """Of the causal embedding, and of the joint one that begins with it."""
        each = clock(method, engine)
        causal = each[0] + np.median(np.diff(each)) * (n_times - 1)
        joint = clock("joint", engine)[-1] - each[-1]
        return causal, causal + joint * n_times / times

    both = zip(whole("alignment", "node2vec"), whole("warm_start", "numba"), strict=True)
    for name, (package, ours) in zip(("causal", "joint"), both, strict=True):
        print(
            f"{name} embedding of {n_genes} genes x {n_times} times x {options.dimensions}, from "
            f"{times} times: {package:.0f} s by the package, {ours:.0f} s by numba, "
            f"ratio {package / ours:.0f}"
        )


def bench_genome(genes: int = 20_000, times: int = 10) -> None:
    """A genome's worth of genes: time and memory of every step."""
    from foldcast.graph.edge_weights import build_graphs
    from foldcast.graph.graph_store import write_graphs
    from foldcast.graph.interactions import strongest
    from foldcast.graph.node_embedding import Options, embed
    from foldcast.graph.rewiring import rewire

    rng = np.random.default_rng(1)
    loci = pd.DataFrame({"gene": [f"g{i}" for i in range(genes)]})
    loci["chrom"], loci["tss"] = np.sort(np.arange(genes) % 20), rng.integers(0, 10**8, genes)
    ends, contact = [], []
    for _, here in loci.groupby("chrom"):
        i, j = np.triu_indices(len(here), k=1)
        c = rng.lognormal(0, 1, len(i))
        kept = strongest(i, j, c, 5)
        ends.append(here["gene"].to_numpy()[np.stack([i[kept], j[kept]])])
        contact.append(c[kept])
    pairs = pd.DataFrame(np.concatenate(ends, axis=1).T, columns=["Gene1", "Gene2"])
    for name in ("Compartment", "Insulation_Score", "TAD_Boundary_Distance"):
        pairs[f"Gene1_{name}"], pairs[f"Gene2_{name}"] = rng.integers(0, 3, (2, len(pairs)))
    pairs["HiC_Interaction"] = np.concatenate(contact)
    time_course = pd.DataFrame(
        rng.normal(8, 2, (genes, times)), index=loci["gene"], columns=np.arange(times) + 0.5
    )
    took = {}
    with tempfile.TemporaryDirectory() as folder:
        took["graphs"], graphs = seconds(lambda: build_graphs(pairs, time_course, WEIGHTS))
        took["writing"], _ = seconds(lambda: write_graphs(graphs, Path(folder) / "graph.h5"))
        size = (Path(folder) / "graph.h5").stat().st_size / 1e6
    took["rewiring"], _ = seconds(lambda: rewire(pairs, loci, "matched", 1))
    walks = Options(walks_per_node=2, walks_per_update=2, epochs=1, epochs_per_update=1)
    spent, _ = seconds(lambda: list(embed(graphs.graphs[:2], genes, options=walks)))
    passes = spent / 4  # of one walk from every node
    default = Options()
    took["embedding"] = passes * (
        default.walks_per_node * default.epochs
        + (times - 1) * default.walks_per_update * default.epochs_per_update
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(
        f"{genes} genes, {len(pairs)} pairs, {times} times: "
        + ", ".join(f"{name} {s:.1f} s" for name, s in took.items())
        + f" (from a slice); graph.h5 {size:.0f} MB, at most {memory:.0f} MB of memory"
    )


if __name__ == "__main__":
    logging.disable(logging.INFO)  # cooltools turns it on for everyone
    bench_interactions()
    bench_embedding()
    bench_genome()
