"""How fast gene pairs are looked up and a course is embedded: `python tests/bench/bench_graph.py`.

The naive double loop is also the oracle of the unit tests.
"""

import logging
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import cooler
import cooltools
import numpy as np
import pandas as pd

SIZE = 10_000
WINDOW = 5


@dataclass
class Room:
    """A small simulated map with its features and a course of genes on it."""

    loci: pd.DataFrame
    course: pd.DataFrame
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
    clr = cooler.Cooler(path)
    insulation = cooltools.insulation(clr, [WINDOW * SIZE], ignore_diags=2)
    called = insulation[insulation[f"is_boundary_{WINDOW * SIZE}"]]
    compartments = cooler.binnify(lengths, 2 * SIZE)
    compartments["E1"] = rng.choice([np.nan, -1.5, 0.0, 0.7], len(compartments))

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
        cooltools.expected_cis(clr, ignore_diags=2),
        insulation,
        called[["chrom", "start", "end"]].assign(window=WINDOW * SIZE),
        compartments,
    )


def naive_interactions(
    loci, course, clr, expected, insulation, boundaries, compartments
) -> pd.DataFrame:
    """Every pair by two loops over rows, every value by a selection on a table."""
    dense = {chrom: clr.matrix(balance=True).fetch(chrom) for chrom in clr.chromnames}

    def features(gene) -> dict:
        here = insulation[
            (insulation["chrom"] == gene["chrom"]) & (insulation["start"] <= gene["tss"])
        ].iloc[-1]
        e1 = compartments[
            (compartments["chrom"] == gene["chrom"]) & (compartments["start"] <= gene["tss"])
        ].iloc[-1]["E1"]
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
            if np.isnan(row["balanced.avg"]) and row["n_valid"]:
                mean = np.nansum(np.diagonal(dense[one["chrom"]], distance)) / row["n_valid"]
            else:
                mean = row["balanced.avg.smoothed"]
            value = dense[one["chrom"]][bins] / mean
            if not (np.isfinite(value) and value > 0):
                continue
            pair: dict = {}
            for side, gene, index in (("Gene1", one, bins[0]), ("Gene2", two, bins[1])):
                pair[side] = gene["gene"]
                pair[f"{side}_Chromosome"] = gene["chrom"]
                pair[f"{side}_Start"], pair[f"{side}_End"] = int(gene["start"]), int(gene["end"])
                pair[f"{side}_Bin"] = index
            pair["HiC_Interaction"] = value
            for time_ in course.columns[1:]:
                for side, gene in (("Gene1", one), ("Gene2", two)):
                    profile = course[course["gene"] == gene["gene"]]
                    pair[f"{side}_Time_{time_}"] = profile[time_].iloc[0]
            both = features(one), features(two)
            for name in both[0]:
                pair[f"Gene1_{name}"], pair[f"Gene2_{name}"] = both[0][name], both[1][name]
            rows.append(pair)
    return pd.DataFrame(rows)


def main() -> None:
    from foldcast.graph.embedding import embed
    from foldcast.graph.interactions import interactions
    from foldcast.graph.weights import build_graphs

    logging.disable(logging.INFO)  # cooltools turns it on for everyone

    with tempfile.TemporaryDirectory() as folder:
        room = simulate(Path(folder), genes=126, bins=200, times=43)
        options = {"window": WINDOW, "compartment_resolution": 2 * SIZE}
        seconds = {}
        for name, call in (
            ("naive", lambda: naive_interactions(*room.tables())),
            ("vectorised", lambda: interactions(*room.tables(), **options)),
        ):
            start = time.perf_counter()
            pairs = call()
            seconds[name] = time.perf_counter() - start
        ratio = seconds["naive"] / seconds["vectorised"]
        print(
            f"interactions: {len(pairs)} pairs, {seconds['naive']:.1f} s naive, "
            f"{seconds['vectorised']:.3f} s vectorised, ratio {ratio:.0f}"
        )
        course = room.course.set_index("gene")
        course.columns = course.columns.astype(float)
        weights = {"hic": 0.3, "compartment": 0.1, "tad": 0.1, "insulation": 0.1, "expression": 0.4}
        graphs = build_graphs(pairs.iloc[:: max(1, len(pairs) // 290)], course, weights).graphs
        start = time.perf_counter()
        list(embed(graphs, len(course)))
        print(
            f"embed: {len(course)} genes, {graphs[0].edge_index.shape[1]} directed edges, "
            f"{len(graphs)} times, {time.perf_counter() - start:.1f} s"
        )


if __name__ == "__main__":
    main()
