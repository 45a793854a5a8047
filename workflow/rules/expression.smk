# expression: a table of genes × samples → a checked panel in log2, its time course and its loci
# reads  expression tables, sample sheets and overrides of the config; mygene.info if asked to;
#        results/<name>/genome/{annotation.tsv,chrom.sizes}
# writes results/<name>/expression/{dataset}/{samples,panel_raw,detection,scaling,controls,targets,
#        measured,flags,resolution_report,loci,panel,course,replicate_variance,loading,
#        loading_samples,loading_controls}.tsv, mygene.json


rule import_expression:
    """Expression table and sample sheet, checked, to the measured rows in log2."""
    input:
        table=expression_table,
        samples=sample_sheet,
        targets=lambda w: target_list(w),
    output:
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
        raw=f"{RESULTS}/expression/{{dataset}}/panel_raw.tsv",
        detection=f"{RESULTS}/expression/{{dataset}}/detection.tsv",
        scaling=f"{RESULTS}/expression/{{dataset}}/scaling.tsv",
        controls=f"{RESULTS}/expression/{{dataset}}/controls.tsv",
        targets=f"{RESULTS}/expression/{{dataset}}/targets.tsv",
        measured=f"{RESULTS}/expression/{{dataset}}/measured.tsv",
        flags=report(
            f"{RESULTS}/expression/{{dataset}}/flags.tsv",
            caption="../report/flags.rst",
            category="0 Expression",
            labels={"dataset": "{dataset}", "figure": "oddities of the table"},
        ),
    log:
        f"{RESULTS}/logs/import_expression/{{dataset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/import_expression/{{dataset}}.tsv"
    conda:
        "../../envs/expression.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=60),
        runtime=10,
    params:
        arm=lambda w: dataset_of(w)["arm"],
        values=lambda w: dataset_of(w)["values"],
        nodes=lambda w: dataset_of(w)["nodes"],
        name_column=lambda w: dataset_of(w)["name_column"],
        classes=lambda w: dataset_of(w)["classes"],
        detection=lambda w: dataset_of(w)["detection"],
        normalise=lambda w: dataset_of(w)["normalise"],
        targets=lambda w: target_rule(dataset_of(w)),
        first_origin=config["evaluation"]["first_origin"],
        code=fingerprint("expression/import_expression"),
    script:
        "../scripts/expression/import_expression.py"


rule query_names:
    """What mygene.info answers about the gene names, kept as a file."""
    input:
        measured=rules.import_expression.output.measured,
        cache=config["names"]["cache"] or [],
    output:
        # Kept when the rule runs again, which then asks for nothing that is answered.
        answers=update(f"{RESULTS}/expression/{{dataset}}/mygene.json"),
    log:
        f"{RESULTS}/logs/query_names/{{dataset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/query_names/{{dataset}}.tsv"
    conda:
        "../../envs/expression.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        species=config["names"]["species"],
        assembly=config["genome"]["assembly"],
        url=lambda wildcards, input: config["names"]["url"],
        public_url=public(config["names"]["url"]),
        code=fingerprint("expression/query_names"),
    script:
        "../scripts/expression/query_names.py"


rule resolve_genes:
    """Loci of the genes, and how each name was understood."""
    input:
        measured=rules.import_expression.output.measured,
        annotation=annotation_of,
        sizes=f"{RESULTS}/genome/chrom.sizes",
        overrides=lambda w: dataset_of(w)["overrides"] or [],
        answers=name_answers,
    output:
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
        report=report(
            f"{RESULTS}/expression/{{dataset}}/resolution_report.tsv",
            caption="../report/resolution_report.rst",
            category="2 Gene graphs",
            labels={"dataset": "{dataset}", "figure": "how genes were placed"},
        ),
    log:
        f"{RESULTS}/logs/resolve_genes/{{dataset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/resolve_genes/{{dataset}}.tsv"
    conda:
        "../../envs/expression.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20),
        runtime=10,
    params:
        nodes=lambda w: dataset_of(w)["nodes"],
        copies=lambda w: dataset_of(w)["copies"],
        duplicates=lambda w: dataset_of(w)["duplicates"],
        assembly=config["genome"]["assembly"],
        source=name_source,
        code=fingerprint("expression/resolve_genes"),
    script:
        "../scripts/expression/resolve_genes.py"


rule build_panel:
    """The panel: measured rows, those of one gene merged if the config says so; its time course."""
    input:
        samples=rules.import_expression.output.samples,
        measured=rules.import_expression.output.measured,
        report=merged_rows,
    output:
        panel=f"{RESULTS}/expression/{{dataset}}/panel.tsv",
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        variance=f"{RESULTS}/expression/{{dataset}}/replicate_variance.tsv",
    log:
        f"{RESULTS}/logs/build_panel/{{dataset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/build_panel/{{dataset}}.tsv"
    conda:
        "../../envs/expression.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20),
        runtime=10,
    params:
        code=fingerprint("expression/build_panel"),
    script:
        "../scripts/expression/build_panel.py"


rule diagnose_loading:
    """How much of a panel is loading: its first component against age, sample mean, controls."""
    input:
        samples=rules.import_expression.output.samples,
        raw=rules.import_expression.output.raw,
        detection=rules.import_expression.output.detection,
        scaling=rules.import_expression.output.scaling,
        controls=rules.import_expression.output.controls,
        panel=rules.build_panel.output.panel,
    output:
        loading=report(
            f"{RESULTS}/expression/{{dataset}}/loading.tsv",
            caption="../report/loading.rst",
            category="0 Expression",
            labels={"dataset": "{dataset}", "figure": "loading in numbers"},
        ),
        samples=f"{RESULTS}/expression/{{dataset}}/loading_samples.tsv",
        controls=report(
            f"{RESULTS}/expression/{{dataset}}/loading_controls.tsv",
            caption="../report/controls.rst",
            category="0 Expression",
            labels={"dataset": "{dataset}", "figure": "what the controls show"},
        ),
    log:
        f"{RESULTS}/logs/diagnose_loading/{{dataset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/diagnose_loading/{{dataset}}.tsv"
    conda:
        "../../envs/expression.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=60),
        runtime=10,
    params:
        nodes=lambda w: dataset_of(w)["nodes"],
        first_origin=config["evaluation"]["first_origin"],
        code=fingerprint("expression/diagnose_loading"),
    script:
        "../scripts/expression/diagnose_loading.py"
