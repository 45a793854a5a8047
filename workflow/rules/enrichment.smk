# enrichment: what predictable genes, and those forecast to change, have in common
# reads  gene sets and tables of names of the config; Enrichr and mygene.info if asked to;
#        results/<name>/expression/{dataset}/{course,loci}.tsv, genome/annotation.tsv,
#        evaluation/{dataset}/baselines.tsv, step/{dataset}/{graph}/{model}/...,
#        spex/{run}/{genes,expression}.tsv, fits/..., distal/...
# writes resources/enrichr/{library}.gmt;
#        results/<name>/enrichment/{kind}/{of}/{sets,identifiers,orthologs.{species}}.tsv,
#        {kind}/{of}/{by}/{rankings,overrepresentation,prerank,enrichment}.tsv,
#        spex/{run}/{map}/{marks,marks_summary}.tsv
#
# {kind}/{of}/{by} is forecast/<dataset>/<forecast>, step/<dataset>/<graph> or spex/<run>/<map>.

ENRICHMENT = f"{RESULTS}/enrichment/{{kind}}/{{of}}"


rule fetch_library:
    """One library of gene sets from Enrichr, by name."""
    output:
        library="resources/enrichr/{library}.gmt",
    log:
        f"{RESULTS}/logs/fetch_library/{{library}}.log",
    conda:
        "../../envs/resources.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=60,
    params:
        name=lambda wildcards: wildcards.library,
        service="https://maayanlab.cloud/Enrichr",
        code=fingerprint("enrichment/fetch_library"),
    script:
        "../scripts/enrichment/fetch_library.py"


rule query_orthologs:
    """What another species calls the orthologs of a panel's genes, by mygene.info."""
    input:
        unpack(panel_files),
    output:
        # Kept when the rule runs again, which then asks for nothing that is answered.
        names=update(f"{ENRICHMENT}/orthologs.{{species}}.tsv"),
    log:
        f"{RESULTS}/logs/query_orthologs/{{kind}}.{{of}}.{{species}}.log",
    conda:
        "../../envs/enrichment.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=30,
    params:
        species=lambda wildcards: genome_species(config),
        other=lambda wildcards: wildcards.species,
        url=lambda wildcards, input: config["names"]["url"],
        public_url=public(config["names"]["url"]),
        code=fingerprint("enrichment/query_orthologs"),
    script:
        "../scripts/enrichment/query_orthologs.py"


rule match_gene_sets:
    """The gene sets in the words of a panel: which of its genes each of them holds."""
    input:
        unpack(panel_files),
        annotation=panel_annotation,
        sets=gene_set_files(),
        names=name_tables,
    output:
        sets=f"{ENRICHMENT}/sets.tsv",
        identifiers=f"{ENRICHMENT}/identifiers.tsv",
    log:
        f"{RESULTS}/logs/match_gene_sets/{{kind}}.{{of}}.log",
    conda:
        "../../envs/enrichment.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=1000),
        runtime=15,
    params:
        collections=gene_set_options(),
        names=name_species(),
        code=fingerprint("enrichment/match_gene_sets"),
    script:
        "../scripts/enrichment/match_gene_sets.py"


rule rank_genes:
    """Genes by their skill over fixed comparators and by their forecast change, and the lists."""
    input:
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
        baselines=f"{RESULTS}/evaluation/{{dataset}}/baselines.tsv",
        forecasts=ranked_forecasts,
        ahead=change_ahead,
    output:
        rankings=f"{RESULTS}/enrichment/{{kind}}/{{dataset}}/{{by}}/rankings.tsv",
    log:
        f"{RESULTS}/logs/rank_genes/{{kind}}.{{dataset}}.{{by}}.log",
    wildcard_constraints:
        kind="step|forecast",
    conda:
        "../../envs/enrichment.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=1000),
        runtime=30,
    params:
        first_origin=config["evaluation"]["first_origin"],
        forecast=ranked_forecast,
        comparators=config["enrichment"]["comparators"],
        share=config["enrichment"]["share"],
        code=fingerprint("enrichment/rank_genes"),
    script:
        "../scripts/enrichment/rank_genes.py"


rule rank_spex_genes:
    """Held-out genes by how much better they are predicted with a map's contacts."""
    input:
        genes=f"{RESULTS}/spex/{{run}}/genes.tsv",
        expression=f"{RESULTS}/spex/{{run}}/expression.tsv",
        predictions=gain_predictions,
    output:
        rankings=f"{RESULTS}/enrichment/spex/{{run}}/{{map}}/rankings.tsv",
    log:
        f"{RESULTS}/logs/rank_spex_genes/{{run}}.{{map}}.log",
    conda:
        "../../envs/enrichment.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=1000),
        runtime=30,
    params:
        fits=gain_fits,
        base=lambda wildcards: run_of(wildcards)["base"],
        map=lambda wildcards: wildcards.map,
        share=config["enrichment"]["share"],
        code=fingerprint("enrichment/rank_spex_genes"),
    script:
        "../scripts/enrichment/rank_spex_genes.py"


rule rank_marks:
    """Which of Beluga's outputs the models take from what touches a TSS."""
    input:
        models=mark_models,
        features=distal_blocks,
        names=output_names(),
    output:
        marks=report(
            f"{RESULTS}/enrichment/spex/{{run}}/{{map}}/marks.tsv",
            caption="../report/marks.rst",
            category="7 Enrichment",
            labels={"of": "{run}", "by": "{map}", "figure": "marks"},
        ),
        summary=f"{RESULTS}/enrichment/spex/{{run}}/{{map}}/marks_summary.tsv",
    log:
        f"{RESULTS}/logs/rank_marks/{{run}}.{{map}}.log",
    conda:
        "../../envs/spex.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=3, least=2000),
        runtime=60,
    params:
        map=lambda wildcards: wildcards.map,
        feature_sets=mark_feature_sets,
        fits=mark_fits,
        models=lambda wildcards: run_of(wildcards)["models"],
        code=fingerprint("enrichment/rank_marks"),
    script:
        "../scripts/enrichment/rank_marks.py"


rule enrich:
    """Every list and every ranking of genes against every gene set, and what that says."""
    input:
        sets=f"{ENRICHMENT}/sets.tsv",
        identifiers=f"{ENRICHMENT}/identifiers.tsv",
        rankings=f"{ENRICHMENT}/{{by}}/rankings.tsv",
    output:
        overrepresentation=report(
            f"{ENRICHMENT}/{{by}}/overrepresentation.tsv",
            caption="../report/overrepresentation.rst",
            category="7 Enrichment",
            labels={"of": "{of}", "by": "{by}", "figure": "lists of genes"},
        ),
        prerank=report(
            f"{ENRICHMENT}/{{by}}/prerank.tsv",
            caption="../report/prerank.rst",
            category="7 Enrichment",
            labels={"of": "{of}", "by": "{by}", "figure": "rankings of genes"},
        ),
        enrichment=report(
            f"{ENRICHMENT}/{{by}}/enrichment.tsv",
            caption="../report/enrichment.rst",
            category="7 Enrichment",
            labels={"of": "{of}", "by": "{by}", "figure": "what it says"},
        ),
    log:
        f"{RESULTS}/logs/enrich/{{kind}}.{{of}}.{{by}}.log",
    conda:
        "../../envs/enrichment.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=50, least=1000),
        runtime=60,
    params:
        minimum=config["enrichment"]["minimum"],
        seed=config["enrichment"]["seed"],
        kind=lambda w: "held-out" if w.kind == "spex" else "measured",
        remark=enrichment_remark,
        code=fingerprint("enrichment/enrich"),
    script:
        "../scripts/enrichment/enrich.py"
