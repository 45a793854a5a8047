"""Every gene of a dataset with its locus, its level and how well it is forecast."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from foldcast.report.genes_shown import COMPARATOR, LOCAL_LEVEL, of_model
from foldcast.report.page.page import table
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.wording import named

BESIDE = (COMPARATOR, LOCAL_LEVEL)  # what each gene's skill stands beside


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
