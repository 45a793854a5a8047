# what a run gives to other tools, and which works it stands on

TAKEN = f"{RESULTS}/report/take_away"


def exported_graphs():
    """Every (dataset, graph) with pairs of its own: no rewired graph, and not the one without pairs."""
    return [
        (dataset, graph)
        for dataset, graph in dataset_graphs()
        if graph != NO_MAP and not config["graphs"][graph]["rewire"]
    ]


def exported_maps(resolution):
    """Every (map, resolution) of those graphs, at their resolution or that of compartments."""
    graphs = {graph: config["graphs"][graph] for _, graph in exported_graphs()}
    return sorted(
        {(name, g[resolution]) for g in graphs.values() for name in g["maps"]}
    )


def insulation_tracks(map="{map}", resolution="{resolution}"):
    """A track for each window (bins) of the insulation score."""
    windows = config["hic"]["insulation_windows"]
    return [f"{TAKEN}/{map}.{resolution}.insulation.{n}.bw" for n in windows]


def exported_files():
    """What is made for genome browsers and for tools of single-cell analysis."""
    files = []
    for name, resolution in exported_maps("resolution"):
        files += insulation_tracks(name, resolution)
        files += [
            f"{TAKEN}/{name}.{resolution}.{part}.bed" for part in ("boundaries", "tads")
        ]
    for name, resolution in exported_maps("compartment_resolution"):
        files += [f"{TAKEN}/{name}.{resolution}.compartments.bw"]
    files += [f"{TAKEN}/{'.'.join(names)}.bedpe" for names in exported_graphs()]
    if "variants" in config["stages"]:
        files += [
            f"{TAKEN}/{run}.{region}.mutagenesis_{track}.bw"
            for run, region in mutated_regions()
            for track in ("size", "sum")
        ]
    return files + [f"{TAKEN}/{dataset}.h5ad" for dataset in config["datasets"]]


def told_files():
    """What a paper says of the run, and how its tables are read."""
    names = (
        "methods.md",
        "how_to_cite.md",
        "references.bib",
        "config.yaml",
        "summary.yaml",
        "read_results.py",
        "read_results.R",
    )
    return [f"{TAKEN}/{name}" for name in names]


def summarised_runs():
    """The runs of the sequence half that are made."""
    return list(config["spex"]) if "spex" in config["stages"] else []


def multiqc_tables():
    """Tables of custom content by what they are of."""
    parts = ["maps"] if exported_maps("resolution") else []
    parts += ["samples", "datasets"] if config["datasets"] else []
    return {part: f"{TAKEN}/multiqc/foldcast_{part}_mqc.tsv" for part in parts}


def taken_tables():
    """The tables that the page shows, but for those that repeat what exports hold."""
    large = "panel course interactions graph forecasts baselines labels detection picture".split()
    files = page_files()
    found = [path for key, path in files.items() if key.split(".")[0] not in large]
    paths = [p for path in found for p in ([path] if isinstance(path, str) else path)]
    if "variants" in config["stages"]:
        paths += [
            f"{RESULTS}/report/figures/variants.{run}.tsv"
            for run in runs_with_variants()
        ]
        paths += [
            f"{RESULTS}/variants/{run}/mutagenesis/{region}/effects.tsv"
            for run, region in mutated_regions()
        ]
    return [path for path in paths if path.endswith((".tsv", ".csv"))]


def taken_files():
    """Everything in the archive."""
    return [
        *exported_files(),
        *told_files(),
        *multiqc_tables().values(),
        *taken_tables(),
        *figure_targets(),
    ]


def panel_with_forecasts(wildcards):
    """What is put beside a dataset's panel: key → file, or files."""
    name = wildcards.dataset
    graph, model = forecast_of(name)
    folder = f"{RESULTS}/expression/{name}"
    files = {part: f"{folder}/{part}.tsv" for part in ("panel", "samples", "loci")}
    if is_scored(name):
        scored = f"{RESULTS}/evaluation/{name}"
        files["forecasts"] = (
            [f"{scored}/baselines.tsv"]
            if graph == "-"
            else step_outputs(name, graph, "forecasts.tsv")
        )
        files |= {p: f"{scored}/{p}.tsv" for p in ("scores", "evaluation", "verdict")}
    if forecasts_future(name, graph):
        files["future"] = future_path(name, graph, model, "ahead.tsv")
    own = [one for dataset, one in exported_graphs() if dataset == name]
    files["neighbours"] = [f"{RESULTS}/graph/{name}/{one}/genes.tsv" for one in own]
    mapped = [one for one in own if config["graphs"][one]["maps"]]
    for one in mapped[:1]:
        graph = config["graphs"][one]
        of = f"{RESULTS}/hic/{graph['maps'][0]}"
        files["tads"] = f"{of}/{graph['resolution']}/tads.bed"
        files["compartments"] = (
            f"{of}/{graph['compartment_resolution']}/compartments.tsv"
        )
    return files


def run_parts():
    """What a run made use of, by the words that `references.toml` has for it."""
    mapped = bool(exported_maps("resolution"))
    networks = bool(network_graphs())
    asked = {
        "always": True,
        "maps": mapped or any(run["maps"] for run in config["spex"].values()),
        "features": mapped,
        "step": networks,
        "graphs": networks,
        "spex": bool(config["spex"]),
        "trees": any("trees" in run["models"] for run in config["spex"].values()),
        "enrichment": bool(enrichment_subjects()),
    }
    return [part for part, used in asked.items() if used]


def page_take_away():
    """What the page links to: title → paths from the page's folder."""
    suffixes = {
        "Tracks for genome browsers (bigWig)": ".bw",
        "TADs and boundaries (BED)": ".bed",
        "Pairs of genes in contact (BEDPE)": ".bedpe",
        "Panels with forecasts, skill and gene cards (h5ad)": ".h5ad",
    }
    near = {path: path.removeprefix(f"{RESULTS}/report/") for path in exported_files()}
    links = {
        title: [one for path, one in near.items() if path.endswith(suffix)]
        for title, suffix in suffixes.items()
    }
    told = [path.removeprefix(f"{RESULTS}/report/") for path in told_files()]
    links["Methods, how to cite, the config as it ran"] = told[:4]
    links["Ten lines of Python and of R that read the results"] = told[5:]
    tables = multiqc_tables().values()
    links["For MultiQC"] = [path.removeprefix(f"{RESULTS}/report/") for path in tables]
    return {title: paths for title, paths in links.items() if paths}
