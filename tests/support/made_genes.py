"""Tables of genes for the page, as a run has them: their place on a map, forecasts and scores."""

from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.files import write_table
from foldcast.graph.graph_store import Graph, Graphs, write_graphs
from foldcast.report.page.page_tables import Tables

ABOUT = {
    "time_unit": "day", "scored": True, "forecast": ("-", "stack"), "model": None, "graphs": ["f"],
}  # fmt: skip
SPACE = 20_000  # bp between genes
FIRST = 8  # target


def make(folder: Path, names: pd.DataFrame, times: int = 12, replicates: int = 2) -> Tables:
    """Genes along one chromosome after another, each in contact with the next three.

    Args:
        names: gene, symbol, gene_id, aliases.
        times: of the time course; forecasts are of those from `FIRST` on.
        replicates: at each time.
    """
    rng, n = np.random.default_rng(1), len(names)
    folder.mkdir(parents=True, exist_ok=True)
    order = np.arange(n)
    chrom, tss = order // 1000, SPACE * (order % 1000) + 7000
    loci = names[["gene", "symbol", "gene_id"]].assign(
        chrom=[f"chr{k + 1}" for k in chrom], start=tss, end=tss + 5000, strand="+", tss=tss
    )
    sheet = pd.DataFrame({"time": np.repeat(np.arange(times), replicates)})
    sheet["sample"], sheet["copy_of"] = [f"s{k}" for k in sheet.index], None
    course = rng.uniform(2, 12, n)[:, None] + rng.normal(0, 0.2, (n, times)).cumsum(axis=1)
    panel = np.repeat(course, replicates, axis=1) + rng.normal(0, 0.2, (n, len(sheet)))
    genes = names["gene"].tolist()
    targets = np.arange(FIRST, times)
    forecasts = [
        pd.DataFrame(
            {
                "model": model, "graph": "-", "target_time": np.tile(targets, n),
                "gene": np.repeat(genes, len(targets)),
                "predicted": (course[:, targets] + rng.normal(0, off, (n, len(targets)))).ravel(),
            }
        )
        for model, off in (("stack", 0.1), ("local_level", 0.2))
    ]  # fmt: skip
    models = ("stack", "local_level", *(f"baseline_{k}" for k in range(14)))
    scores = [
        pd.DataFrame({"model": model, "graph": "-", "gene": genes, **{
            key: rng.normal(0, 0.2, n) for key in ("skill", "skill_over_local_level", "mse", "r")
        }})
        for model in models
    ]  # fmt: skip
    now = course[:, -1]
    future = [
        pd.DataFrame(
            {
                "gene": genes, "horizon": k, "target_time": times - 1 + k,
                "predicted": now + 0.1 * k, "low": now - 0.2 * k, "high": now + 0.3 * k,
                "level": now,
                "forecast_to_change": np.where(order % 3 == 0, "up", "no"),
            }
        )
        for k in range(1, 4)
    ]  # fmt: skip
    changes = pd.DataFrame(
        {"gene": genes, "from": 3, "to": 4, "change": rng.normal(0, 1, n)}
    ).assign(p=rng.uniform(size=n), q=rng.uniform(size=n))
    named = {
        "loci": loci,
        "annotation": names.rename(columns={"gene_id": "id"}).assign(gene=names["gene_id"]),
        "samples": sheet,
        "panel": frame(panel, sheet["sample"], genes),
        "course": frame(course, range(times), genes),
        "baselines": pd.concat(forecasts),
        "scores": pd.concat(scores),
        "future": pd.concat(future),
        "changes": changes,
    }
    for name, table in named.items():
        write_table(table, folder / f"{name}.tsv")
    files = {f"{name}.mrna": folder / f"{name}.tsv" for name in named}
    return Tables(files | on_a_map(folder, loci, order), folder)


def frame(values: np.ndarray, columns, genes: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(values.round(4), columns=[str(one) for one in columns])
    table.insert(0, "gene", genes)
    return table


def on_a_map(folder: Path, loci: pd.DataFrame, order: np.ndarray) -> dict[str, Path]:
    """A graph, TADs of ten genes, and compartments that change every 500 kb."""
    pairs = np.array([(k, k + d) for k in order for d in (1, 2, 3) if k + d < len(order)])
    pairs = pairs[loci["chrom"].to_numpy()[pairs[:, 0]] == loci["chrom"].to_numpy()[pairs[:, 1]]]
    both = np.concatenate([pairs, pairs[:, ::-1]]).T
    weight = (1 / np.abs(both[0] - both[1])).astype(np.float32)
    graph = Graph(both, weight, np.zeros((both.shape[1], 0), np.float32))
    genes = loci["gene"].tolist()
    write_graphs(Graphs(genes, np.array([0.0]), [graph], []), folder / "graph.h5")
    ends = loci.groupby("chrom", sort=False)["tss"].max()
    bins = {
        size: pd.concat(
            [
                pd.DataFrame({"chrom": chrom, "start": np.arange(0, end + 1, size)})
                for chrom, end in ends.items()
            ]
        ).assign(end=lambda table, size=size: table["start"] + size)
        for size in (10 * SPACE, 50_000)
    }
    bins[10 * SPACE].to_csv(folder / "tads.bed", sep="\t", header=False, index=False)
    write_table(bins[10 * SPACE], folder / "boundaries.tsv")
    score = np.where(bins[50_000]["start"] // 500_000 % 2 == 0, 0.5, -0.5)
    write_table(bins[50_000].assign(score=score), folder / "compartments.tsv")
    return {
        "graph.mrna.f": folder / "graph.h5", "tads.mrna.f": folder / "tads.bed",
        "boundaries.mrna.f": folder / "boundaries.tsv",
        "compartments.mrna.f": folder / "compartments.tsv",
    }  # fmt: skip


def names(n: int, **first: list[str]) -> pd.DataFrame:
    """So many genes, the first of them named as given by column."""
    table = pd.DataFrame(
        {
            "gene": [f"Gene{k}" for k in range(n)],
            "symbol": [f"Gene{k}" for k in range(n)],
            "gene_id": [f"ENSMUSG{k:011d}.{k % 9}" for k in range(n)],
            "aliases": [f"Alias{k}|Other{k}" for k in range(n)],
        }
    )
    for column, values in first.items():
        table.loc[: len(values) - 1, column] = values
    return table
