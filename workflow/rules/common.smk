# common: the checked config, and what rules ask of it

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from foldcast.config import check_files, load_schema, settle, sources, validate
from foldcast.errors import InputError, together
from foldcast.expression.sheets import read_samples
from foldcast.fingerprint import fingerprint
from foldcast.graph.published import course_sheet
from foldcast.graph.timeline import maps_at
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
            name: (
                attempt(read_samples, dataset["samples"])
                if dataset["samples"]
                else attempt(course_sheet, dataset["interactions"]["path"])
            )
            for name, dataset in config["datasets"].items()
        }
    for name, dataset in config["datasets"].items():
        for graph in dataset["graphs"]:
            maps = {
                one: config["maps"][one]["time"]
                for one in config["graphs"][graph]["maps"]
            }
            if maps:
                times = sorted(SAMPLES[name]["time"].unique())
                place = f"graphs.{graph}.maps, dataset {name}"
                maps_at(times, maps, CONFIGFILES, place)
except InputError as error:
    refuse(error)

RESULTS = f"results/{config['name']}"

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


def download_of(entry):
    """Folder and name under which rule fetch keeps the file of a URL."""
    url = entry["url"]
    return resource_key(url, entry["checksum"]), resource_name(url)


def source(entry):
    """The path of a config entry: local as it is, otherwise what rule fetch makes of its URL."""
    return entry["path"] or "resources/files/{}/{}".format(*download_of(entry))


# All of them, asked for or not: a job on a cluster parses this anew and asks for one file only.
DOWNLOADS = {
    download_of(entry): entry
    for _, entry in sources(config)
    if entry["url"] and not entry["path"]
}


def memory(factor, least=1000):
    """Memory in MB: `factor` times the inputs, at least `least`, doubled on each retry."""

    def mem_mb(wildcards, input, attempt):
        return int(max(least, factor * input.size_mb) * 2 ** (attempt - 1))

    return mem_mb


def dense_memory(copies, least=1000):
    """Memory in MB: `copies` dense matrices of the longest chromosome, doubled on each retry."""

    def mem_mb(wildcards, input, attempt):
        lengths = [int(line.split()[1]) for line in open(input.sizes)]
        bins = max(lengths) / int(wildcards.resolution)
        return int(max(least, copies * 8e-6 * bins**2) * 2 ** (attempt - 1))

    return mem_mb


def dataset_of(wildcards):
    return config["datasets"][wildcards.dataset]


def name_answers(wildcards):
    """What mygene.info answered, where the config asks it."""
    if config["names"]["resolver"] == "annotation":
        return []
    if dataset_of(wildcards)["nodes"] == "mirna":
        return []
    return f"{RESULTS}/expression/{wildcards.dataset}/mygene.json"


def target_list(wildcards):
    """The list of miRNA targets, where genes are known by the miRNAs that regulate them."""
    dataset = dataset_of(wildcards)
    return source(dataset["targets"]) if dataset["nodes"] == "target" else []


def target_rule(wildcards):
    """What the config says of the targets, but for the file itself."""
    dataset = dataset_of(wildcards)
    if dataset["nodes"] != "target":
        return None
    file = ("path", "url", "checksum")
    return {key: value for key, value in dataset["targets"].items() if key not in file}


def given_in(dataset, file):
    """What rule unfold_interactions makes of a dataset's table of interactions."""
    return f"{RESULTS}/expression/{dataset}/given/{file}"


def expression_table(wildcards):
    """The dataset's expression table, or the one in its table of interactions."""
    if dataset_of(wildcards)["interactions"]:
        return given_in(wildcards.dataset, "table.tsv")
    return source(dataset_of(wildcards)["expression"])


def sample_sheet(wildcards):
    if dataset_of(wildcards)["interactions"]:
        return given_in(wildcards.dataset, "samples.tsv")
    return dataset_of(wildcards)["samples"]


def annotation_of(wildcards):
    """The genome's genes, or those of the dataset's table of interactions."""
    if dataset_of(wildcards)["interactions"]:
        return given_in(wildcards.dataset, "annotation.tsv")
    return f"{RESULTS}/genome/annotation.tsv"


def merged_rows(wildcards):
    """The report that says which rows are one gene, where the config asks to merge them."""
    dataset = dataset_of(wildcards)
    if dataset["duplicates"] == "keep" or dataset["nodes"] == "mirna":
        return []
    return f"{RESULTS}/expression/{wildcards.dataset}/resolution_report.tsv"


def graph_of(wildcards):
    return config["graphs"][wildcards.graph]


def graphs_with(key):
    """Names of the graphs that are made of ``key``, as a regular expression."""
    names = [
        name
        for name, graph in config["graphs"].items()
        if graph[key] and (key == "rewire" or not graph["rewire"])
    ]
    return "|".join(names) or "(?!)"


def map_times(wildcards):
    """The time of each map of a graph; a table of interactions is static."""
    return [config["maps"][one]["time"] for one in graph_of(wildcards)["maps"]] or [
        None
    ]


def contact_of(wildcards):
    graph = graph_of(wildcards)
    return "balanced" if graph["interactions"] else graph["contact"]


def interactions_of(wildcards):
    """Pairs of the graph, or of the graph that it is a control of."""
    rewire = graph_of(wildcards)["rewire"]
    graph = rewire["of"] if rewire else wildcards.graph
    return f"{RESULTS}/graph/{wildcards.dataset}/{graph}/interactions.csv"


def map_of(wildcards):
    return config["maps"][wildcards.map]


def map_file_names(name):
    """What each file of a map is of: a chromosome or a model; a single file's own name is `map`."""
    return [str(part) for part in config["maps"][name]["files"] or ["map"]]


def map_sources(name):
    """The files of a map: one, or one per chromosome or model."""
    entry = config["maps"][name]
    return [source(file) for file in (entry["files"] or {"map": entry}).values()]


def map_options(name):
    """How a map is written, but for where."""
    keys = ("format", "bin_size", "label", "score_column", "exponent")
    return {key: config["maps"][name][key] for key in keys}


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


def fit_options(wildcards):
    """A model's options, but for what is forecast beyond the data: no fit depends on it."""
    options = config["step"][wildcards.model]
    return {key: value for key, value in options.items() if key != "ahead"}


def phasing_source(wildcards):
    """The sequence where the config gives one, else the genes."""
    if config["genome"]["fasta"]:
        fasta = source(config["genome"]["fasta"])
        return {"fasta": fasta, "index": f"{fasta}.fai"}
    return {"annotation": f"{RESULTS}/genome/annotation.tsv"}


def centromere_source(wildcards):
    """The file of centromeres that the config gives."""
    given = config["genome"]["centromeres"]
    return {"centromeres": source(given)} if given else {}


def map_file(file, resolution="resolution"):
    """Path of a feature of the graph's map, at its resolution or its compartment resolution."""

    def path(wildcards):
        graph = graph_of(wildcards)
        return f"{RESULTS}/hic/{graph['maps'][0]}/{graph[resolution]}/{file}"

    return path


def map_files(file, resolution="resolution"):
    """Paths of a feature of all the graph's maps, in the order of the config."""

    def paths(wildcards):
        graph = graph_of(wildcards)
        return [
            f"{RESULTS}/hic/{name}/{graph[resolution]}/{file}" for name in graph["maps"]
        ]

    return paths


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


def controls_of(dataset):
    """Control graph → the graph that it is a control of, where the dataset uses both."""
    used = config["datasets"][dataset]["graphs"]
    rewired = {graph: config["graphs"][graph]["rewire"] for graph in used}
    return {
        graph: rewire["of"]
        for graph, rewire in rewired.items()
        if rewire and rewire["of"] in used
    }


def preflight_files():
    """Every file of the config by its part; those of maps and datasets with their name behind."""
    genome, datasets = config["genome"], config["datasets"]
    entries = {
        part: genome[part] for part in ("sizes", "fasta", "annotation", "aliases")
    }
    entries |= {f"table_{name}": d["expression"] for name, d in datasets.items()}
    entries |= {f"pairs_{name}": d["interactions"] for name, d in datasets.items()}
    files = {part: source(entry) for part, entry in entries.items() if entry}
    files |= {f"map_{name}": map_sources(name) for name, _ in map_resolutions()}
    files |= {f"samples_{name}": d["samples"] for name, d in datasets.items()}
    files |= {f"overrides_{name}": d["overrides"] for name, d in datasets.items()}
    return {part: path for part, path in files.items() if path}
