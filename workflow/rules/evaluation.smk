# evaluation: forecasts of models and baselines → scores with intervals, bounds, verdicts
# reads  results/<name>/expression/{dataset}/{course,replicate_variance,samples}.tsv,
#        step/{dataset}/{graph}/{model}/{block}/{forecasts,fits}.tsv of every graph and block,
#        graph/{dataset}/{graph}/pairs.tsv
# writes results/<name>/evaluation/{dataset}/{baselines,evaluation,scores,fits,verdict}.tsv,
#        {model}/{ahead,ahead_coverage}.tsv of a baseline


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
