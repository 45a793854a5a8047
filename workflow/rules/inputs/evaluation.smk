# the forecasts that are scored together


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
