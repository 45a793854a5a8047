# the forecasts that are scored together


def fits_on_every_graph(file):
    """A file of every block of origins of a dataset's network, on all of its graphs."""
    return lambda wildcards: [
        path
        for graph in dataset_of(wildcards)["graphs"]
        for path in step_outputs(wildcards.dataset, graph, file)
    ]


def pairs_of(wildcards):
    """How many pairs each graph of a dataset has, in the order of the config."""
    folder = f"{RESULTS}/graph/{wildcards.dataset}"
    return [f"{folder}/{name}/pairs.tsv" for name in dataset_of(wildcards)["graphs"]]
