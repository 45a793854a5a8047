# targets: what each stage makes in the end


def map_resolutions():
    """Every (map, resolution) that a graph uses."""
    return sorted(
        {
            (name, resolution)
            for graph in config["graphs"].values()
            for name in graph["maps"]
            for resolution in (graph["resolution"], graph["compartment_resolution"])
        }
    )


def hic_targets():
    features = (
        "expected.tsv",
        "expected_trans.tsv",
        "insulation.tsv",
        "tads.bed",
        "compartments.tsv",
        "saddle.tsv",
        "qc.tsv",
    )
    return [
        f"{RESULTS}/hic/{name}/{resolution}/{file}"
        for name, resolution in map_resolutions()
        for file in features
    ]


def forecasts_ahead():
    """Every (dataset, graph, model) that forecasts beyond the data, baselines on graph "-"."""
    networks = [
        (dataset, graph, config["datasets"][dataset]["model"])
        for dataset, graph in network_graphs()
    ]
    return [
        (dataset, graph, model)
        for dataset, graph, model in [*baseline_forecasts(), *networks]
        if forecasts_future(dataset, graph)
    ]


def baseline_forecasts():
    """The forecast of each dataset, as (dataset, graph, model), where it is no network."""
    forecasts = [(dataset, *forecast_of(dataset)) for dataset in config["datasets"]]
    return [names for names in forecasts if names[1] == "-"]


def step_targets():
    forecasts = [
        path
        for dataset, graph in network_graphs()
        for path in step_outputs(dataset, graph, "forecasts.tsv")
    ]
    ahead = [future_path(*names, "ahead.tsv") for names in forecasts_ahead()]
    return forecasts + ahead


def evaluation_targets():
    tables = [
        f"{RESULTS}/evaluation/{dataset}/{file}.tsv"
        for dataset in scored_datasets()
        for file in ("evaluation", "scores", "verdict", "horizons")
    ]
    tables += [
        f"{RESULTS}/evaluation/{dataset}/arms/verdict.tsv"
        for dataset, about in config["datasets"].items()
        if about["against"]
    ]
    tables += [
        f"{RESULTS}/evaluation/{dataset}/change_steps.tsv"
        for dataset in measured_datasets()
    ]
    tables += [
        f"{RESULTS}/evaluation/{dataset}/{graph}/changes_in_compartments.tsv"
        for dataset, graph in asked_of_folding()
    ]
    folding = [f"{RESULTS}/evaluation/folding.tsv"] if asked_of_folding() else []
    return tables + folding


def power_targets(wildcards):
    """What other designs would see, of every dataset on every graph of maps."""
    asked = asked_of_folding()
    if not asked:
        refuse(
            InputError(
                CONFIGFILES,
                found="no dataset with genes on a graph of maps",
                expected="one, whose changes and map other designs are imagined from",
                remedy="add a published course and map; the demo has both",
            )
        )
    return [
        path
        for dataset, graph in asked
        for path in (
            f"{RESULTS}/power/{dataset}/{graph}/advice.tsv",
            f"{RESULTS}/report/figures/power.{dataset}.{graph}.png",
        )
    ]


def spex_targets():
    files = [
        f"{RESULTS}/spex/{run}/{table}.tsv"
        for run in config["spex"]
        for table in ("scores", "maps", "contrasts", "map_tissue", "verdict")
    ]
    return files + [
        f"{RESULTS}/spex/{run}/predict/predictions.tsv.gz"
        for run, settings in config["spex"].items()
        if settings["predict"]
    ]


def variants_targets():
    files = [path for run in config["spex"] for path in effect_tables(run)]
    files += [
        f"{RESULTS}/variants/{run}/mutagenesis/{region}/effects.tsv"
        for run, region in mutated_regions()
    ]
    return files + [
        f"{RESULTS}/published/{name}/effects.tsv" for name in config["published_models"]
    ]


def enrichment_subjects():
    """What is asked about, as (kind, of, by); nothing where there are no gene sets."""
    if not config["enrichment"]["sets"]:
        return []
    time_courses = [
        ("step", dataset, graph)
        for dataset, graph in network_graphs()
        if config["datasets"][dataset]["nodes"] != "mirna"
        and not config["graphs"][graph]["rewire"]
    ]
    time_courses += [
        ("forecast", dataset, model)
        for dataset, _, model in baseline_forecasts()
        if is_scored(dataset) and config["datasets"][dataset]["nodes"] != "mirna"
    ]
    return time_courses + [("spex", run, name) for run, name in spex_maps()]


def spex_maps():
    """Every map of a run of the sequence half."""
    return [(run, name) for run, of in config["spex"].items() for name in of["maps"]]


def marked_maps():
    """Those of them whose models read Beluga's outputs."""
    return [
        (run, name)
        for run, name in spex_maps()
        if config["spex"][run]["base"] == EXPECTO
    ]


def enrichment_targets():
    folder = f"{RESULTS}/enrichment"
    return [
        *(f"{folder}/{'/'.join(one)}/enrichment.tsv" for one in enrichment_subjects()),
        *(f"{folder}/spex/{run}/{name}/marks.tsv" for run, name in marked_maps()),
    ]


def figure_targets():
    figures = [
        f"contact_map.{graph}"
        for graph in sorted({g for _, g in dataset_graphs()})
        if config["graphs"][graph]["maps"] and not config["graphs"][graph]["rewire"]
    ]
    figures += [
        f"map_changes.{graph}"
        for graph in sorted({g for _, g in dataset_graphs()})
        if len(config["graphs"][graph]["maps"]) > 1
        and not config["graphs"][graph]["rewire"]
    ]
    for dataset, graph in dataset_graphs():
        model = config["datasets"][dataset]["model"]
        scored, fitted = is_scored(dataset), has_network(dataset)
        figures += [f"graph.{dataset}.{graph}"]
        if fitted:
            figures += [
                f"loss.{dataset}.{graph}.{model}",
                f"courses.{dataset}.{graph}.{model}",
            ]
        # A rewired graph is there to be compared with: of its own genes there is nothing to tell.
        if not config["graphs"][graph]["rewire"]:
            figures += [f"graph_times.{dataset}.{graph}"]
            if fitted:
                figures += [
                    f"step_scores.{dataset}.{graph}.{model}",
                    f"forecast_map.{dataset}.{graph}.{model}",
                ]
            if scored:
                figures += [
                    f"neighbours.{dataset}.{graph}",
                    f"predictability.{dataset}.{graph}",
                ]
        if graph == NO_MAP:  # there are no pairs to draw
            pairs = ("graph", "graph_times", "neighbours")
            figures = [
                one
                for one in figures
                if one not in [f"{figure}.{dataset}.{graph}" for figure in pairs]
            ]
    figures += ["ahead." + ".".join(names) for names in forecasts_ahead()]
    figures += [
        f"{figure}." + ".".join(names)
        for names in baseline_forecasts()
        if is_scored(names[0])
        for figure in ("courses", "forecast_map")
    ]
    figures += [f"loading.{dataset}" for dataset in config["datasets"]]
    figures += [
        f"{figure}.{dataset}"
        for dataset in scored_datasets()
        for figure in ("skill", "horizons")
    ]
    for run, settings in config["spex"].items():
        matrix = ["map_tissue"] if settings["maps"] else []
        figures += [
            f"{figure}.{run}" for figure in ("spex_scatter", "map_league", *matrix)
        ]
    if "variants" in config["stages"]:
        figures += [f"variants.{run}" for run in runs_with_variants()]
        figures += [f"mutagenesis.{run}.{region}" for run, region in mutated_regions()]
    if "enrichment" in config["stages"]:
        figures += [
            "enrichment." + ".".join(subject) for subject in enrichment_subjects()
        ]
    return [
        f"{RESULTS}/report/figures/{figure}.{suffix}"
        for figure in figures
        for suffix in ("png", "svg")
    ]


def report_targets():
    return [*figure_targets(), f"{RESULTS}/report/index.html"]


def stage_targets():
    targets = {
        "hic": hic_targets,
        "step": step_targets,
        "evaluation": evaluation_targets,
        "spex": spex_targets,
        "variants": variants_targets,
        "enrichment": enrichment_targets,
        "report": report_targets,
    }
    return [path for stage in config["stages"] for path in targets[stage]()]
