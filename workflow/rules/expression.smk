# expression: a table of genes × samples → a checked panel in log2, its course and its loci
# reads  expression tables, sample sheets and overrides of the config;
#        results/<name>/genome/annotation.tsv
# writes results/<name>/expression/{dataset}/{samples,panel,course,replicate_variance,loci,
#        resolution_report}.tsv


rule import_expression:
    """Expression table and sample sheet, checked, to a panel in log2 and replicate means."""
    input:
        table=lambda w: source(dataset_of(w)["expression"]),
        samples=lambda w: dataset_of(w)["samples"],
    output:
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
        panel=f"{RESULTS}/expression/{{dataset}}/panel.tsv",
        course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        variance=f"{RESULTS}/expression/{{dataset}}/replicate_variance.tsv",
    log:
        f"{RESULTS}/logs/import_expression/{{dataset}}.log",
    conda:
        "../../envs/expression.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=60),
        runtime=10,
    params:
        values=lambda w: dataset_of(w)["values"],
        # Smoothing needs errors of earlier forecasts before it can choose how much to smooth.
        min_times=5,
        code=fingerprint("import_expression"),
    script:
        "../scripts/import_expression.py"


rule resolve_genes:
    """Loci of the panel's genes, and how each name was understood."""
    input:
        panel=rules.import_expression.output.panel,
        annotation=f"{RESULTS}/genome/annotation.tsv",
        overrides=lambda w: dataset_of(w)["overrides"] or [],
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
    conda:
        "../../envs/expression.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20),
        runtime=10,
    params:
        code=fingerprint("resolve_genes"),
    script:
        "../scripts/resolve_genes.py"
