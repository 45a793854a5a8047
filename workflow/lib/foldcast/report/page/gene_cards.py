"""What the page shows gene by gene, in a compact form: a table of all, and each one's card.

Numbers are whole thousandths, so that they pack well, and those that are drawn whole hundredths
from each gene's level: of 20,000 genes the page holds millions.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from foldcast.evaluation.forecast_scores import went_right
from foldcast.graph.graph_store import read_graphs
from foldcast.graph.map_times import NO_MAP
from foldcast.report.genes_shown import LOCAL_LEVEL, of_model
from foldcast.report.page.answer_parts import symbols_of
from foldcast.report.page.gene_places import map_of_genes
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.wording import named

NEIGHBOURS = 12  # of a gene, by weight
CALLS = {"up": 1, "down": -1, "no": 0}


def cards(
    tables: Tables,
    name: str,
    about: Mapping[str, Any],
    forecasts: Mapping[str, Sequence[str]],
) -> dict[str, Any]:
    """All genes of a dataset; [genes] lists in the order of its loci, None where nothing is known.

    Args:
        tables: those of the page.
        name: of the dataset.
        about: as for `temporal_section.describe`.
        forecasts: graph → the forecast tables of its blocks; none where no network is fitted.

    Returns:
        Names (genes, labels, symbols, ids, aliases), places (chroms, chrom, tss, strand), samples'
        times and values [genes][samples] (from level), the mean at the last time (now); forecasts
        beyond the data (ahead), changes seen (steps, least q), one-step forecasts
        [genes][targets], shares of directions that were right, skill over the local level, scores;
        and what each graph's map says. What was not made is empty.
    """
    loci = tables.read(f"loci.{name}")
    genes = loci["gene"].tolist()
    samples = tables.read(f"samples.{name}")
    panel = tables.read(f"panel.{name}").set_index("gene").loc[genes, samples["sample"]]
    course = tables.read(f"course.{name}").set_index("gene").loc[genes]
    level = np.round(100 * course.mean(axis=1).to_numpy(dtype=float)).astype(int)
    chroms = sorted(loci["chrom"].dropna().unique())
    return {
        **names(tables, name, loci),
        "chroms": chroms,
        "chrom": pd.Categorical(loci["chrom"], categories=chroms).codes.tolist(),
        "tss": [None if pd.isna(tss) else int(tss) for tss in loci["tss"]],
        "strand": "".join(loci["strand"].fillna(".")),
        "unit": about["time_unit"],
        "times": samples["time"].tolist(),
        "level": level.tolist(),
        "values": from_level(panel.to_numpy(dtype=float), level),
        "now": thousandths(course.iloc[:, -1].to_numpy(dtype=float)),
        "ahead": ahead(tables, name, genes),
        "changes": changes(tables, name, genes),
        **(judged(tables, name, about, forecasts, genes, course, level) if about["scored"] else {}),
        "graphs": {
            graph: neighbours(tables, name, graph, genes)
            | map_of_genes(tables, name, graph, loci, chroms)
            for graph in about["graphs"]
            if graph != NO_MAP
        },
        "tables": [
            tables.path(f"{one}.{name}")
            for one in ("scores", "future", "changes", "loci")
            if f"{one}.{name}" in tables
        ],
    }


def names(tables: Tables, name: str, loci: pd.DataFrame) -> dict[str, list[str]]:
    """What each gene may be called: the table's name, symbol, id, and aliases between bars; and
    what it is called on the page (labels)."""
    key = f"annotation.{name}"
    known = tables.read(key) if key in tables else pd.DataFrame({"gene": [], "aliases": []})
    aliases = known.dropna(subset="aliases").drop_duplicates("gene").set_index("gene")["aliases"]
    return {
        "genes": loci["gene"].tolist(),
        "labels": symbols_of(tables, name).tolist(),
        "symbols": loci["symbol"].fillna("").tolist(),
        "ids": loci["gene_id"].fillna("").astype(str).tolist(),
        "aliases": loci["gene_id"].map(aliases).fillna("").astype(str).tolist(),
    }


def ahead(tables: Tables, name: str, genes: Sequence[str]) -> dict[str, list]:
    """Forecasts beyond the data: their times, and for each gene [predicted, low, high, call] of
    each; empty where none were made."""
    key = f"future.{name}"
    if key not in tables:
        return {}
    table = tables.read(key).set_index("gene")
    parts = []
    for _, rows in table.groupby("horizon"):
        here = rows.loc[list(genes)]
        numbers = thousandths(here[["predicted", "low", "high"]].to_numpy(dtype=float))
        called = here["forecast_to_change"].map(CALLS).tolist()
        parts.append([[*three, way] for three, way in zip(numbers, called, strict=True)])
    times = table.groupby("horizon")["target_time"].first().tolist()
    return {"times": times, "genes": [list(each) for each in zip(*parts, strict=True)]}


def changes(tables: Tables, name: str, genes: Sequence[str]) -> list[list | None]:
    """Of each gene the step at which it changed most surely: from, to, change, q; empty where
    nothing was tested."""
    key = f"changes.{name}"
    if key not in tables or tables.read(key)["q"].isna().all():
        return []
    tested = tables.read(key).dropna(subset="q").sort_values(["q", "p"], kind="stable")
    surest = tested.drop_duplicates("gene").set_index("gene").reindex(list(genes))
    numbers = thousandths(surest["change"].to_numpy(dtype=float))
    return [
        None if pd.isna(q) else [begin, end, change, float(f"{q:.3g}")]
        for begin, end, q, change in zip(
            surest["from"], surest["to"], surest["q"], numbers, strict=True
        )
    ]


def judged(
    tables: Tables,
    name: str,
    about: Mapping[str, Any],
    forecasts: Mapping[str, Sequence[str]],
    genes: Sequence[str],
    course: pd.DataFrame,
    level: np.ndarray,
) -> dict[str, Any]:
    """One-step forecasts and what they are worth.

    Args:
        tables: those of the page.
        name: of the dataset.
        about: as for `cards`.
        forecasts: as for `cards`.
        genes: in the order of the lists.
        course: means [genes, times].
        level: [genes] whole hundredths that drawn numbers are counted from.
    """
    baselines = tables.read(f"baselines.{name}")
    graph, chosen = about["forecast"]
    made = {}
    for model in dict.fromkeys([chosen, LOCAL_LEVEL]):
        if model != about["model"]:
            made[model, "-"] = wide(of_model(baselines, "-", model), genes)
    for one in forecasts:
        table = pd.concat([tables.read(path) for path in forecasts[one]])
        made[about["model"], one] = wide(of_model(table, one, about["model"]), genes)
    targets = np.unique(baselines["target_time"])
    scores = tables.read(f"scores.{name}")
    over = of_model(scores, graph, chosen).set_index("gene")["skill_over_local_level"]
    return {
        "targets": targets.tolist(),
        "forecasts": {named(*key): from_level(table, level) for key, table in made.items()},
        "forecast": named(chosen, graph),
        "direction": thousandths(directions(made[chosen, graph], targets, course)),
        "direction_of_level": thousandths(directions(made[LOCAL_LEVEL, "-"], targets, course)),
        "over_level": thousandths(over.loc[list(genes)].to_numpy(dtype=float)),
        "scores": [
            {
                "name": named(model, on),
                **{
                    key: thousandths(rows.set_index("gene").loc[list(genes), key].to_numpy(float))
                    for key in ("skill", "mse", "r")
                },
            }
            for (model, on), rows in scores.groupby(["model", "graph"], sort=False)
        ],
    }


def wide(made: pd.DataFrame, genes: Sequence[str]) -> np.ndarray:
    """One-step forecasts, the mean over seeds, as [genes, targets]."""
    mean = made.groupby(["gene", "target_time"])["predicted"].mean().unstack()
    return mean.loc[list(genes)].to_numpy()


def directions(made: np.ndarray, targets: np.ndarray, course: pd.DataFrame) -> np.ndarray:
    """[genes] share of each gene's changes whose direction was right, as scores count them.

    Args:
        made: [genes, targets] one-step forecasts.
        targets: their times.
        course: means [genes, times].
    """
    at = np.searchsorted(course.columns.astype(float), targets)
    means = course.to_numpy(dtype=float)
    last = means[:, at - 1]
    right, moved = went_right(made - last, means[:, at] - last)
    with np.errstate(invalid="ignore"):
        return right.sum(axis=1) / moved.sum(axis=1)


def neighbours(tables: Tables, name: str, graph: str, genes: Sequence[str]) -> dict[str, list]:
    """How many neighbours each gene has at the last time, and the strongest of them: position in
    the list of genes and weight in turn."""
    last = read_graphs(tables.file(f"graph.{name}.{graph}"))
    source, target = last.graphs[-1].edge_index
    weight = last.graphs[-1].edge_weight
    position = pd.Index(genes).get_indexer(last.genes)
    near: list[list[int]] = [[] for _ in genes]
    count = [0] * len(genes)
    for index in np.lexsort((target, -weight, source)):
        own = position[source[index]]
        count[own] += 1
        if count[own] <= NEIGHBOURS:
            near[own] += [int(position[target[index]]), round(1000 * float(weight[index]))]
    return {"degree": count, "near": near}


def from_level(values: np.ndarray, level: np.ndarray) -> list:
    """[genes, …] numbers as whole hundredths above each gene's level, None where there is none."""
    return _whole(100 * values, level[:, None])


def thousandths(values: np.ndarray) -> list:
    """Numbers as whole thousandths, None where there is none."""
    return _whole(1000 * values)


def _whole(values: np.ndarray, less: np.ndarray | int = 0) -> list:
    known = np.isfinite(values)
    whole = (np.round(np.where(known, values, 0)).astype(int) - less).astype(object)
    whole[~known] = None
    return whole.tolist()


def predictability(tables: Tables, name: str, about: Mapping[str, Any]) -> pd.DataFrame:
    """symbol, level and skill over the local level of each gene, for the chart."""
    loci = tables.read(f"loci.{name}").set_index("gene")
    course = tables.read(f"course.{name}").set_index("gene")
    graph, chosen = about["forecast"]
    over = of_model(tables.read(f"scores.{name}"), graph, chosen).set_index("gene")
    return pd.DataFrame(
        {
            "symbol": symbols_of(tables, name),
            "level": course.mean(axis=1).round(2),
            "over_local_level": over["skill_over_local_level"],
        }
    ).loc[loci.index]
