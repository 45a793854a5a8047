# every file of the config, by its part


def given_resolutions():
    """Every (map, resolution) that a graph or a run reads."""
    runs = config["spex"].values()
    read = {(name, run["resolution"]) for run in runs for name in run["maps"]}
    return sorted({*map_resolutions(), *read})


def graphs_of_map(name):
    """The graphs that a map is a part of, by dataset, and which of its contacts they take."""
    keys = ("resolution", "max_distance", "min_contacts")
    return [
        {"dataset": dataset, "graph": graph}
        | {key: config["graphs"][graph][key] for key in keys}
        for dataset, graph in dataset_graphs()
        if name in config["graphs"][graph]["maps"]
        and not config["graphs"][graph]["rewire"]
    ]


def run_files():
    """The user's files of every run and of published models, by their part with the name behind."""
    reads = config["spex"] or any(
        not one["differences"] for one in config["published_models"].values()
    )
    files = {"weights": beluga_weights()} if reads else {}
    files["tables"] = config["beluga"]["tables"] if reads else []
    for name, run in config["spex"].items():
        for part in ("expression", "genes", "variants"):
            files[f"{part}_{name}"] = source(run[part]) if run[part] else []
        files[f"resolve_{name}"] = resolving_file(run["variants"])
        of_kinds = {"known": run["known_effects"], "haplotypes": run["haplotypes"]}
        for kind, given in of_kinds.items():
            files[f"{kind}_{name}"] = source(given) if given else []
        for kind in ("variants", "haplotypes"):
            files[f"asked_{kind}_{name}"] = asked_file(run[kind])
        files |= predicted_sources(name, run["predict"])
        places = {one: run["contacts"][one] for one in PLACES}
        files |= {f"{one}_{name}": source(of) for one, of in places.items() if of}
        ids = run["expression"]["ids"]
        files[f"ids_{name}"] = source(ids) if ids else []
        files[f"features_{name}"] = [
            path for entry in run["features"].values() for path in brought_files(entry)
        ]
    for name, published in config["published_models"].items():
        for part in ("variants", "genes"):
            one = published[part]
            files[f"{part}_of_{name}"] = source(one) if one else []
        for part in ("models", "differences"):
            files[f"{part}_of_{name}"] = published[part]
        files[f"resolve_of_{name}"] = resolving_file(published["variants"])
    return files


def predicted_sources(name, predict):
    """The TSS of a run that have no label, and the sequence that they are in if it is another."""
    given = {
        "tss": predict and predict["tss"],
        "other": predict and predict["genome"] and predict["genome"]["fasta"],
    }
    return {f"{part}_{name}": source(one) for part, one in given.items() if one}


def run_options(run):
    """How a run's files are read and joined; no more, so that other options rerun nothing."""
    keys = (
        "chromosomes",
        "gene_type",
        "tissues",
        "matched",
        "hold_out",
        "test",
        "validation",
        "mutagenesis",
    )
    options = {key: run[key] for key in keys}
    options["expression"] = expression_options(run)
    options["haplotypes"] = {
        key: (run["haplotypes"] or {}).get(key) for key in ("samples", "strict")
    }
    options["strict"] = bool(run["variants"] and run["variants"]["strict"])
    predict = run["predict"] or {"genes": None, "chromosomes": []}
    options["predict"] = {key: predict[key] for key in ("genes", "chromosomes")}
    ranked = bool(run["maps"])  # whether its genes are asked about in gene sets
    features = {
        name: len(brought_files(entry)) for name, entry in run["features"].items()
    }
    return options | {"features": features, "ranked": ranked}


def graphs_of_pairs():
    """The graphs in use that are made of a table of interactions."""
    used = {graph for _, graph in dataset_graphs()}
    return sorted(graph for graph in used if config["graphs"][graph]["interactions"])


def forecasters_of(dataset):
    """The file of each forecaster of the user's, and its function; a table has none."""
    return {
        name: {"file": forecaster_file(one), "function": forecaster_function(one)}
        for name, one in dataset["forecasters"].items()
    }


def preflight_files():
    """Every file of the config by its part; those of maps and datasets with their name behind."""
    genome, datasets = config["genome"], config["datasets"]
    parts = ("sizes", "annotation", "aliases", "centromeres")
    entries = {part: genome[part] for part in parts}
    if config["spex"] and "enrichment" in config["stages"]:
        entries["outputs"] = config["enrichment"]["outputs"]
    entries |= {f"table_{name}": d["expression"] for name, d in datasets.items()}
    entries |= {f"pairs_{name}": d["interactions"] for name, d in datasets.items()}
    entries |= {
        f"edges_{graph}": config["graphs"][graph]["interactions"]
        for graph in graphs_of_pairs()
    }
    files = {part: source(entry) for part, entry in entries.items() if entry}
    if any(asks_for_names(d) for d in datasets.values()):
        files["cache"] = config["names"]["cache"]
    files |= {"fasta": genome_fasta()} if genome["fasta"] else {}
    files |= {f"map_{name}": map_sources(name) for name, _ in given_resolutions()}
    files |= {
        f"targets_{name}": source(d["targets"])
        for name, d in datasets.items()
        if d["nodes"] == "target"
    }
    files |= {f"samples_{name}": d["samples"] for name, d in datasets.items()}
    files |= {f"overrides_{name}": d["overrides"] for name, d in datasets.items()}
    files |= {
        f"forecasters_{name}": [one["file"] for one in forecasters_of(d).values()]
        for name, d in datasets.items()
    }
    files["courses"] = list(config["evaluation"]["courses"].values())
    files |= run_files()
    if "enrichment" in config["stages"]:
        names = config["enrichment"]["names"]
        sets = zip(gene_set_options(), gene_set_files())
        files |= {f"sets_{name}": path for name, path in sets}
        files |= {f"names_{one}": source(names[one]) for one in given_names()}
    return {part: path for part, path in files.items() if path}
