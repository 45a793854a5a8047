# the forecasts that are scored together, the time courses of the leaderboard, and what is asked of
# folding

from foldcast.config.dataset_settings import forecaster_file, forecaster_function
from foldcast.config.course_folder import shared_functions

# They forecast further time courses as well.
SHARED_FUNCTIONS = (
    shared_functions(config, CONFIGFILES) if config["evaluation"]["courses"] else {}
)


def fits_on_every_graph(file):
    """A file of every block of origins of a dataset's network, on all of its graphs."""
    return lambda wildcards: [
        path
        for graph in dataset_of(wildcards)["graphs"]
        for path in step_outputs(wildcards.dataset, graph, file)
    ]


def fits_on_own_graphs(file):
    """The same, of graphs that are no rewired ones."""
    return lambda wildcards: [
        path
        for graph in page_graphs(wildcards.dataset)
        for path in step_outputs(wildcards.dataset, graph, file)
    ]


def forecaster_of(wildcards):
    """A forecaster of the user's."""
    return dataset_of(wildcards)["forecasters"][wildcards.forecaster]


def given_forecasts(wildcards):
    """What the user's forecasters of a dataset forecast."""
    folder = f"{RESULTS}/evaluation/{wildcards.dataset}/given"
    return [f"{folder}/{name}.tsv" for name in dataset_of(wildcards)["forecasters"]]


def names_of_forecasters():
    """Every name of a forecaster of the user's, as a regular expression."""
    names = {name for d in config["datasets"].values() for name in d["forecasters"]}
    return "|".join(sorted(names)) or "(?!)"


def held_against_others():
    """Names of the datasets that are held against another arm, as a regular expression."""
    names = [name for name, d in config["datasets"].items() if d["against"]]
    return "|".join(names) or "(?!)"


def in_other_arm(file):
    """A file of the dataset that a dataset is held against."""
    return (
        lambda wildcards: f"{RESULTS}/expression/{dataset_of(wildcards)['against']}/{file}"
    )


def other_arm_forecasts(wildcards):
    """The other arm's change as a forecast, where there is another arm."""
    folder = f"{RESULTS}/evaluation/{wildcards.dataset}/arms"
    return [f"{folder}/other_arm.tsv"] if dataset_of(wildcards)["against"] else []


def contacts_asked(dataset):
    """The graphs of a dataset whose contacts are asked about."""
    return [graph for one, graph in asked_of_folding() if one == dataset]


def brought_tables(wildcards):
    """The names of those of which nobody knows what they were made from."""
    forecasters = dataset_of(wildcards)["forecasters"]
    return [name for name, one in forecasters.items() if one["table"]]


def scored_courses():
    """Every time course of the leaderboard → its scores: datasets, then further ones."""
    scored = {
        name: f"{RESULTS}/evaluation/{name}/evaluation.tsv"
        for name in scored_datasets()
    }
    return scored | {
        name: f"{RESULTS}/leaderboard/courses/{name}.tsv"
        for name in config["evaluation"]["courses"]
    }


def on_graphs(file):
    """A file of each graph of a dataset, in the order of the config."""
    folder = f"{RESULTS}/graph"
    return lambda wildcards: [
        f"{folder}/{wildcards.dataset}/{name}/{file}"
        for name in dataset_of(wildcards)["graphs"]
    ]


def asked_of_folding():
    """Every (dataset, graph) of which it is asked whether folding matters: genes known by their own
    expression, and maps."""
    return [
        (dataset, graph)
        for dataset, graph in dataset_graphs()
        if config["datasets"][dataset]["nodes"] != "target"
        and config["graphs"][graph]["maps"]
        and not config["graphs"][graph]["rewire"]
    ]


def measured_datasets():
    """The datasets whose nodes are known by their own expression: their changes can be tested."""
    datasets = config["datasets"].items()
    return [name for name, dataset in datasets if dataset["nodes"] != "target"]


def sequence_of_genes(wildcards):
    """The sequence, where the config gives one: GC content is taken out of changes."""
    if not config["genome"]["fasta"]:
        return {}
    return {"fasta": genome_fasta(), "index": f"{genome_fasta()}.fai"}


def host_genes(wildcards):
    """The genes that miRNAs may be in."""
    return annotation_of(wildcards) if dataset_of(wildcards)["nodes"] == "mirna" else []
