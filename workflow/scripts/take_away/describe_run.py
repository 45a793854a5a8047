"""What a paper says of this run: methods, the config as it ran, and how its tables are read."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

import foldcast
import foldcast.take_away
from foldcast.files import atomic, read_table
from foldcast.job import run
from foldcast.spex.run_settings import base_in_words
from foldcast.take_away.package_versions import versions

HERE = Path(foldcast.take_away.__file__).parent
Part = Mapping[str, Any]


def main(snakemake) -> None:
    given, params, output = snakemake.input, snakemake.params, snakemake.output
    config = yaml.safe_load(params.config)
    paragraphs = [f"# Methods of {config['name']}", INTRODUCTION]
    for name, samples, loci in zip(config["datasets"], given.samples, given.loci, strict=True):
        sheet = read_table(samples, dtype={"sample": str})
        genes = read_table(loci, dtype={"gene": str})
        paragraphs.append(" ".join(of_dataset(name, config, sheet, genes)))
    said = {
        "features": of_maps(config),
        "always": of_forecasts(config, params) if params.scored else [],
        "graphs": of_networks(config, params),
        "spex": of_sequence(config),
        "enrichment": of_enrichment(config),
    }
    paragraphs += [" ".join(said[part]) for part in said if part in params.parts and said[part]]
    packages = ", ".join(f"{name} {number}" for name, number in versions().items())
    paragraphs.append(f"Software: foldcast {foldcast.__version__}; {packages}.")
    texts = {
        output.methods: "\n\n".join(paragraphs) + "\n",
        output.config: params.config,
        output.python: (HERE / "read_results.py.txt").read_text(encoding="utf-8"),
        output.r: (HERE / "read_results.R.txt").read_text(encoding="utf-8"),
    }
    for path, text in texts.items():
        with atomic(path) as temporary:
            temporary.write_text(text, encoding="utf-8")


INTRODUCTION = (
    "Written by the run from its config and its data; `config.yaml` beside it holds every choice. "
    "Works to cite are in `how_to_cite.md` and `references.bib`."
)


def of_dataset(name: str, config: Part, sheet, genes) -> Iterator[str]:
    """The time course: how large, from where, how it was brought to one scale."""
    dataset = config["datasets"][name]
    of = next(dataset[k] for k in ("expression", "interactions") if dataset[k])
    times = sorted(sheet["time"].unique())
    unit = dataset["time_unit"]
    yield (
        f"Expression ({name}): {len(genes):,} {dataset['nodes']}s in {len(sheet)} samples at "
        f"{len(times)} times, {times[0]:g} to {times[-1]:g} {unit}s, from {of['path'] or of['url']}"
        f" ({dataset['values']} values, scaling: {dataset['normalise']}), as log2."
    )
    placed = int(genes["tss"].notna().sum())
    yield f"{placed:,} of them have a place in {config['genome']['assembly']}."
    if copies := int(sheet["copy_of"].notna().sum()):
        yield f"Samples that are copies of others: {copies}."


def of_maps(config: Part) -> Iterator[str]:
    """Contact maps and what was computed of them."""
    hic = config["hic"]
    for name, graph in config["graphs"].items():
        if graph["maps"] and not graph["rewire"]:
            yield (
                f"Contacts ({name}): {', '.join(graph['maps'])} in bins of "
                f"{graph['resolution']:,} bp, balanced (by cooler where the file was not); "
                f"compartments in bins of {graph['compartment_resolution']:,} bp."
            )
    windows = " and ".join(map(str, hic["insulation_windows"]))
    yield (
        f"Insulation scores were computed with cooltools in windows of {windows} bins, boundaries "
        f"with the threshold {hic['boundary_threshold']}; TADs are what lies between boundaries."
    )


def of_forecasts(config: Part, params) -> Iterator[str]:
    """The protocol, and which forecast each dataset got."""
    for name in params.scored:
        past, times = params.origins[name]
        graph, model = params.forecasts[name]
        on = "" if graph == "-" else f" on graph {graph}"
        yield (
            f"Forecasts of {name} are made by {model}{on} from rolling origins, the first after "
            f"{past} of {times} times; whatever a forecast is made with comes from times up to its "
            "origin."
        )
    yield (
        "Skill is the share of persistence’s squared error that is saved; intervals are of 95 % "
        "and hold the spread of origins and genes, not that of another experiment."
    )


def of_networks(config: Part, params) -> Iterator[str]:
    """Graphs of genes and the networks on them."""
    for name, graph in config["graphs"].items():
        if graph["rewire"]:
            continue
        weights = ", ".join(f"{part} {share:g}" for part, share in graph["weights"].items())
        far = f", at most {graph['max_distance']:,} bp apart" if graph["max_distance"] else ""
        yield (
            f"Gene graph {name}: the {graph['neighbours']} strongest neighbours of each gene{far}; "
            f"edge weights: {weights}; embedding in {graph['embedding']['dimensions']} dimensions "
            f"(walks of {graph['embedding']['walk_length']}, seed {graph['embedding']['seed']})."
        )
    models = sorted({dataset["model"] for dataset in config["datasets"].values()})
    seeds = ", ".join(map(str, config["evaluation"]["seeds"]))
    yield (
        f"Networks ({', '.join(models)}) were fitted anew every "
        f"{config['evaluation']['refit_every']} origins, with seeds {seeds}."
    )


def of_sequence(config: Part) -> Iterator[str]:
    """Runs of the sequence half."""
    for name, one in config["spex"].items():
        held = "each chromosome held out once"
        if one["hold_out"] == "fixed":
            held = f"{', '.join(one['test'])} held out"
        yield (
            f"Sequence ({name}): expression of tissues by {base_in_words(one['base'])} "
            f"at the TSS and at what touches it in {', '.join(one['maps']) or 'no map'}, by "
            f"{' and '.join(one['models'])} models, {held}; control contacts: "
            f"{', '.join(one['control_contacts']['kinds'])}."
        )


def of_enrichment(config: Part) -> Iterator[str]:
    """Gene sets and what was tested of them."""
    sets = config["enrichment"]
    yield (
        f"Gene sets: {', '.join(sets['sets'])}, of {sets['minimum']} genes or more; "
        "over-representation and pre-ranked enrichment (GSEApy), q by Benjamini and Hochberg."
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
