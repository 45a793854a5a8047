# preflight: everything that the user gave → all mistakes at once, or what was found
# reads  every file of the config that a job would read: local, downloaded or simulated; no results
# writes results/<name>/preflight.txt


# How a time course is read and placed.
DATASET_KEYS = (
    "arm",
    "against",
    "values",
    "time_unit",
    "name_column",
    "nodes",
    "classes",
    "detection",
    "normalise",
    "copies",
    "duplicates",
)


# Nothing depends on it: a dependency would make everything stale whenever it runs.
rule preflight:
    """A look at everything that was given, by the readers of the stages, in one go."""
    input:
        **preflight_files(),
    output:
        summary=f"{RESULTS}/preflight.txt",
    log:
        f"{RESULTS}/logs/preflight/preflight.log",
    conda:
        "../../envs/preflight.yaml"
    threads: 1
    resources:
        mem_mb=6000,
        runtime=60,
    params:
        assembly=config["genome"]["assembly"],
        species=config["names"]["species"],
        annotation_format=(config["genome"]["annotation"] or {}).get("format"),
        alias_format=(config["genome"]["aliases"] or {}).get("format"),
        maps={
            name: {
                "resolutions": [
                    size for other, size in given_resolutions() if other == name
                ],
                "options": map_options(name),
                "names": map_file_names(name),
                "graphs": graphs_of_map(name),
                "balance": config["hic"]["balance"],
            }
            for name, _ in given_resolutions()
        },
        datasets={
            name: {key: d[key] for key in DATASET_KEYS}
            | {
                "targets": target_rule(d),
                "forecasters": forecasters_of(d),
                "conflicts": (d["interactions"] or {}).get("conflicts"),
                "asked_later": asks_for_names(d),
            }
            for name, d in config["datasets"].items()
        },
        courses=config["evaluation"]["courses"],
        functions={
            name: {"file": file, "function": function}
            for name, (file, function) in SHARED_FUNCTIONS.items()
        },
        beluga=beluga_options(),
        runs={name: run_options(run) for name, run in config["spex"].items()},
        published={
            name: {
                "choice": published["choice"],
                "strict": published["variants"]["strict"],
            }
            for name, published in config["published_models"].items()
        },
        edges={
            graph: {
                "conflicts": config["graphs"][graph]["interactions"]["conflicts"],
                "datasets": [name for name, one in dataset_graphs() if one == graph],
            }
            for graph in graphs_of_pairs()
        },
        report_genes=config["report"]["genes"],
        gene_sets=gene_set_options() if "enrichment" in config["stages"] else {},
        name_tables=given_names(),
        first_origin=config["evaluation"]["first_origin"],
        code=fingerprint("preflight/preflight"),
    script:
        "../scripts/preflight/preflight.py"
