# everything that the page shows and says

import hashlib
from functools import cache
from pathlib import Path

import yaml

from foldcast.public_text import public_part


def figure(name, category, words, caption=None):
    """A figure as PNG and SVG; the PNG is in `snakemake --report`, with a caption of its name."""
    kind, *of = name.split(".")
    labels = {one.strip("{}"): one for one in of if one not in ("{model}", "{kind}")}
    path = f"{RESULTS}/report/figures/{name}"
    png = report(
        f"{path}.png",
        caption=f"../report/{caption or kind}.rst",
        category=category,
        labels=labels | {"figure": words},
    )
    return {"png": png, "svg": f"{path}.svg"}


def figure_loci(wildcards):
    """Loci of the first dataset that uses the graph: where its map is worth looking at."""
    dataset = next(d for d, graph in dataset_graphs() if graph == wildcards.graph)
    return f"{RESULTS}/expression/{dataset}/loci.tsv"


def page_graphs(dataset):
    """The graphs of a dataset whose genes are shown: not the rewired ones."""
    used, rewired = config["datasets"][dataset]["graphs"], rewired_graphs(dataset)
    return [graph for graph in used if graph not in rewired]


def page_dataset_files(name, dataset):
    """What the page shows of a dataset: key → file, or files."""
    scored = "evaluation scores verdict baselines horizons calls".split()
    checked = "loading flags loci panel samples course detection scaling".split()
    files = {}
    if is_scored(name):
        files = {part: f"{RESULTS}/evaluation/{name}/{part}.tsv" for part in scored}
    files |= {part: f"{RESULTS}/expression/{name}/{part}.tsv" for part in checked}
    files["resolution"] = f"{RESULTS}/expression/{name}/resolution_report.tsv"
    graph, model = forecast_of(name)
    if forecasts_future(name, graph):
        files["future"] = future_path(name, graph, model, "ahead.tsv")
    if dataset["against"]:
        files["arms"] = f"{RESULTS}/evaluation/{name}/arms/verdict.tsv"
    if not dataset["interactions"]:
        files["annotation"] = f"{RESULTS}/genome/annotation.tsv"
    files = {f"{part}.{name}": path for part, path in files.items()}
    for graph in page_graphs(name):
        files |= page_places(name, graph)
        files |= page_depths(name, graph)
        made_of = (config["graphs"][graph]["rewire"] or {"of": graph})["of"]
        folder = f"{RESULTS}/graph/{name}"
        files[f"interactions.{name}.{graph}"] = f"{folder}/{made_of}/interactions.csv"
        files[f"graph.{name}.{graph}"] = f"{folder}/{graph}/graph.h5"
        files[f"genes.{name}.{graph}"] = f"{folder}/{graph}/genes.tsv"
        if has_network(name):
            forecasts = step_outputs(name, graph, "forecasts.tsv")
            files[f"forecasts.{name}.{graph}"] = forecasts
    return files


def page_depths(name, graph):
    """How deep each map of a graph is, in the order of its maps."""
    about = config["graphs"][graph]
    paths = [
        f"{RESULTS}/hic/{one}/{about['resolution']}/depth.tsv" for one in about["maps"]
    ]
    return {f"depth.{name}.{graph}": paths} if paths else {}


def page_places(name, graph):
    """Boundaries, TADs and compartments of a graph's last map, for the cards of genes."""
    about = config["graphs"][graph]
    if about["rewire"]:
        about = config["graphs"][about["rewire"]["of"]]
    if not about["maps"]:
        return {}
    folder, fine = f"{RESULTS}/hic/{about['maps'][-1]}", about["resolution"]
    coarse = about["compartment_resolution"]
    return {
        f"boundaries.{name}.{graph}": f"{folder}/{fine}/boundaries.tsv",
        f"tads.{name}.{graph}": f"{folder}/{fine}/tads.bed",
        f"compartments.{name}.{graph}": f"{folder}/{coarse}/compartments.tsv",
    }


def page_files():
    """Everything that the page shows, by what it is of."""
    files = {}
    for name, dataset in config["datasets"].items():
        files |= page_dataset_files(name, dataset)
    if asked_of_folding():
        files["folding"] = f"{RESULTS}/evaluation/folding.tsv"
    for name in measured_datasets():
        folder = f"{RESULTS}/evaluation/{name}"
        files |= {
            f"{one}.{name}": f"{folder}/{one}.tsv"
            for one in ("changes", "change_steps")
        }
    for name, graph in asked_of_folding():
        folder = f"{RESULTS}/evaluation/{name}/{graph}"
        files |= {
            f"changes_in_{one}.{name}.{graph}": f"{folder}/changes_in_{one}.tsv"
            for one in ("compartments", "tads")
        }
        files[f"held_out.{name}.{graph}"] = f"{folder}/held_out_genes.tsv"
    for name in config["spex"] if "spex" in config["stages"] else ():
        tables = ("genes", "join", "maps", "map_tissue", "contrasts")
        files |= {f"{one}.{name}": f"{RESULTS}/spex/{name}/{one}.tsv" for one in tables}
        files |= {
            f"spex_{one}.{name}": f"{RESULTS}/spex/{name}/{one}.tsv"
            for one in ("scores", "verdict")
        }
        files[f"labels.{name}"] = f"{RESULTS}/spex/{name}/expression.tsv"
    for name in config["spex"] if "variants" in config["stages"] else ():
        files |= {f"{Path(path).stem}.{name}": path for path in effect_tables(name)}
    for key, folder in page_enrichment_folders().items():
        tables = ("enrichment", "overrepresentation", "prerank")
        files |= {f"{one}.{key}": f"{folder}/{one}.tsv" for one in tables}
    files |= {f"picture.{figure}": path for figure, path in page_pictures().items()}
    return files


def page_enrichment_folders():
    """Where the tables of each subject of enrichment are, by the subject's name."""
    if "enrichment" not in config["stages"]:
        return {}
    return {
        ".".join(subject): f"{RESULTS}/enrichment/{'/'.join(subject)}"
        for subject in enrichment_subjects()
    }


def page_enrichment():
    return {key: ", ".join(key.split(".")[1:]) for key in page_enrichment_folders()}


def page_runs():
    """What the page says of each run of the sequence half that no table holds."""
    if "spex" not in config["stages"]:
        return {}
    held_out = {
        "each": "Every chromosome was held out once",
        "fixed": "Scored on {test}, with {validation} for validation",
    }
    return {
        name: {
            **{key: run[key] for key in ("base", "maps", "models")},
            "held_out": held_out[run["hold_out"]].format(
                **{key: ", ".join(run[key]) for key in ("test", "validation")}
            ),
        }
        for name, run in config["spex"].items()
    }


def page_pictures():
    """The figures that the page holds, without rewired graphs and what it draws itself."""
    drawn = ("courses", "skill", "loss", "map_league", "map_tissue", "spex_scatter")
    rewired = {
        f"graph.{name}.{one}" for name in SAMPLES for one in rewired_graphs(name)
    }
    found = {
        Path(path).stem: path for path in figure_targets() if path.endswith(".png")
    }
    return {
        figure: path
        for figure, path in found.items()
        if figure.split(".")[0] not in drawn and figure not in rewired
    }


def picture_words(figure):
    """What a figure is of, beside it on the page; `ahead` is but a file's name."""
    kind, _, of = figure.partition(".")
    kind = {"ahead": "beyond the data"}.get(kind, kind)
    return f"{kind}, {of}".replace(".", ", ").replace("_", " ")


def page_datasets():
    """What the page says of each dataset that no table holds."""
    graphs = config["graphs"]
    return {
        name: {
            **{key: dataset[key] for key in ("time_unit", "nodes")},
            "model": dataset["model"] if has_network(name) else None,
            "scored": is_scored(name),
            "first_origin": config["evaluation"]["first_origin"],
            "forecast": forecast_of(name),
            "graphs": page_graphs(name),
            "maps": {one: graphs[one]["maps"] for one in page_graphs(name)},
            "limits": {one: page_limits(graphs[one]) for one in page_graphs(name)},
            "rewired": rewired_graphs(name),
        }
        for name, dataset in config["datasets"].items()
    }


def page_limits(graph):
    """Which contacts of its maps a graph takes, in words."""
    if not graph["maps"]:
        return ""
    limits = [f"up to {graph['max_distance']:,} bp"] if graph["max_distance"] else []
    if graph["min_contacts"]:
        limits.append(
            f"of {graph['min_contacts']} or more counts, where a map has them"
        )
    return f" ({', '.join(limits)})" if limits else ""


def page_about():
    """How the run was made, in words: what is fixed in the config."""
    protocol, seeds = config["evaluation"], config["evaluation"]["seeds"]
    about = {"Assembly": config["genome"]["assembly"]}
    firsts = ", ".join(
        f"{past_of(name)} of {times_of(name)} times of {name}"
        for name in scored_datasets()
    )
    if scored_datasets():
        about |= {
            "Protocol": f"one-step forecasts from rolling origins; the first after {firsts}; "
            f"networks fitted anew every {protocol['refit_every']} origins",
            "Seeds of the fits": ", ".join(map(str, seeds)),
            "Seeds of the embeddings": ", ".join(
                f"{name} {graph['embedding']['seed']}"
                for name, graph in config["graphs"].items()
            ),
        }
    if config["spex"]:
        about["Seeds of the sequence models"] = ", ".join(
            f"{name} {run['seeds']}" for name, run in config["spex"].items()
        )
    return about


@cache
def config_text():
    """The config with its defaults, as YAML; without passwords, and the mirror, which says nothing."""
    return yaml.safe_dump(
        public_part({key: value for key, value in config.items() if key != "mirror"}),
        sort_keys=False,
        allow_unicode=True,
    )
