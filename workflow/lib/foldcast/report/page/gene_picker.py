"""What the page shows gene by gene: all in a table, and one at a time in the gene picker."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from foldcast.graph.graph_store import read_graphs
from foldcast.report.genes_shown import COMPARATOR, LOCAL_LEVEL, of_model
from foldcast.report.graph_edges import compartments_of_genes
from foldcast.report.page.page import table
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.wording import named

DECIMALS = 3
NEIGHBOURS = 12  # of a gene, by weight
BESIDE = (COMPARATOR, LOCAL_LEVEL)  # what each gene's skill stands beside


def payload(
    tables: Tables,
    name: str,
    about: Mapping[str, Any],
    forecasts: Mapping[str, Sequence[str]],
) -> dict:
    """All genes of a dataset.

    Args:
        forecasts: graph → the forecast tables of its blocks; none where no network is fitted.

    Returns:
        genes, symbols, loci; samples' times and values [genes][samples]; target times; forecasts by
        model in words [genes][targets]; which of them is the dataset's, and that beyond the data;
        neighbours by graph; scores.
    """
    loci = tables.read(f"loci.{name}")
    genes = loci["gene"].tolist()
    samples = tables.read(f"samples.{name}")
    panel = tables.read(f"panel.{name}").set_index("gene").loc[genes, samples["sample"]]
    baselines = tables.read(f"baselines.{name}")
    series, targets = {}, np.unique(baselines["target_time"])
    chosen = about["forecast"][1]
    for model in dict.fromkeys([chosen, LOCAL_LEVEL]):
        if model != about["model"]:
            series[named(model)] = wide(of_model(baselines, "-", model), genes)
    for graph in forecasts:
        made = pd.concat([tables.read(path) for path in forecasts[graph]])
        series[named(about["model"], graph)] = wide(of_model(made, graph, about["model"]), genes)
    return {
        "genes": genes,
        "symbols": loci["symbol"].fillna("").tolist(),
        "places": [
            "" if pd.isna(row.chrom) else f"{row.chrom}:{int(row.tss):,} ({row.strand})"
            for row in loci.itertuples()
        ],
        "unit": about["time_unit"],
        "times": samples["time"].tolist(),
        "values": rounded(panel.to_numpy(dtype=float)),
        "targets": targets.tolist(),
        "forecasts": series,
        "forecast": named(chosen, about["forecast"][0]),
        "future": future(tables, name, genes),
        "neighbours": {graph: neighbours(tables, name, graph) for graph in about["graphs"]},
        "scores": scores(tables, name, genes),
    }


def wide(made: pd.DataFrame, genes: Sequence[str]) -> list[list[float | None]]:
    """One-step forecasts, the mean over seeds, as [genes][targets]."""
    mean = made.groupby(["gene", "target_time"])["predicted"].mean().unstack()
    return rounded(mean.loc[list(genes)].to_numpy())


def future(tables: Tables, name: str, genes: Sequence[str]) -> dict[str, list]:
    """Forecasts beyond the data with their intervals; nothing where none were made."""
    key = f"future.{name}"
    if key not in tables:
        return {}
    table = tables.read(key).set_index("gene")
    columns = ["target_time", "predicted", "low", "high"]
    return {gene: rounded(table.loc[[gene], columns].to_numpy(dtype=float)) for gene in genes}


def neighbours(tables: Tables, name: str, graph: str) -> dict[str, list]:
    """Each gene's strongest edges at the last time: gene, weight, distance (bp), compartments."""
    last = read_graphs(tables.file(f"graph.{name}.{graph}"))
    source, target = last.graphs[-1].edge_index
    weight = last.graphs[-1].edge_weight
    loci = tables.read(f"loci.{name}").set_index("gene")
    kinds = compartments_of_genes(tables.file(f"interactions.{name}.{graph}"))
    found: dict[str, list] = {}
    for index in np.lexsort((target, -weight, source)):
        gene, other = last.genes[source[index]], last.genes[target[index]]
        edges = found.setdefault(gene, [])
        if len(edges) < NEIGHBOURS:
            cis = loci.loc[gene, "chrom"] == loci.loc[other, "chrom"]
            distance = abs(loci.loc[gene, "tss"] - loci.loc[other, "tss"]) if cis else None
            edges.append(
                [
                    other,
                    round(float(weight[index]), DECIMALS),
                    None if distance is None else int(distance),
                    kinds.get(gene, "?"),
                    kinds.get(other, "?"),
                ]
            )
    return found


def scores(tables: Tables, name: str, genes: Sequence[str]) -> list[dict]:
    """Skill, MSE and r of every model, baseline and bound, [genes] each."""
    table = tables.read(f"scores.{name}")
    return [
        {
            "name": named(model, graph),
            **{
                key: rounded(rows.set_index("gene").loc[list(genes), key].to_numpy(dtype=float))
                for key in ("skill", "mse", "r")
            },
        }
        for (model, graph), rows in table.groupby(["model", "graph"], sort=False)
    ]


def rounded(values: np.ndarray) -> list:
    """Numbers as JSON has them: three decimals, None where there is none."""
    plain = np.round(values, DECIMALS).astype(object)
    plain[~np.isfinite(values)] = None
    return plain.tolist()


def gene_rows(tables: Tables, name: str, about: Mapping[str, Any]) -> list[dict]:
    """One row per gene for the table that can be filtered: locus, level, skill of each model."""
    loci = tables.read(f"loci.{name}").set_index("gene")
    time_course = tables.read(f"course.{name}").set_index("gene")
    scores = tables.read(f"scores.{name}")
    columns = columns_of(about)
    graph, chosen = about["forecast"]
    over = of_model(scores, graph, chosen).set_index("gene")["skill_over_local_level"]
    skill = {
        key: scores[(scores["model"] == key[0]) & (scores["graph"] == key[1])].set_index("gene")[
            "skill"
        ]
        for key in columns
    }
    return [
        {
            "gene": gene,
            "locus": "" if pd.isna(row["chrom"]) else f"{row['chrom']}:{int(row['tss']):,}",
            "symbol": "" if pd.isna(row["symbol"]) else row["symbol"],
            "level": round(float(time_course.loc[gene].mean()), 2),
            "spread": round(float(time_course.loc[gene].std()), 2),
            "over_local_level": round(float(over[gene]), 3),
            "skill": [round(float(skill[key][gene]), 3) for key in columns],
        }
        for gene, row in loci.iterrows()
    ]


def columns_of(about: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The models whose skill stands beside each gene, as (model, graph): the forecast first."""
    graph, chosen = about["forecast"]
    networks = [(about["model"], one) for one in about["graphs"] if about["model"]]
    return list(dict.fromkeys([(chosen, graph), *networks, *((one, "-") for one in BESIDE)]))


def gene_table(
    tables: Tables, name: str, about: Mapping[str, Any], rows: list[dict]
) -> dict[str, Any]:
    """The same rows as a table that can be filtered and sorted; the best forecast gene first."""
    models = [named(*key) for key in columns_of(about)]
    ranked = sorted(rows, key=lambda row: -row["over_local_level"])
    columns = {
        "gene": [row["gene"] for row in ranked],
        "symbol": [row["symbol"] for row in ranked],
        "TSS": [row["locus"] for row in ranked],
        "mean (log2)": [row["level"] for row in ranked],
        "sd over time": [row["spread"] for row in ranked],
    }
    over = f"skill of {models[0]} over the local level"
    columns[over] = [row["over_local_level"] for row in ranked]
    for k, model in enumerate(models):
        columns[f"skill of {model}"] = [row["skill"][k] for row in ranked]
    found = pd.DataFrame(columns)
    return table(
        found, tables.path(f"scores.{name}"), f"All {len(found)} genes", longest=len(found)
    )
