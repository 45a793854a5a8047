# common: the checked config, and what rules ask of it

import os
import sys
from pathlib import Path

import yaml

sys.path.insert(0, str(Path(workflow.basedir) / "scripts"))

from foldcast.config import check_files, load_schema, settle, sources, validate
from foldcast.enrichment.settings import genome_species, names_for
from foldcast.errors import InputError, together
from foldcast.expression.sheets import read_samples
from foldcast.fingerprint import content_hash, fingerprint
from foldcast.graph.published import course_sheet
from foldcast.graph.timeline import maps_at
from foldcast.protocol import block_names
from foldcast.resources.keys import resource_key, resource_name
from foldcast.spex.settings import ALL, EXPECTO, arms, contact_sources, counted_maps

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
    run="[A-Za-z0-9_-]+",
    chrom="[A-Za-z0-9_-]+",
    source="[A-Za-z0-9_-]+([+]depth)?",
    arm="[A-Za-z0-9_+-]+",
    kind="step|spex",
    of="[A-Za-z0-9_-]+",
    by="[A-Za-z0-9_-]+",
    species="[A-Za-z0-9-]+",
    library="[A-Za-z0-9_.-]+",


def download_of(entry):
    """Folder and name under which rule fetch keeps the file of a URL."""
    url = entry["url"]
    return resource_key(url, entry["checksum"]), resource_name(url)


def source(entry):
    """The path of a config entry: local as it is, otherwise what rule fetch makes of its URL."""
    return entry["path"] or "resources/files/{}/{}".format(*download_of(entry))


def genome_fasta():
    """Path of the sequence, if there is one: what rule unpack makes of it where it is gzipped."""
    given = source(config["genome"]["fasta"]) if config["genome"]["fasta"] else []
    if not given or not given.endswith(".gz"):
        return given
    key, name = resource_key(given), resource_name(given.removesuffix(".gz"))
    return f"resources/unpacked/{key}/{name}"


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


def target_rule(dataset):
    """What the config says of the targets, but for the file itself."""
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
        return {"fasta": genome_fasta(), "index": f"{genome_fasta()}.fai"}
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


def pairs_of(wildcards):
    """How many pairs each graph of a dataset has, in the order of the config."""
    folder = f"{RESULTS}/graph/{wildcards.dataset}"
    return [f"{folder}/{name}/pairs.tsv" for name in dataset_of(wildcards)["graphs"]]


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


def given_resolutions():
    """Every (map, resolution) that a graph or a run reads."""
    runs = config["spex"].values()
    read = {(name, run["resolution"]) for run in runs for name in run["maps"]}
    return sorted({*map_resolutions(), *read})


def run_files():
    """The user's files of every run, by their part with the run's name behind."""
    files = {"weights": beluga_weights()} if config["spex"] else {}
    for name, run in config["spex"].items():
        for part in ("expression", "genes", "variants"):
            files[f"{part}_{name}"] = source(run[part]) if run[part] else []
        ids = run["expression"]["ids"]
        files[f"ids_{name}"] = source(ids) if ids else []
        files[f"features_{name}"] = [
            source(entry) for entry in run["features"].values()
        ]
    return files


def run_options(run):
    """How a run's files are read and joined; no more, so that other options rerun nothing."""
    keys = (
        "chromosomes",
        "gene_type",
        "tissues",
        "matched",
        "hold_out",
        "test",
        "stop",
    )
    options = {key: run[key] for key in keys}
    table = {
        key: run["expression"][key]
        for key in ("id", "id_column", "values", "pseudocount")
    }
    return options | {"expression": table, "features": list(run["features"])}


def preflight_files():
    """Every file of the config by its part; those of maps and datasets with their name behind."""
    genome, datasets = config["genome"], config["datasets"]
    entries = {part: genome[part] for part in ("sizes", "annotation", "aliases")}
    entries |= {f"table_{name}": d["expression"] for name, d in datasets.items()}
    entries |= {f"pairs_{name}": d["interactions"] for name, d in datasets.items()}
    files = {part: source(entry) for part, entry in entries.items() if entry}
    files |= {"fasta": genome_fasta()} if genome["fasta"] else {}
    files |= {f"map_{name}": map_sources(name) for name, _ in given_resolutions()}
    files |= {
        f"targets_{name}": source(d["targets"])
        for name, d in datasets.items()
        if d["nodes"] == "target"
    }
    files |= {f"samples_{name}": d["samples"] for name, d in datasets.items()}
    files |= {f"overrides_{name}": d["overrides"] for name, d in datasets.items()}
    files |= run_files()
    if "enrichment" in config["stages"]:
        names = config["enrichment"]["names"]
        sets = zip(gene_set_options(), gene_set_files())
        files |= {f"sets_{name}": path for name, path in sets}
        files |= {f"names_{one}": source(names[one]) for one in given_names()}
    return {part: path for part, path in files.items() if path}


def run_of(wildcards):
    return config["spex"][wildcards.run]


def beluga_weights():
    return source(config["beluga"]["weights"]) if config["beluga"]["weights"] else []


def beluga_options():
    """How the network reads, but for its weights."""
    return {key: value for key, value in config["beluga"].items() if key != "weights"}


def beluga_memory(wildcards, input, attempt):
    """Memory in MB: the network, what it works in, and the features of a chromosome's genes."""
    return int((config["beluga"]["memory_mb"] + 4000) * 2 ** (attempt - 1))


def spex_tables(wildcards):
    """Genes and expression of a run, and the table that joins their ids where there is one."""
    run = run_of(wildcards)
    genes = source(run["genes"]) if run["genes"] else f"{RESULTS}/genome/annotation.tsv"
    tables = {"genes": genes, "expression": source(run["expression"])}
    if config["genome"]["annotation"]:
        tables["annotation"] = f"{RESULTS}/genome/annotation.tsv"  # for lengths
    if run["expression"]["ids"]:
        tables["ids"] = source(run["expression"]["ids"])
    return tables


def expression_options(wildcards):
    """How a run's table of expression is written, but for where."""
    table = run_of(wildcards)["expression"]
    return {key: table[key] for key in ("id", "id_column", "values", "pseudocount")}


def label_options(wildcards):
    """What makes a value of a run's table a label, and from where on a gene is expressed."""
    table = run_of(wildcards)["expression"]
    return {key: table[key] for key in ("values", "pseudocount", "expressed")}


def spex_map(run, name):
    return f"{RESULTS}/hic/{name}/{config['spex'][run]['resolution']}/map.cool"


def spex_counted_maps(wildcards):
    """The maps whose depths are matched."""
    counted = counted_maps(run_of(wildcards), config["maps"])
    return [spex_map(wildcards.run, name) for name in counted]


def contact_map_of(wildcards):
    """A map, or its thinned copy."""
    name, _, thinned = wildcards.source.partition("+")
    if thinned:
        return f"{RESULTS}/spex/{wildcards.run}/thinned/{name}.cool"
    return spex_map(wildcards.run, name)


def contact_controls(wildcards):
    """Controls that are made of contacts; a thinned map is one itself and has none."""
    if "+" in wildcards.source:
        return {}
    controls = run_of(wildcards)["controls"]
    kinds = [kind for kind in controls["kinds"] if kind in ("shuffled", "expected")]
    return {"kinds": kinds, "seeds": controls["seeds"]} if kinds else {}


def distal_files(wildcards):
    """Contacts of all maps of a run; local sums where these stand in for missing contacts."""
    run, folder = run_of(wildcards), f"{RESULTS}/spex/{wildcards.run}"
    sources = contact_sources(run, config["maps"])
    files = {"contacts": [f"{folder}/contacts/{name}.h5" for name in sources]}
    if run["contacts"]["without"] == "local":
        files["local"] = f"{folder}/local/{wildcards.chrom}.h5"
    return files


def arm_features(wildcards):
    """The files that hold an arm's features, by kind."""
    run, folder = run_of(wildcards), f"{RESULTS}/spex/{wildcards.run}"
    if wildcards.arm == "promoter":
        return {"promoter": f"{folder}/promoter.tsv"}
    kind, _, name = wildcards.arm.partition("+")
    if kind == "features":
        return {"features": source(run["features"][name])}
    alone = wildcards.arm == "expecto" or name.startswith(("degree", "random"))
    files = {
        part: [f"{folder}/{part}/{chrom}.h5" for chrom in run["chromosomes"]]
        for part in (["local"] if alone else ["local", "distal"])
    }
    if name == "degree":
        files["contacts"] = f"{folder}/contacts/{kind}.h5"
    return files


def arm_maps(wildcards):
    """The maps of the arm that has all of them; an arm's own map is in its name."""
    return run_of(wildcards)["maps"] if wildcards.arm == "all" else []


def fold_options(wildcards):
    """What is held out, and what training is stopped on."""
    keys = ("hold_out", "test", "stop", "chromosomes")
    return {key: run_of(wildcards)[key] for key in keys}


def spex_fits(run):
    """Every (arm, model) of a run."""
    settings = config["spex"][run]
    return [
        (arm, model)
        for arm in arms(settings, config["maps"])
        for model in settings["models"]
    ]


def spex_fit_names(wildcards):
    """Every fit of a run as arm/model, in the order of `spex_predictions`."""
    return ["/".join(fit) for fit in spex_fits(wildcards.run)]


def spex_predictions(wildcards):
    return [
        f"{RESULTS}/spex/{wildcards.run}/fits/{arm}/{model}/predictions.tsv"
        for arm, model in spex_fits(wildcards.run)
    ]


def effect_arms(wildcards):
    """The arms by which effects of variants are predicted, with the maps of each."""
    maps = run_of(wildcards)["maps"]
    each = {EXPECTO: []} | {name: [name] for name in maps}
    return each | ({ALL: maps} if len(maps) > 1 else {})


def effect_fits(wildcards):
    """Fits of these arms as arm/model, in the order of the models of `effect_files`."""
    models = run_of(wildcards)["models"]
    return [f"{arm}/{model}" for arm in effect_arms(wildcards) for model in models]


def effect_files(wildcards):
    """Variants, models, and the features that they were fitted to."""
    run, folder = run_of(wildcards), f"{RESULTS}/spex/{wildcards.run}"
    chroms = run["chromosomes"] if run["maps"] else []
    return {
        "variants": source(run["variants"]) if run["variants"] else [],
        "contacts": [f"{folder}/contacts/{name}.h5" for name in run["maps"]],
        "local": [f"{folder}/local/{chrom}.h5" for chrom in run["chromosomes"]],
        "distal": [f"{folder}/distal/{chrom}.h5" for chrom in chroms],
        "models": [f"{folder}/fits/{fit}/models" for fit in effect_fits(wildcards)],
    }


def gene_set_files():
    """The GMT file of each collection of gene sets."""
    return [
        (
            f"resources/enrichr/{entry['enrichr']}.gmt"
            if entry["enrichr"]
            else source(entry)
        )
        for entry in config["enrichment"]["sets"].values()
    ]


def gene_set_options():
    """How each collection calls its genes, and by which table of names they are found."""
    return {
        name: {
            "identifiers": entry["identifiers"],
            "ignore_case": entry["ignore_case"],
            "names": names_for(entry, config),
            "foreign": entry["species"] is not None,
        }
        for name, entry in config["enrichment"]["sets"].items()
    }


def name_species():
    """The species whose tables of names are read."""
    return sorted({of["names"] for of in gene_set_options().values()} - {None})


def given_names():
    """Those of them whose table the config has."""
    if "enrichment" not in config["stages"]:
        return []
    return [one for one in name_species() if one in config["enrichment"]["names"]]


def name_tables(wildcards):
    """Tables of names: those of the config, or what mygene.info answers."""
    given = config["enrichment"]["names"]
    asked = f"{RESULTS}/enrichment/{wildcards.kind}/{wildcards.of}/orthologs"
    return [
        source(given[species]) if species in given else f"{asked}.{species}.tsv"
        for species in name_species()
    ]


def panel_files(wildcards):
    """The genes that were measured, and their symbols."""
    if wildcards.kind == "spex":
        genes = f"{RESULTS}/spex/{wildcards.of}/genes.tsv"
        return {"panel": genes, "loci": genes}
    folder = f"{RESULTS}/expression/{wildcards.of}"
    return {"panel": f"{folder}/course.tsv", "loci": f"{folder}/loci.tsv"}


def panel_annotation(wildcards):
    """The annotation that the symbols are from."""
    if wildcards.kind == "step" and config["datasets"][wildcards.of]["interactions"]:
        return given_in(wildcards.of, "annotation.tsv")
    if not config["genome"]["annotation"]:
        return []
    return f"{RESULTS}/genome/annotation.tsv"


def change_ahead(wildcards):
    """What is forecast beyond the data, where something is."""
    model = dataset_of(wildcards)["model"]
    if not config["step"][model]["ahead"]["steps"]:
        return []
    return f"{RESULTS}/step/{wildcards.dataset}/{wildcards.graph}/{model}/ahead.tsv"


def gain_fits(wildcards):
    """The fits that tell what a map adds: with and without it, as arm/model."""
    models = run_of(wildcards)["models"]
    return [f"{arm}/{model}" for arm in ("expecto", wildcards.map) for model in models]


def gain_predictions(wildcards):
    folder = f"{RESULTS}/spex/{wildcards.run}/fits"
    return [f"{folder}/{fit}/predictions.tsv" for fit in gain_fits(wildcards)]


def mark_arms(wildcards):
    """A map, and its controls with shuffled partners."""
    shuffled = f"{wildcards.map}+shuffled"
    names = arms(run_of(wildcards), config["maps"])
    return [wildcards.map, *(name for name in names if name.startswith(shuffled))]


def mark_fits(wildcards):
    models = run_of(wildcards)["models"]
    return [f"{arm}/{model}" for arm in mark_arms(wildcards) for model in models]


def mark_models(wildcards):
    folder = f"{RESULTS}/spex/{wildcards.run}/fits"
    return [f"{folder}/{fit}/models" for fit in mark_fits(wildcards)]


def distal_blocks(wildcards):
    """Distal features of a run, by chromosome."""
    folder = f"{RESULTS}/spex/{wildcards.run}/distal"
    return [f"{folder}/{chrom}.h5" for chrom in run_of(wildcards)["chromosomes"]]


def output_names():
    """The table of the names of Beluga's outputs, where there is one."""
    given = config["enrichment"]["outputs"]
    return source(given) if given else []


def enrichment_remark(wildcards):
    """What else must be said of every result."""
    if wildcards.kind == "spex" or config["datasets"][wildcards.of]["nodes"] == "gene":
        return ""
    return (
        " The nodes are target genes, known by the load of the miRNAs that regulate them: this is"
        " about what regulates them and not about their own expression, and genes with the same"
        " miRNAs are alike, which makes p-values too small."
    )


def page_dataset_files(name, dataset):
    """What the page shows of a dataset: key → file, or files."""
    scored = ("evaluation", "scores", "verdict", "baselines")
    checked = ("loading", "flags", "loci", "panel", "samples", "course", "detection")
    files = {part: f"{RESULTS}/evaluation/{name}/{part}.tsv" for part in scored}
    files |= {part: f"{RESULTS}/expression/{name}/{part}.tsv" for part in checked}
    files["resolution"] = f"{RESULTS}/expression/{name}/resolution_report.tsv"
    files = {f"{part}.{name}": path for part, path in files.items()}
    for graph in dataset["graphs"]:
        made_of = (config["graphs"][graph]["rewire"] or {"of": graph})["of"]
        folder = f"{RESULTS}/graph/{name}"
        files[f"interactions.{name}.{graph}"] = f"{folder}/{made_of}/interactions.csv"
        files[f"graph.{name}.{graph}"] = f"{folder}/{graph}/graph.h5"
        files[f"forecasts.{name}.{graph}"] = step_outputs(name, graph, "forecasts.tsv")
        if config["step"][dataset["model"]]["ahead"]["steps"]:
            files[f"ahead.{name}.{graph}"] = (
                f"{RESULTS}/step/{name}/{graph}/{dataset['model']}/ahead.tsv"
            )
    return files


def page_files():
    """Everything that the page shows, by what it is of."""
    files = {}
    for name, dataset in config["datasets"].items():
        files |= page_dataset_files(name, dataset)
    for name in config["spex"] if "spex" in config["stages"] else ():
        tables = ("genes", "join", "maps", "map_tissue", "contrasts")
        files |= {f"{one}.{name}": f"{RESULTS}/spex/{name}/{one}.tsv" for one in tables}
        files |= {
            f"spex_{one}.{name}": f"{RESULTS}/spex/{name}/{one}.tsv"
            for one in ("scores", "verdict")
        }
        files[f"labels.{name}"] = f"{RESULTS}/spex/{name}/expression.tsv"
        if config["spex"][name]["variants"]:
            files[f"variants.{name}"] = f"{RESULTS}/spex/{name}/variants.tsv"
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
        "fixed": "Scored on {test}, stopped on {stop}",
    }
    return {
        name: {
            **{key: run[key] for key in ("maps", "models")},
            "held_out": held_out[run["hold_out"]].format(
                **{key: ", ".join(run[key]) for key in ("test", "stop")}
            ),
        }
        for name, run in config["spex"].items()
    }


def page_pictures():
    """The figures that the page holds; what it draws itself is left out."""
    drawn = ("courses", "skill", "loss", "map_league", "map_tissue", "spex_scatter")
    return {
        Path(path).stem: path
        for path in figure_targets()
        if path.endswith(".png") and Path(path).name.split(".")[0] not in drawn
    }


def page_datasets():
    """What the page says of each dataset that no table holds."""
    graphs = config["graphs"]
    return {
        name: {
            **{key: dataset[key] for key in ("model", "graphs", "time_unit", "nodes")},
            "maps": {
                one: " and ".join(graphs[one]["maps"]) for one in dataset["graphs"]
            },
            "controls": controls_of(name),
        }
        for name, dataset in config["datasets"].items()
    }


def page_about():
    """How the run was made, in words: what is fixed in the config."""
    protocol, seeds = config["evaluation"], config["evaluation"]["seeds"]
    about = {"Assembly": config["genome"]["assembly"]}
    if config["datasets"]:
        about |= {
            "Protocol": f"one step ahead from rolling origins; the first after {protocol['first_origin']:.0%} "
            f"of the course; fitted anew every {protocol['refit_every']} origins",
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


def config_text():
    """The config with its defaults, as YAML; without the mirror, which says nothing of the run."""
    return yaml.safe_dump(
        {key: value for key, value in config.items() if key != "mirror"},
        sort_keys=False,
        allow_unicode=True,
    )
