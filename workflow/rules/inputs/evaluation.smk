# the forecasts that are scored together, and what is asked of folding


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
