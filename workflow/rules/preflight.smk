# preflight: everything that the user gave → all mistakes at once, or what was found
# reads  every file of the config that a job would read: local, downloaded or simulated; no results
# writes results/<name>/preflight.txt


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
        "../../envs/hic.yaml"
    threads: 1
    resources:
        mem_mb=6000,
        runtime=60,
    params:
        assembly=config["genome"]["assembly"],
        annotation_format=config["genome"]["annotation"]["format"],
        alias_format=(config["genome"]["aliases"] or {}).get("format"),
        maps={
            name: {
                "resolutions": [
                    size for other, size in map_resolutions() if other == name
                ],
                "options": map_options(name),
                "names": map_file_names(name),
            }
            for name, _ in map_resolutions()
        },
        datasets={
            name: {
                key: d[key] for key in ("values", "time_unit", "name_column", "nodes")
            }
            for name, d in config["datasets"].items()
        },
        min_times=rules.import_expression.params.min_times,
        code=fingerprint("preflight"),
    script:
        "../scripts/preflight.py"
