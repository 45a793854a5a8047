# report: figures of what the other stages made, with captions for `snakemake --report`; our page
# reads  results/<name>/{hic,expression,graph,step,evaluation,spex,enrichment}/...
# writes results/<name>/report/{figures/*.{png,svg},index.html}


report: "../report/workflow.rst"


rule plot_loading:
    """First component of the samples against time, their mean and the control probes."""
    input:
        loading=f"{RESULTS}/expression/{{dataset}}/loading.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/loading_samples.tsv",
    output:
        **figure("loading.{dataset}", "0 Expression", "loading"),
    log:
        f"{RESULTS}/logs/plot_loading/{{dataset}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        time_unit=lambda wildcards: dataset_of(wildcards)["time_unit"],
        code=fingerprint("report/plot_loading"),
    script:
        "../scripts/report/plot_loading.py"


rule plot_contact_map:
    """A contact map with its insulation score, boundaries and compartments."""
    input:
        map=map_file("map.cool"),
        insulation=map_file("insulation.tsv"),
        boundaries=map_file("boundaries.tsv"),
        compartments=map_file("compartments.tsv", "compartment_resolution"),
        loci=figure_loci,
    output:
        **figure("contact_map.{graph}", "1 Contact maps", "contact map"),
    log:
        f"{RESULTS}/logs/plot_contact_map/{{graph}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=2000),
        runtime=15,
    params:
        window=config["hic"]["insulation_windows"][0],
        code=fingerprint("report/plot_contact_map"),
    script:
        "../scripts/report/plot_contact_map.py"


rule plot_map_changes:
    """What changes from one map of a graph to the next."""
    input:
        map=map_files("map.cool"),
        insulation=map_files("insulation.tsv"),
        boundaries=map_files("boundaries.tsv"),
        compartments=map_files("compartments.tsv", "compartment_resolution"),
        choices=map_files("compartment_choice.tsv", "compartment_resolution"),
    output:
        **figure("map_changes.{graph}", "1 Contact maps", "change from map to map"),
    log:
        f"{RESULTS}/logs/plot_map_changes/{{graph}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=5, least=1000),
        runtime=15,
    params:
        names=lambda wildcards: graph_of(wildcards)["maps"],
        map_times=map_times,
        window=config["hic"]["insulation_windows"][0],
        code=fingerprint("report/plot_map_changes"),
    script:
        "../scripts/report/plot_map_changes.py"


rule plot_graph:
    """The gene graph along the chromosomes, and its pairs by distance."""
    input:
        graph=f"{RESULTS}/graph/{{dataset}}/{{graph}}/graph.h5",
        interactions=interactions_of,
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
        sizes=f"{RESULTS}/genome/chrom.sizes",
    output:
        **figure("graph.{dataset}.{graph}", "2 Gene graphs", "gene graph"),
    log:
        f"{RESULTS}/logs/plot_graph/{{dataset}}.{{graph}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        genes=config["report"]["genes"],
        code=fingerprint("report/plot_graph"),
    script:
        "../scripts/report/plot_graph.py"


rule plot_graph_times:
    """The gene graph at each time, genes along the genome."""
    input:
        graph=f"{RESULTS}/graph/{{dataset}}/{{graph}}/graph.h5",
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
    output:
        **figure("graph_times.{dataset}.{graph}", "2 Gene graphs", "graph at each time"),
    log:
        f"{RESULTS}/logs/plot_graph_times/{{dataset}}.{{graph}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        time_unit=lambda wildcards: dataset_of(wildcards)["time_unit"],
        code=fingerprint("report/plot_graph_times"),
    script:
        "../scripts/report/plot_graph_times.py"


rule plot_neighbours:
    """The neighbours of genes, with distance and compartment."""
    input:
        graph=f"{RESULTS}/graph/{{dataset}}/{{graph}}/graph.h5",
        interactions=interactions_of,
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
        scores=f"{RESULTS}/evaluation/{{dataset}}/scores.tsv",
    output:
        **figure("neighbours.{dataset}.{graph}", "2 Gene graphs", "neighbours"),
    log:
        f"{RESULTS}/logs/plot_neighbours/{{dataset}}.{{graph}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        forecast=lambda wildcards: forecast_of(wildcards.dataset),
        genes=config["report"]["genes"],
        code=fingerprint("report/plot_neighbours"),
    script:
        "../scripts/report/plot_neighbours.py"


rule plot_loss:
    """Training and held-out loss of every fit."""
    input:
        histories=step_files("history.tsv"),
    output:
        **figure("loss.{dataset}.{graph}.{model}", "3 Fits", "loss"),
    log:
        f"{RESULTS}/logs/plot_loss/{{dataset}}.{{graph}}.{{model}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        code=fingerprint("report/plot_loss"),
    script:
        "../scripts/report/plot_loss.py"


rule plot_courses:
    """Time courses of genes with their forecasts."""
    input:
        forecasts=forecast_files,
        baselines=f"{RESULTS}/evaluation/{{dataset}}/baselines.tsv",
        scores=f"{RESULTS}/evaluation/{{dataset}}/scores.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
        panel=f"{RESULTS}/expression/{{dataset}}/panel.tsv",
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
    output:
        **figure("courses.{dataset}.{graph}.{model}", "4 Forecasts", "time courses"),
    log:
        f"{RESULTS}/logs/plot_courses/{{dataset}}.{{graph}}.{{model}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        genes=config["report"]["genes"],
        time_unit=lambda wildcards: dataset_of(wildcards)["time_unit"],
        code=fingerprint("report/plot_courses"),
    script:
        "../scripts/report/plot_courses.py"


rule plot_step_scores:
    """STEP's own view of its forecasts: values, changes, error by time, correlation of genes."""
    input:
        forecasts=step_files("forecasts.tsv"),
        baselines=f"{RESULTS}/evaluation/{{dataset}}/baselines.tsv",
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
    output:
        **figure("step_scores.{dataset}.{graph}.{model}", "4 Forecasts", "STEP's view"),
    log:
        f"{RESULTS}/logs/plot_step_scores/{{dataset}}.{{graph}}.{{model}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        time_unit=lambda wildcards: dataset_of(wildcards)["time_unit"],
        code=fingerprint("report/plot_step_scores"),
    script:
        "../scripts/report/plot_step_scores.py"


rule plot_forecast_map:
    """Time courses and forecasts of all genes, by the time of their peak."""
    input:
        forecasts=forecast_files,
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        scores=f"{RESULTS}/evaluation/{{dataset}}/scores.tsv",
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
    output:
        **figure("forecast_map.{dataset}.{graph}.{model}", "4 Forecasts", "all genes"),
    log:
        f"{RESULTS}/logs/plot_forecast_map/{{dataset}}.{{graph}}.{{model}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        time_unit=lambda wildcards: dataset_of(wildcards)["time_unit"],
        code=fingerprint("report/plot_forecast_map"),
    script:
        "../scripts/report/plot_forecast_map.py"


rule plot_ahead:
    """Time courses with what is forecast beyond the data."""
    input:
        future=future_file("ahead.tsv"),
        coverage=future_file("ahead_coverage.tsv"),
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
    output:
        **figure("ahead.{dataset}.{graph}.{model}", "4 Forecasts", "beyond the data"),
    log:
        f"{RESULTS}/logs/plot_ahead/{{dataset}}.{{graph}}.{{model}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        genes=config["report"]["genes"],
        time_unit=lambda wildcards: dataset_of(wildcards)["time_unit"],
        code=fingerprint("report/plot_ahead"),
    script:
        "../scripts/report/plot_ahead.py"


rule plot_skill:
    """Skill of models, baselines and bounds."""
    input:
        evaluation=f"{RESULTS}/evaluation/{{dataset}}/evaluation.tsv",
        verdict=f"{RESULTS}/evaluation/{{dataset}}/verdict.tsv",
    output:
        **figure("skill.{dataset}", "5 Evaluation", "skill"),
    log:
        f"{RESULTS}/logs/plot_skill/{{dataset}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        code=fingerprint("report/plot_skill"),
    script:
        "../scripts/report/plot_skill.py"


rule plot_leaderboard:
    """Every forecaster on every time course of the run, the best mean on top."""
    input:
        leaderboard=rules.leaderboard.output.leaderboard,
    output:
        **figure("leaderboard", "5 Evaluation", "leaderboard"),
    log:
        f"{RESULTS}/logs/plot_leaderboard/all.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        names=list(scored_courses()),
        code=fingerprint("report/plot_leaderboard"),
    script:
        "../scripts/report/plot_leaderboard.py"


rule plot_horizons:
    """Skill, loss of quantiles and coverage of forecasts at each horizon."""
    input:
        horizons=f"{RESULTS}/evaluation/{{dataset}}/horizons.tsv",
    output:
        **figure("horizons.{dataset}", "5 Evaluation", "horizons"),
    log:
        f"{RESULTS}/logs/plot_horizons/{{dataset}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        forecast=lambda wildcards: forecast_of(wildcards.dataset),
        code=fingerprint("report/plot_horizons"),
    script:
        "../scripts/report/plot_horizons.py"


rule plot_power:
    """What other designs would see, against the number of times."""
    input:
        designs=f"{RESULTS}/power/{{dataset}}/{{graph}}/designs.tsv",
        advice=f"{RESULTS}/power/{{dataset}}/{{graph}}/advice.tsv",
    output:
        **figure("power.{dataset}.{graph}", "5 Evaluation", "power of other designs"),
    log:
        f"{RESULTS}/logs/plot_power/{{dataset}}.{{graph}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        code=fingerprint("report/plot_power"),
    script:
        "../scripts/report/plot_power.py"


rule plot_published_score:
    """The published score of STEP beside what needs no network."""
    input:
        scores=published_scores,
    output:
        png=f"{RESULTS}/report/figures/published_score.png",
        svg=f"{RESULTS}/report/figures/published_score.svg",
    log:
        f"{RESULTS}/logs/plot_published_score/all.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=15,
    params:
        names=[" on ".join(names) for names in dataset_graphs()],
        models=[config["datasets"][name]["model"] for name, _ in dataset_graphs()],
        code=fingerprint("report/plot_published_score"),
    script:
        "../scripts/report/plot_published_score.py"


rule plot_predictability:
    """Skill of genes against level, variance and degree."""
    input:
        scores=f"{RESULTS}/evaluation/{{dataset}}/scores.tsv",
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        graph=f"{RESULTS}/graph/{{dataset}}/{{graph}}/graph.h5",
    output:
        **figure("predictability.{dataset}.{graph}", "5 Evaluation", "which genes"),
    log:
        f"{RESULTS}/logs/plot_predictability/{{dataset}}.{{graph}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        forecast=lambda wildcards: forecast_of(wildcards.dataset),
        code=fingerprint("report/plot_predictability"),
    script:
        "../scripts/report/plot_predictability.py"


rule plot_spex_scatter:
    """Predicted against observed expression of held-out genes."""
    input:
        genes=f"{RESULTS}/spex/{{run}}/genes.tsv",
        expression=f"{RESULTS}/spex/{{run}}/expression.tsv",
        predictions=spex_predictions,
        scores=f"{RESULTS}/spex/{{run}}/scores.tsv",
    output:
        **figure("spex_scatter.{run}", "6 Sequence", "predicted and observed"),
    log:
        f"{RESULTS}/logs/plot_spex_scatter/{{run}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=3, least=1000),
        runtime=30,
    params:
        fits=spex_fit_names,
        expressed=lambda wildcards: run_of(wildcards)["expression"]["expressed"],
        base=lambda wildcards: run_of(wildcards)["base"],
        code=fingerprint("report/plot_spex_scatter"),
    script:
        "../scripts/report/plot_spex_scatter.py"


rule plot_map_league:
    """What each map and its control contacts gain over the base."""
    input:
        maps=f"{RESULTS}/spex/{{run}}/maps.tsv",
    output:
        **figure("map_league.{run}", "6 Sequence", "which map helps"),
    log:
        f"{RESULTS}/logs/plot_map_league/{{run}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        base=lambda wildcards: run_of(wildcards)["base"],
        code=fingerprint("report/plot_map_league"),
    script:
        "../scripts/report/plot_map_league.py"


rule plot_map_tissue:
    """What each map gains in each tissue."""
    input:
        map_tissue=f"{RESULTS}/spex/{{run}}/map_tissue.tsv",
    output:
        **figure("map_tissue.{run}", "6 Sequence", "maps in tissues"),
    log:
        f"{RESULTS}/logs/plot_map_tissue/{{run}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        code=fingerprint("report/plot_map_tissue"),
    script:
        "../scripts/report/plot_map_tissue.py"


rule plot_variants:
    """Variants by their largest effect, tissue by tissue, beside all effects of the run."""
    input:
        variants=f"{RESULTS}/variants/{{run}}/variants.tsv",
    output:
        **figure("variants.{run}", "6 Sequence", "variants"),
        table=f"{RESULTS}/report/figures/variants.{{run}}.tsv",
    log:
        f"{RESULTS}/logs/plot_variants/{{run}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        code=fingerprint("report/plot_variants"),
    script:
        "../scripts/report/plot_variants.py"


rule plot_mutagenesis:
    """What each base of a region does for a gene: a logo, base by base, tissue by tissue."""
    input:
        effects=f"{RESULTS}/variants/{{run}}/mutagenesis/{{region}}/effects.tsv",
        matrix=f"{RESULTS}/variants/{{run}}/mutagenesis/{{region}}/effects.h5",
    output:
        **figure("mutagenesis.{run}.{region}", "6 Sequence", "mutagenesis"),
    log:
        f"{RESULTS}/logs/plot_mutagenesis/{{run}}.{{region}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        code=fingerprint("report/plot_mutagenesis"),
    script:
        "../scripts/report/plot_mutagenesis.py"


rule plot_enrichment:
    """Gene sets in the lists and rankings of genes."""
    input:
        overrepresentation=f"{RESULTS}/enrichment/{{kind}}/{{of}}/{{by}}/overrepresentation.tsv",
        prerank=f"{RESULTS}/enrichment/{{kind}}/{{of}}/{{by}}/prerank.tsv",
        enrichment=f"{RESULTS}/enrichment/{{kind}}/{{of}}/{{by}}/enrichment.tsv",
    output:
        **figure(
            "enrichment.{kind}.{of}.{by}",
            "7 Enrichment",
            "gene sets",
            caption="enrichment_figure",
        ),
    log:
        f"{RESULTS}/logs/plot_enrichment/{{kind}}.{{of}}.{{by}}.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=15,
    params:
        code=fingerprint("report/plot_enrichment"),
    script:
        "../scripts/report/plot_enrichment.py"


rule report_page:
    """The report: one page that opens in a browser without internet."""
    input:
        **page_files(),
        methods=f"{TAKEN}/methods.md",
        cite=f"{TAKEN}/how_to_cite.md",
        archive=f"{RESULTS}/report/take_away.zip",
    output:
        page=f"{RESULTS}/report/index.html",
    log:
        f"{RESULTS}/logs/report_page/index.log",
    conda:
        "../../envs/report.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=2000),
        runtime=30,
    params:
        name=config["name"],
        assembly=config["genome"]["assembly"],
        demo=(
            {key: config["demo"][key] for key in ("regime", "together")}
            if config["demo"]
            else None
        ),
        datasets=page_datasets(),
        runs=page_runs(),
        enrichment=page_enrichment(),
        pictures={
            f"picture.{figure}": picture_words(figure) for figure in page_pictures()
        },
        made=page_about(),
        taken=page_take_away(),
        # A function of the input is not recorded, so Snakemake does not print it when it changes.
        config=lambda wildcards, input: config_text(),
        config_hash=hashlib.sha256(config_text().encode()).hexdigest()[:12],
        # The template, its style and its script are no modules, so `code` does not see them.
        assets=content_hash("foldcast/report/page/*.*"),
        captions=content_hash("../report/*.rst"),
        code=fingerprint("report/report_page"),
    script:
        "../scripts/report/report_page.py"
