# take_away: tracks, pairs, panels, methods, references and tables for other tools, and all in an archive
# reads  results/<name>/{genome,hic,expression,graph,evaluation,spex,enrichment,report/figures}/...
# writes results/<name>/report/{take_away/...,take_away.zip}


rule export_map:
    """Insulation scores as tracks, boundaries and TADs as intervals."""
    input:
        insulation=f"{RESULTS}/hic/{{map}}/{{resolution}}/insulation.tsv",
        boundaries=f"{RESULTS}/hic/{{map}}/{{resolution}}/boundaries.tsv",
        tads=f"{RESULTS}/hic/{{map}}/{{resolution}}/tads.bed",
        sizes=f"{RESULTS}/genome/chrom.sizes",
    output:
        insulation=insulation_tracks(),
        boundaries=f"{TAKEN}/{{map}}.{{resolution}}.boundaries.bed",
        tads=f"{TAKEN}/{{map}}.{{resolution}}.tads.bed",
    log:
        f"{RESULTS}/logs/export_map/{{map}}.{{resolution}}.log",
    conda:
        "../../envs/take_away.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        windows=config["hic"]["insulation_windows"],
        code=fingerprint("take_away/export_map"),
    script:
        "../scripts/take_away/export_map.py"


rule export_compartments:
    """The compartment score as a track."""
    input:
        compartments=f"{RESULTS}/hic/{{map}}/{{resolution}}/compartments.tsv",
        sizes=f"{RESULTS}/genome/chrom.sizes",
    output:
        track=f"{TAKEN}/{{map}}.{{resolution}}.compartments.bw",
    log:
        f"{RESULTS}/logs/export_compartments/{{map}}.{{resolution}}.log",
    conda:
        "../../envs/take_away.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        code=fingerprint("take_away/export_compartments"),
    script:
        "../scripts/take_away/export_compartments.py"


rule export_pairs:
    """Pairs of genes in contact, as arcs between the bins of their TSSs."""
    input:
        interactions=f"{RESULTS}/graph/{{dataset}}/{{graph}}/interactions.csv",
        sizes=f"{RESULTS}/genome/chrom.sizes",
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
    output:
        pairs=f"{TAKEN}/{{dataset}}.{{graph}}.bedpe",
    log:
        f"{RESULTS}/logs/export_pairs/{{dataset}}.{{graph}}.log",
    conda:
        "../../envs/take_away.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        resolution=lambda wildcards: graph_of(wildcards)["resolution"],
        code=fingerprint("take_away/export_pairs"),
    script:
        "../scripts/take_away/export_pairs.py"


rule export_panel:
    """The panel with what is forecast and known of its genes, for scanpy and others."""
    input:
        unpack(panel_with_forecasts),
    output:
        panel=f"{TAKEN}/{{dataset}}.h5ad",
    log:
        f"{RESULTS}/logs/export_panel/{{dataset}}.log",
    conda:
        "../../envs/take_away.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        forecast=lambda wildcards: forecast_of(wildcards.dataset),
        time_unit=lambda wildcards: dataset_of(wildcards)["time_unit"],
        code=fingerprint("take_away/export_panel"),
    script:
        "../scripts/take_away/export_panel.py"


rule export_mutagenesis:
    """What a region's bases do for a gene, as tracks: mean size and sum of their effects."""
    input:
        effects=f"{RESULTS}/variants/{{run}}/mutagenesis/{{region}}/effects.tsv",
        sizes=f"{RESULTS}/genome/chrom.sizes",
    output:
        size=f"{TAKEN}/{{run}}.{{region}}.mutagenesis_size.bw",
        sum=f"{TAKEN}/{{run}}.{{region}}.mutagenesis_sum.bw",
    log:
        f"{RESULTS}/logs/export_mutagenesis/{{run}}.{{region}}.log",
    conda:
        "../../envs/take_away.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        code=fingerprint("take_away/export_mutagenesis"),
    script:
        "../scripts/take_away/export_mutagenesis.py"


rule describe_run:
    """What a paper says of this run, its config, and how its tables are read."""
    input:
        samples=[
            f"{RESULTS}/expression/{name}/samples.tsv" for name in config["datasets"]
        ],
        loci=[f"{RESULTS}/expression/{name}/loci.tsv" for name in config["datasets"]],
    output:
        methods=f"{TAKEN}/methods.md",
        config=f"{TAKEN}/config.yaml",
        python=f"{TAKEN}/read_results.py",
        r=f"{TAKEN}/read_results.R",
    log:
        f"{RESULTS}/logs/describe_run/methods.log",
    conda:
        "../../envs/take_away.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        parts=run_parts(),
        scored=scored_datasets(),
        forecasts={name: forecast_of(name) for name in config["datasets"]},
        origins={name: (past_of(name), times_of(name)) for name in config["datasets"]},
        # A function of the input is not recorded, so Snakemake does not print it when it changes.
        config=lambda wildcards, input: config_text(),
        config_hash=hashlib.sha256(config_text().encode()).hexdigest()[:12],
        assets=content_hash("foldcast/take_away/*.txt"),
        code=fingerprint("take_away/describe_run"),
    script:
        "../scripts/take_away/describe_run.py"


rule cite_run:
    """The works that this run stands on, in words and as BibTeX."""
    output:
        words=f"{TAKEN}/how_to_cite.md",
        bibtex=f"{TAKEN}/references.bib",
    log:
        f"{RESULTS}/logs/cite_run/references.log",
    conda:
        "../../envs/take_away.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        parts=run_parts(),
        assets=content_hash("foldcast/take_away/*.toml"),
        code=fingerprint("take_away/cite_run"),
    script:
        "../scripts/take_away/cite_run.py"


rule summarise_run:
    """What was found, for the first page of `snakemake --report --report-metadata`."""
    input:
        verdicts=[
            f"{RESULTS}/evaluation/{name}/verdict.tsv" for name in scored_datasets()
        ],
        folding=[f"{RESULTS}/evaluation/folding.tsv"] if asked_of_folding() else [],
        spex=[f"{RESULTS}/spex/{name}/verdict.tsv" for name in summarised_runs()],
    output:
        summary=f"{TAKEN}/summary.yaml",
    log:
        f"{RESULTS}/logs/summarise_run/summary.log",
    conda:
        "../../envs/take_away.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        datasets=scored_datasets(),
        forecasts={name: forecast_of(name) for name in scored_datasets()},
        runs=summarised_runs(),
        code=fingerprint("take_away/summarise_run"),
    script:
        "../scripts/take_away/summarise_run.py"


rule list_for_multiqc:
    """Quality of maps and samples, genes and skill, as custom content of MultiQC."""
    input:
        maps=[
            f"{RESULTS}/hic/{name}/{resolution}/map.cool"
            for name, resolution in exported_maps("resolution")
        ],
        tads=[
            f"{RESULTS}/hic/{name}/{resolution}/tads.bed"
            for name, resolution in exported_maps("resolution")
        ],
        scaling=[
            f"{RESULTS}/expression/{name}/scaling.tsv" for name in config["datasets"]
        ],
        loci=[f"{RESULTS}/expression/{name}/loci.tsv" for name in config["datasets"]],
        evaluation=[
            f"{RESULTS}/evaluation/{name}/evaluation.tsv" for name in scored_datasets()
        ],
    output:
        **multiqc_tables(),
    log:
        f"{RESULTS}/logs/list_for_multiqc/tables.log",
    conda:
        "../../envs/take_away.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        names=[".".join(map(str, names)) for names in exported_maps("resolution")],
        datasets=list(config["datasets"]),
        forecasts={name: forecast_of(name) for name in scored_datasets()},
        run=config["name"],
        code=fingerprint("take_away/list_for_multiqc"),
    script:
        "../scripts/take_away/list_for_multiqc.py"


rule take_away:
    """Exports, figures and tables in one archive, as they lie in the folder of the run."""
    input:
        taken_files(),
    output:
        archive=f"{RESULTS}/report/take_away.zip",
    log:
        f"{RESULTS}/logs/take_away/archive.log",
    conda:
        "../../envs/take_away.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        code=fingerprint("take_away/take_away"),
    script:
        "../scripts/take_away/take_away.py"
