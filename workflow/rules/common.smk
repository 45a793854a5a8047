# common: the checked config, what rules ask of it, and the targets of each stage

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from snakemake.exceptions import WorkflowError

from foldcast.config import load_schema, settle, validate
from foldcast.errors import InputError
from foldcast.expression.sheets import read_samples
from foldcast.fingerprint import fingerprint
from foldcast.protocol import block_names
from foldcast.resources.keys import resource_key, resource_name

CONFIGFILES = ", ".join(map(str, workflow.configfiles)) or "config"

try:
    validate(
        config,
        load_schema(Path(workflow.basedir) / "schemas/config.schema.yaml"),
        CONFIGFILES,
    )
    settle(config, CONFIGFILES)
    SAMPLES = {
        name: read_samples(dataset["samples"])
        for name, dataset in config["datasets"].items()
    }
except InputError as error:
    raise WorkflowError(str(error)) from None

RESULTS = f"results/{config['name']}"
DOWNLOADS = {}

# A mirror is where a file is found, not which file it is, so it is no param.
if config["mirror"]:
    os.environ["FOLDCAST_MIRROR"] = str(Path(config["mirror"]).resolve())


wildcard_constraints:
    map="[A-Za-z0-9_-]+",
    resolution="[0-9]+",
    dataset="[A-Za-z0-9_-]+",
    graph="[A-Za-z0-9_-]+",
    model="[a-z]+",
    block="[0-9]+-[0-9]+",
    key="[0-9a-f]{16}",
    basename="[^/]+",


def source(entry):
    """The path of a config entry: local as it is, otherwise what rule fetch makes of its URL."""
    if entry["path"]:
        return entry["path"]
    key, basename = resource_key(entry["url"], entry["checksum"]), resource_name(
        entry["url"]
    )
    DOWNLOADS[key, basename] = entry
    return f"resources/files/{key}/{basename}"


def memory(factor, least=1000):
    """Memory in MB: `factor` times the inputs, at least `least`, doubled on each retry."""

    def mem_mb(wildcards, input, attempt):
        return int(max(least, factor * input.size_mb) * 2 ** (attempt - 1))

    return mem_mb


def dataset_of(wildcards):
    return config["datasets"][wildcards.dataset]


def graph_of(wildcards):
    return config["graphs"][wildcards.graph]


def map_of(wildcards):
    return config["maps"][wildcards.map]


def blocks_of(dataset):
    """Names of the blocks of origins; a model is fitted once at the start of each."""
    protocol = config["evaluation"]
    n_times = SAMPLES[dataset]["time"].nunique()
    try:
        return block_names(n_times, protocol["first_origin"], protocol["refit_every"])
    except ValueError as error:
        raise WorkflowError(
            f"{config['datasets'][dataset]['samples']}: {error}\n"
            "  remedy:   bring a longer course, or lower `evaluation.first_origin`"
        ) from None


def map_resolutions():
    """Every (map, resolution) that a graph uses."""
    return sorted(
        {
            (name, resolution)
            for graph in config["graphs"].values()
            for name in graph["maps"]
            for resolution in (graph["resolution"], graph["compartment_resolution"])
        }
    )


def dataset_graphs():
    """Every (dataset, graph) pair."""
    return [
        (name, graph) for name, d in config["datasets"].items() for graph in d["graphs"]
    ]


def step_outputs(dataset, graph, file):
    model = config["datasets"][dataset]["model"]
    return [
        f"{RESULTS}/step/{dataset}/{graph}/{model}/{block}/{file}"
        for block in blocks_of(dataset)
    ]


def hic_targets():
    features = (
        "expected.tsv",
        "insulation.tsv",
        "tads.bed",
        "compartments.tsv",
        "qc.tsv",
    )
    return [
        f"{RESULTS}/hic/{name}/{resolution}/{file}"
        for name, resolution in map_resolutions()
        for file in features
    ]


def step_targets():
    return [
        path
        for dataset, graph in dataset_graphs()
        for path in step_outputs(dataset, graph, "forecasts.tsv")
    ]


def evaluation_targets():
    return [
        f"{RESULTS}/evaluation/{dataset}/{file}.tsv"
        for dataset in config["datasets"]
        for file in ("evaluation", "scores", "verdict")
    ]


def stage_targets():
    targets = {
        "hic": hic_targets,
        "step": step_targets,
        "evaluation": evaluation_targets,
        "report": report_targets,
    }
    return [path for stage in config["stages"] for path in targets[stage]()]
