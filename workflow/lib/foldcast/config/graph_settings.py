"""What the keys of a graph say together, and the graph of datasets that have none."""

from foldcast.config.config_schema import fill_defaults, load_schema
from foldcast.config.dataset_settings import one_of
from foldcast.config.key_reference import SCHEMA
from foldcast.errors import InputError, known_name
from foldcast.graph.map_times import NO_MAP, maps_at

# TADs and most loops lie within 2 Mb. Farther apart, a pair has a contact or two by chance, and by
# observed over expected such a pair comes out strongest. A coarse map has no pairs within 2 Mb to
# speak of: there it is 20 bins.
NEAR, NEAR_BINS = 2_000_000, 20

# Seeds of networks. One is enough for a forecast; what a graph's own pairs add is smaller than what
# seeds differ by, so there it is the mean of several.
ONE_SEED, SEVERAL_SEEDS = [1], [1, 2, 3, 4, 5]


def settle_graphs(config: dict, source: str) -> None:
    """Check the keys of graphs against each other and the datasets', and fill in what is missing.

    Null `compartment_resolution` becomes `resolution`, `max_distance: auto` a distance; a rewired
    graph gets everything of its graph; datasets without graphs get one without pairs; null `seeds`
    of `evaluation` are several where a rewired graph is compared with.

    Raises:
        InputError: names that are not there, keys that do not go together.
    """
    graphs, datasets = config["graphs"], config["datasets"]
    for name, graph in graphs.items():
        _settle_graph(name, graph, config, source)
    for name, graph in graphs.items():
        if graph["rewire"]:
            _settle_control(name, graph, graphs, source)
    for name, dataset in datasets.items():
        known_name(dataset["graphs"], graphs, source, f"datasets.{name}.graphs")
    without = [name for name, dataset in datasets.items() if not dataset["graphs"]]
    if without and NO_MAP in graphs:
        raise InputError(
            source,
            place=f"graphs.{NO_MAP}",
            found="the name that the graph of a dataset without graphs has",
            expected=f"another name, since {', '.join(without)} has `graphs: []`",
            remedy="rename the graph",
        )
    for name in without:
        graphs[NO_MAP] = {}
        fill_defaults(config, load_schema(SCHEMA))
        graphs[NO_MAP]["max_distance"] = None
        datasets[name]["graphs"] = [NO_MAP]
    if config["evaluation"]["seeds"] is None:
        used = {graph for dataset in datasets.values() for graph in dataset["graphs"]}
        compared = any(graphs[name]["rewire"] for name in used)
        config["evaluation"]["seeds"] = list(SEVERAL_SEEDS if compared else ONE_SEED)


def _settle_graph(name: str, graph: dict, config: dict, source: str) -> None:
    place = f"graphs.{name}"
    one_of(graph, ("maps", "interactions", "rewire"), source, place)
    known_name(graph["maps"], config.get("maps", {}), source, f"{place}.maps")
    if graph["maps"] and not graph["resolution"]:
        raise InputError(
            source,
            place=f"{place}.resolution",
            found="no resolution",
            expected="the bin size (bp) at which the maps are read",
            remedy="give `resolution`, one that every map has",
        )
    graph["compartment_resolution"] = graph["compartment_resolution"] or graph["resolution"]
    if graph["max_distance"] == "auto":
        widest = max(NEAR, NEAR_BINS * (graph["resolution"] or 0))
        graph["max_distance"] = widest if graph["maps"] else None
    maps_at([], {one: config["maps"][one]["time"] for one in graph["maps"]}, source, place)
    embedding = graph["embedding"]
    if embedding["method"] == "joint" and embedding["causal"]:
        raise InputError(
            source,
            place=f"{place}.embedding.method",
            found="joint, which sees the future",
            expected="`causal: false` beside it: what is made of it is not a forecast",
            remedy="take `warm_start` or `alignment`, or say `causal: false`",
        )
    if embedding["method"] == "warm_start" and embedding["engine"] == "node2vec":
        raise InputError(
            source,
            place=f"{place}.embedding.engine",
            found="node2vec, which always learns anew",
            expected="`numba` with `method: warm_start`",
            remedy="say `engine: numba`, or `method: alignment`",
        )


def _settle_control(name: str, graph: dict, graphs: dict, source: str) -> None:
    """A control has everything of its graph but `rewire`."""
    of = graph["rewire"]["of"]
    known_name([of], graphs, source, f"graphs.{name}.rewire.of")
    if graphs[of]["rewire"]:
        raise InputError(
            source,
            place=f"graphs.{name}.rewire.of",
            found=f"{of}, a control itself",
            expected="a graph of maps or of a table of interactions",
            remedy=f"name {graphs[of]['rewire']['of']}",
        )
    graph.update({key: value for key, value in graphs[of].items() if key != "rewire"})
