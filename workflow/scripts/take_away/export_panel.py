"""A panel as h5ad: samples × genes, with forecasts, skill and what is known of each gene."""

import anndata
import numpy as np
import pandas as pd

from foldcast.files import atomic, read_table
from foldcast.genes.interval_values import value_at
from foldcast.job import log, run

TEXT = {"gene": str, "sample": str, "model": str, "graph": str, "chrom": str}


def main(snakemake) -> None:
    given = snakemake.input
    graph, model = snakemake.params.forecast
    tables = {
        name: read_table(given[name], dtype=TEXT)
        for name in ("panel", "samples", "loci", "scores", "evaluation", "verdict", "future")
        if hasattr(given, name)
    }
    panel = tables["panel"].set_index("gene")
    samples = tables["samples"].set_index("sample")
    data = anndata.AnnData(
        X=panel[samples.index].to_numpy(float).T,
        obs=samples.dropna(axis="columns", how="all").assign(time_unit=snakemake.params.time_unit),
        var=cards(tables, panel.index, given, graph, model),
    )
    data.uns["unit"] = "log2"
    data.uns["forecast"] = {"model": model, "graph": graph}
    for name in ("evaluation", "verdict"):
        if name in tables:
            data.uns[name] = text_or_number(tables[name])
    if hasattr(given, "forecasts"):
        parts = [given.forecasts] if isinstance(given.forecasts, str) else given.forecasts
        rows = pd.concat([read_table(path, dtype=TEXT) for path in parts])
        for name, own in {
            "forecast": rows[(rows["model"] == model) & (rows["graph"] == graph)],
            "persistence": rows[rows["model"] == "persistence"],
        }.items():
            if len(own):
                data.layers[name] = one_step(own, samples["time"], panel.index)
    if "future" in tables:
        for horizon, rows in tables["future"].groupby("horizon"):
            ahead = rows.set_index("gene").reindex(panel.index)
            columns = ["target_time", "predicted", "low", "high", "change"]
            data.varm[f"ahead_{horizon}"] = ahead[columns].astype(float)
    with atomic(snakemake.output.panel) as path:
        data.write_h5ad(path, compression="gzip")
    log.info("%d samples × %d genes, layers %s", *data.shape, ", ".join(data.layers) or "none")


def one_step(rows: pd.DataFrame, times: pd.Series, genes: pd.Index) -> np.ndarray:
    """[samples, genes] what was forecast for each sample's time from the time before, log2; the
    mean over seeds, NaN where nothing was."""
    table = rows.pivot_table(index="target_time", columns="gene", values="predicted")
    return table.reindex(index=times.astype(float), columns=genes).to_numpy(float)


def cards(tables: dict, genes: pd.Index, given, graph: str, model: str) -> pd.DataFrame:
    """What is known of each gene: place, compartment, TAD, neighbours, skill, forecast."""
    var = tables["loci"].drop_duplicates("gene").set_index("gene").reindex(genes)
    var.index.name = "gene"
    for column in ("symbol", "gene_id", "chrom", "strand"):
        var[column] = var[column].astype(object).where(var[column].notna(), "").astype(str)
    if hasattr(given, "tads"):
        tss = var["tss"].astype(float)
        tads = pd.read_csv(given.tads, sep="\t", names=["chrom", "start", "end"], dtype=TEXT)
        number = pd.Series(np.arange(1.0, len(tads) + 1))
        var["tad"] = value_at(var["chrom"], tss, tads, number)
        bins = read_table(given.compartments, dtype=TEXT)
        var["compartment_score"] = value_at(var["chrom"], tss, bins, bins["score"])
    for path in getattr(given, "neighbours", []):
        own = read_table(path, dtype=TEXT).set_index("gene").reindex(genes)
        name = str(path).split("/")[-2]
        var[f"neighbours_{name}"], var[f"in_contact_{name}"] = own["neighbours"], own["in_contact"]
    if "scores" in tables:
        scores = tables["scores"]
        own = scores[(scores["model"] == model) & (scores["graph"] == graph)].set_index("gene")
        columns = ["mse", "skill", "skill_over_local_level", "r", "n"]
        var = var.join(own[columns].reindex(genes).astype(float))
    if "future" in tables:
        first = tables["future"].sort_values("horizon").drop_duplicates("gene").set_index("gene")
        first = first.reindex(genes)
        var["level_now"] = first["level"].astype(float)
        var["forecast_to_change"] = first["forecast_to_change"].fillna("").astype(str)
    return var


def text_or_number(table: pd.DataFrame) -> pd.DataFrame:
    """A table whose columns are numbers or text throughout, as the format asks for."""
    numbers = {column: pd.to_numeric(table[column], errors="coerce") for column in table}
    kept = {
        column: values
        if values.notna().sum() == table[column].notna().sum()
        else table[column].fillna("").astype(str)
        for column, values in numbers.items()
    }
    rows = pd.DataFrame(kept)
    return rows.set_axis(rows.index.astype(str))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
