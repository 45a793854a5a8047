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


def forecaster_of(wildcards):
    """A forecaster of the user's."""
    return dataset_of(wildcards)["forecasters"][wildcards.forecaster]


def given_forecasts(wildcards):
    """What the user's forecasters of a dataset forecast."""
    folder = f"{RESULTS}/evaluation/{wildcards.dataset}/given"
    return [f"{folder}/{name}.tsv" for name in dataset_of(wildcards)["forecasters"]]


def brought_tables(wildcards):
    """The names of those of which nobody knows what they were made from."""
    forecasters = dataset_of(wildcards)["forecasters"]
    return [name for name, one in forecasters.items() if one["table"]]


def scored_courses():
    """Every time course of the leaderboard → its scores: datasets, then further ones."""
    scored = {
        name: f"{RESULTS}/evaluation/{name}/evaluation.tsv"
        for name in config["datasets"]
    }
    return scored | {
        name: f"{RESULTS}/leaderboard/courses/{name}.tsv"
        for name in config["evaluation"]["courses"]
    }


def pairs_of(wildcards):
    """How many pairs each graph of a dataset has, in the order of the config."""
    folder = f"{RESULTS}/graph/{wildcards.dataset}"
    return [f"{folder}/{name}/pairs.tsv" for name in dataset_of(wildcards)["graphs"]]


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


def sequence_of_genes(wildcards):
    """The sequence, where the config gives one: GC content is taken out of changes."""
    if not config["genome"]["fasta"]:
        return {}
    return {"fasta": genome_fasta(), "index": f"{genome_fasta()}.fai"}


def host_genes(wildcards):
    """The genes that miRNAs may be in."""
    return annotation_of(wildcards) if dataset_of(wildcards)["nodes"] == "mirna" else []
