# the maps and pairs that a graph is made of


def graph_of(wildcards):
    return config["graphs"][wildcards.graph]


def graphs_of_interactions():
    """Names of the graphs that are made of a table of interactions, as a regular expression."""
    graphs = config["graphs"].items()
    names = [name for name, g in graphs if g["interactions"] and not g["rewire"]]
    return "|".join(names) or "(?!)"


def graphs_of_maps():
    """Names of the graphs that are made of maps, or of none, as a regular expression."""
    graphs = config["graphs"].items()
    names = [name for name, g in graphs if not g["interactions"] and not g["rewire"]]
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
    """Pairs of the graph, or of the graph that it is rewired from."""
    rewire = graph_of(wildcards)["rewire"]
    graph = rewire["of"] if rewire else wildcards.graph
    return f"{RESULTS}/graph/{wildcards.dataset}/{graph}/interactions.csv"


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


def dataset_graphs():
    """Every (dataset, graph) pair."""
    return [
        (name, graph) for name, d in config["datasets"].items() for graph in d["graphs"]
    ]


def rewired_graphs(dataset):
    """Rewired graph → the graph it is rewired from, and how; where the dataset uses both."""
    used = config["datasets"][dataset]["graphs"]
    rewired = {graph: config["graphs"][graph]["rewire"] for graph in used}
    return {
        graph: {key: rewire[key] for key in ("of", "how")}
        for graph, rewire in rewired.items()
        if rewire and rewire["of"] in used
    }
