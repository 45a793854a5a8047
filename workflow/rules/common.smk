# common: the checked config, and what rules ask of it

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from foldcast.config import check_files, load_schema, settle, validate
from foldcast.errors import InputError, together
from foldcast.expression.sheets import read_samples
from foldcast.fingerprint import fingerprint
from foldcast.protocol import block_names
from foldcast.resources.keys import resource_key, resource_name

CONFIGFILES = ", ".join(map(str, workflow.configfiles)) or "config"


def refuse(error):
    """End with the message alone: a WorkflowError would add a trail through our own files."""
    sys.exit(f"Error: {error}")


try:
    validate(
        config,
        load_schema(Path(workflow.basedir) / "schemas/config.schema.yaml"),
        CONFIGFILES,
    )
    settle(config, CONFIGFILES)
    with together() as attempt:
        attempt(check_files, config, CONFIGFILES)
        SAMPLES = {
            name: attempt(read_samples, dataset["samples"])
            for name, dataset in config["datasets"].items()
        }
except InputError as error:
    refuse(error)

RESULTS = f"results/{config['name']}"
DOWNLOADS = {}

# A mirror is where a file is found, not which file it is, so it is no param.
if config["mirror"]:
    os.environ.update(FOLDCAST_MIRROR=str(Path(config["mirror"]).resolve()))


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
        refuse(
            InputError(
                config["datasets"][dataset]["samples"],
                place="column time",
                found=str(error),
                expected="times to learn from and times to forecast",
                remedy="bring a longer course, or change `evaluation.first_origin`",
            )
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


def phasing_source(wildcards):
    """The sequence where the config gives one, else the genes."""
    if config["genome"]["fasta"]:
        fasta = source(config["genome"]["fasta"])
        return {"fasta": fasta, "index": f"{fasta}.fai"}
    return {"annotation": f"{RESULTS}/genome/annotation.tsv"}


def map_file(file, resolution="resolution"):
    """Path of a feature of the graph's map, at its resolution or its compartment resolution."""

    def path(wildcards):
        graph = graph_of(wildcards)
        return f"{RESULTS}/hic/{graph['maps'][0]}/{graph[resolution]}/{file}"

    return path


def step_files(file):
    return lambda wildcards: step_outputs(wildcards.dataset, wildcards.graph, file)


def forecasts_of(wildcards):
    return [
        path
        for graph in dataset_of(wildcards)["graphs"]
        for path in step_outputs(wildcards.dataset, graph, "forecasts.tsv")
    ]


def figure_loci(wildcards):
    """Loci of the first dataset that uses the graph: where its map is worth looking at."""
    dataset = next(d for d, graph in dataset_graphs() if graph == wildcards.graph)
    return f"{RESULTS}/expression/{dataset}/loci.tsv"


def preflight_files():
    """Every file of the config by its part; those of maps and datasets with their name behind."""
    genome, datasets = config["genome"], config["datasets"]
    entries = {
        part: genome[part] for part in ("sizes", "fasta", "annotation", "aliases")
    }
    entries |= {f"map_{name}": config["maps"][name] for name, _ in map_resolutions()}
    entries |= {f"table_{name}": d["expression"] for name, d in datasets.items()}
    files = {part: source(entry) for part, entry in entries.items() if entry}
    files |= {f"samples_{name}": d["samples"] for name, d in datasets.items()}
    files |= {f"overrides_{name}": d["overrides"] for name, d in datasets.items()}
    return {part: path for part, path in files.items() if path}
