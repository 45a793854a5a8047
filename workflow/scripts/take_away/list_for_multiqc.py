"""Custom content for MultiQC: maps, samples, and genes and skill of each dataset."""

import json
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pandas as pd

from foldcast.files import atomic, read_table
from foldcast.job import run

# Column → title, what it is, how it is written; MultiQC shows the description at the title.
HEADERS = {
    "maps": {
        "contacts": ("Contacts", "counts in the map", "{:,.0f}"),
        "bad_bins": ("Bad bins", "bins left out by balancing (%)", "{:,.1f}"),
        "tads": ("TADs", "domains between boundaries", "{:,.0f}"),
        "median_tad_kb": ("Median TAD", "median length of a TAD (kb)", "{:,.0f}"),
    },
    "samples": {
        "mean": ("Mean", "mean of the panel (log2)", "{:,.2f}"),
        "library_size": ("Library size", "counts of the sample, where there are counts", "{:,.0f}"),
        "size_factor": ("Size factor", "what counts were divided by", "{:,.2f}"),
    },
    "datasets": {
        "genes": ("Genes", "rows of the panel", "{:,.0f}"),
        "placed": ("Placed", "of them with a place in the genome", "{:,.0f}"),
        "skill": ("Skill", "share of persistence's squared error that is saved", "{:,.3f}"),
        "low": ("Skill, low", "lower end of its 95 % interval", "{:,.3f}"),
        "high": ("Skill, high", "upper end of its 95 % interval", "{:,.3f}"),
    },
}
WORDS = {
    "maps": ("foldcast: contact maps", "Contact maps as they were used, by map and bins (bp)."),
    "samples": ("foldcast: samples", "Levels of samples; library sizes are there for counts only."),
    "datasets": (
        "foldcast: genes and skill",
        "Genes of each time course, how many have a place in the genome, and the skill over "
        "persistence of its one-step forecast.",
    ),
}


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    tables = {"maps": maps(params.names, given.maps, given.tads)} if params.names else {}
    if params.datasets:
        tables["samples"] = samples(params.datasets, given.scaling)
        scores = dict(zip(params.forecasts, given.evaluation, strict=True))
        tables["datasets"] = datasets(params.datasets, given.loci, scores, params.forecasts)
    for part, table in tables.items():
        with atomic(snakemake.output[part]) as path:
            write_mqc(path, part, params.run, table)


def write_mqc(path: Path, part: str, run_name: str, table: pd.DataFrame) -> None:
    """A table with MultiQC's header before it: YAML behind #, of which JSON is a kind.

    Args:
        part: of `HEADERS`.
        run_name: before each row's name, so that runs can stand in one report.
        table: name of a row → numbers.
    """
    section, description = WORDS[part]
    columns = {name: HEADERS[part][name] for name in table if table[name].notna().any()}
    header: dict[str, Any] = {
        "id": f"foldcast_{part}",
        "section_name": section,
        "description": description,
        "plot_type": "table",
        "pconfig": {"id": f"foldcast_{part}_table", "title": section, "namespace": "foldcast"},
        "headers": {
            name: {"title": title, "description": said, "format": form}
            for name, (title, said, form) in columns.items()
        },
    }
    rows = table[list(columns)].set_axis(f"{run_name}, " + table.index.astype(str))
    lines = [f"# {key}: {json.dumps(value, ensure_ascii=False)}" for key, value in header.items()]
    text = rows.rename_axis("Sample").to_csv(sep="\t", float_format="%.10g", lineterminator="\n")
    path.write_text("\n".join(lines) + "\n" + text, encoding="utf-8")


def maps(names: list[str], paths: list[str], domains: list[str]) -> pd.DataFrame:
    """name → contacts, bad bins (%), TADs and their median length (kb)."""
    found = {}
    for name, path, tads in zip(names, paths, domains, strict=True):
        with h5py.File(path) as file:
            weight = file["bins/weight"][:]
            contacts = float(np.sum(file["pixels/count"][:], dtype=float))
        ends = pd.read_csv(tads, sep="\t", names=["chrom", "start", "end"])
        length = (ends["end"] - ends["start"]) / 1000
        found[name] = {
            "contacts": contacts,
            "bad_bins": 100 * float(np.isnan(weight).mean()),
            "tads": len(ends),
            "median_tad_kb": float(length.median()) if len(ends) else np.nan,
        }
    return pd.DataFrame.from_dict(found, orient="index")


def samples(names: list[str], paths: list[str]) -> pd.DataFrame:
    """dataset and sample → mean (log2), library size, size factor."""
    parts = []
    for name, path in zip(names, paths, strict=True):
        table = read_table(path, dtype={"sample": str}).set_index("sample")
        parts.append(table[list(HEADERS["samples"])].set_axis(f"{name}, " + table.index))
    return pd.concat(parts)


def datasets(names: list[str], loci: list[str], scores: dict, forecasts: dict) -> pd.DataFrame:
    """dataset → genes, those placed, and the skill of its forecast, where it is scored."""
    found: dict[str, dict[str, float]] = {}
    for name, path in zip(names, loci, strict=True):
        genes = read_table(path, dtype={"gene": str, "chrom": str})
        found[name] = {"genes": len(genes), "placed": int(genes["tss"].notna().sum())}
        if name in scores:
            rows = read_table(scores[name], dtype={"model": str, "graph": str})
            graph, model = forecasts[name]
            own = rows[(rows["model"] == model) & (rows["graph"] == graph)]
            skill = own[own["metric"] == "skill"].iloc[0]
            found[name] |= {key: float(skill[of]) for key, of in
                            (("skill", "value"), ("low", "low"), ("high", "high"))}  # fmt: skip
    return pd.DataFrame.from_dict(found, orient="index").reindex(columns=list(HEADERS["datasets"]))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
