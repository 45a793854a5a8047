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
    """Every (dataset, graph, model) that forecasts beyond the data."""
    each = ((d, graph, config["datasets"][d]["model"]) for d, graph in dataset_graphs())
    return [names for names in each if config["step"][names[-1]]["ahead"]["steps"]]


def step_targets():
    forecasts = [
        path
        for dataset, graph in dataset_graphs()
        for path in step_outputs(dataset, graph, "forecasts.tsv")
    ]
    ahead = [
        f"{RESULTS}/step/{'/'.join(names)}/ahead.tsv" for names in forecasts_ahead()
    ]
    return forecasts + ahead


def evaluation_targets():
    return [
        f"{RESULTS}/evaluation/{dataset}/{file}.tsv"
        for dataset in config["datasets"]
        for file in ("evaluation", "scores", "verdict")
    ]


def report_targets():
    figures = [
        f"contact_map.{graph}"
        for graph in sorted({g for _, g in dataset_graphs()})
        if config["graphs"][graph]["maps"] and not config["graphs"][graph]["rewire"]
    ]
    for dataset, graph in dataset_graphs():
        model = config["datasets"][dataset]["model"]
        figures += [
            f"graph.{dataset}.{graph}",
            f"loss.{dataset}.{graph}.{model}",
            f"courses.{dataset}.{graph}.{model}",
        ]
    figures += ["ahead." + ".".join(names) for names in forecasts_ahead()]
    figures += [
        f"{figure}.{dataset}"
        for dataset in config["datasets"]
        for figure in ("loading", "skill")
    ]
    return [
        f"{RESULTS}/report/figures/{figure}.{suffix}"
        for figure in figures
        for suffix in ("png", "svg")
    ]


def stage_targets():
    targets = {
        "hic": hic_targets,
        "step": step_targets,
        "evaluation": evaluation_targets,
        "report": report_targets,
    }
    return [path for stage in config["stages"] for path in targets[stage]()]
