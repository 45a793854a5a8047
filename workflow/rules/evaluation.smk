# evaluation: forecasts of models and baselines → scores with intervals, bounds, verdicts
# reads  results/<name>/expression/{dataset}/{course,replicate_variance,samples}.tsv,
#        step/{dataset}/{graph}/{model}/{block}/{forecasts,further,fits}.tsv of every graph and block,
#        graph/{dataset}/{graph}/{pairs.tsv,interactions.csv};
#        expression/{dataset}/{panel_raw,panel,loci,resolution_report}.tsv,
#        hic/{map}/{resolution}/{map.cool,tads.bed}, genome/{centromeres,annotation}.tsv
# writes results/<name>/evaluation/{dataset}/{baselines,evaluation,scores,fits,verdict,horizons,calls}.tsv,
#        {model}/{ahead,ahead_coverage}.tsv of a baseline,
#        evaluation/{dataset}/{graph}/{change_together,help_to_forecast}.tsv,
#        evaluation/folding.tsv


rule baselines:
    """One-step forecasts of every baseline, and of the base forecaster, from every origin."""
    input:
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        variance=f"{RESULTS}/expression/{{dataset}}/replicate_variance.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
    output:
        baselines=f"{RESULTS}/evaluation/{{dataset}}/baselines.tsv",
    log:
        f"{RESULTS}/logs/baselines/{{dataset}}.log",
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=200),
        runtime=30,
    params:
        first_origin=config["evaluation"]["first_origin"],
        code=fingerprint("evaluation/baselines"),
    script:
        "../scripts/evaluation/baselines.py"


rule forecast_next:
    """Forecasts by the base forecaster or another baseline of the times after the last one."""
    input:
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        variance=f"{RESULTS}/expression/{{dataset}}/replicate_variance.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
    output:
        future=f"{RESULTS}/evaluation/{{dataset}}/{{model}}/ahead.tsv",
        coverage=f"{RESULTS}/evaluation/{{dataset}}/{{model}}/ahead_coverage.tsv",
    log:
        f"{RESULTS}/logs/forecast_next/{{dataset}}.{{model}}.log",
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=200),
        runtime=30,
    params:
        future=lambda w: future_asked(w.dataset),
        first_origin=config["evaluation"]["first_origin"],
        code=fingerprint("evaluation/forecast_next"),
    script:
        "../scripts/evaluation/forecast_next.py"


rule evaluate:
    """Scores of models, baselines and bounds with intervals, and the verdict on each model."""
    input:
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        variance=f"{RESULTS}/expression/{{dataset}}/replicate_variance.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
        baselines=f"{RESULTS}/evaluation/{{dataset}}/baselines.tsv",
        forecasts=fits_on_every_graph("forecasts.tsv"),
        fits=fits_on_every_graph("fits.tsv"),
        pairs=pairs_of,
    output:
        evaluation=report(
            f"{RESULTS}/evaluation/{{dataset}}/evaluation.tsv",
            caption="../report/evaluation.rst",
            category="5 Evaluation",
            labels={"dataset": "{dataset}", "figure": "table of scores"},
        ),
        scores=f"{RESULTS}/evaluation/{{dataset}}/scores.tsv",
        fits=f"{RESULTS}/evaluation/{{dataset}}/fits.tsv",
        verdict=report(
            f"{RESULTS}/evaluation/{{dataset}}/verdict.tsv",
            caption="../report/verdict.rst",
            category="5 Evaluation",
            labels={"dataset": "{dataset}", "figure": "verdict"},
        ),
    log:
        f"{RESULTS}/logs/evaluate/{{dataset}}.log",
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=2000),
        runtime=60,
    params:
        nodes=lambda w: dataset_of(w)["nodes"],
        forecast=lambda w: dataset_of(w)["forecast"],
        network=lambda w: dataset_of(w)["model"],
        base=lambda w: config["step"][dataset_of(w)["model"]]["base"],
        rewired=lambda w: rewired_graphs(w.dataset),
        graphs=lambda w: dataset_of(w)["graphs"],
        first_origin=config["evaluation"]["first_origin"],
        code=fingerprint("evaluation/evaluate"),
    script:
        "../scripts/evaluation/evaluate.py"


rule score_horizons:
    """Scores of forecasts of one and more steps, and what became of genes forecast to change."""
    input:
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        variance=f"{RESULTS}/expression/{{dataset}}/replicate_variance.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
        forecasts=fits_on_own_graphs("forecasts.tsv"),
        further=fits_on_own_graphs("further.tsv"),
    output:
        horizons=report(
            f"{RESULTS}/evaluation/{{dataset}}/horizons.tsv",
            caption="../report/horizon_scores.rst",
            category="5 Evaluation",
            labels={"dataset": "{dataset}", "figure": "table of scores by horizon"},
        ),
        calls=f"{RESULTS}/evaluation/{{dataset}}/calls.tsv",
    log:
        f"{RESULTS}/logs/score_horizons/{{dataset}}.log",
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=200, least=2000),
        runtime=60,
    params:
        network=lambda w: dataset_of(w)["model"],
        horizons=lambda w: horizons_of(w.dataset),
        interval=lambda w: future_asked(w.dataset)["interval"],
        level=lambda w: future_asked(w.dataset)["level"],
        first_origin=config["evaluation"]["first_origin"],
        code=fingerprint("evaluation/score_horizons"),
    script:
        "../scripts/evaluation/score_horizons.py"


rule change_together:
    """Whether genes in contact change together more than genes as far apart that touch less."""
    input:
        unpack(sequence_of_genes),
        raw=f"{RESULTS}/expression/{{dataset}}/panel_raw.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
        report=f"{RESULTS}/expression/{{dataset}}/resolution_report.tsv",
        annotation=host_genes,
        map=map_files("map.cool"),
        tads=map_files("tads.bed"),
        middles=f"{RESULTS}/genome/centromeres.tsv",
    output:
        effects=f"{RESULTS}/evaluation/{{dataset}}/{{graph}}/change_together.tsv",
    log:
        f"{RESULTS}/logs/change_together/{{dataset}}.{{graph}}.log",
    wildcard_constraints:
        graph=graphs_of_maps(),
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=4000),
        runtime=120,
    params:
        map_times=map_times,
        values=lambda wildcards: dataset_of(wildcards)["values"],
        nodes=lambda wildcards: dataset_of(wildcards)["nodes"],
        leave_out=config["evaluation"]["folding"]["leave_out"],
        shifts=config["evaluation"]["folding"]["shifts"],
        seed=config["evaluation"]["folding"]["seed"],
        code=fingerprint("evaluation/change_together"),
    script:
        "../scripts/evaluation/change_together.py"


rule help_to_forecast:
    """Whether neighbours' last innovations help to forecast a gene's next one."""
    input:
        panel=f"{RESULTS}/expression/{{dataset}}/panel.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
        report=f"{RESULTS}/expression/{{dataset}}/resolution_report.tsv",
        annotation=host_genes,
        interactions=f"{RESULTS}/graph/{{dataset}}/{{graph}}/interactions.csv",
    output:
        effect=f"{RESULTS}/evaluation/{{dataset}}/{{graph}}/help_to_forecast.tsv",
    log:
        f"{RESULTS}/logs/help_to_forecast/{{dataset}}.{{graph}}.log",
    wildcard_constraints:
        graph=graphs_of_maps(),
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=100, least=2000),
        runtime=60,
    params:
        map_times=map_times,
        nodes=lambda wildcards: dataset_of(wildcards)["nodes"],
        leave_out=config["evaluation"]["folding"]["leave_out"],
        others=config["evaluation"]["folding"]["shifts"],
        seed=config["evaluation"]["folding"]["seed"],
        code=fingerprint("evaluation/help_to_forecast"),
    script:
        "../scripts/evaluation/help_to_forecast.py"


rule judge_folding:
    """Whether folding matters, over all maps and datasets of the run."""
    input:
        effects=[
            f"{RESULTS}/evaluation/{dataset}/{graph}/change_together.tsv"
            for dataset, graph in asked_of_folding()
        ],
        helps=[
            f"{RESULTS}/evaluation/{dataset}/{graph}/help_to_forecast.tsv"
            for dataset, graph in asked_of_folding()
        ],
    output:
        verdict=report(
            f"{RESULTS}/evaluation/folding.tsv",
            caption="../report/folding.rst",
            category="5 Evaluation",
            labels={"figure": "does folding matter?"},
        ),
    log:
        f"{RESULTS}/logs/judge_folding/folding.log",
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        asked=[list(one) for one in asked_of_folding()],
        code=fingerprint("evaluation/judge_folding"),
    script:
        "../scripts/evaluation/judge_folding.py"
