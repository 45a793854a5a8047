# step: graphs + time courses → fits and forecasts, one job per block of origins, and of the future
# reads  results/<name>/expression/{dataset}/{course,replicate_variance,samples}.tsv, graph/{dataset}/{graph}/{graph,embedding}.h5
# writes results/<name>/step/{dataset}/{graph}/{model}/{block}/{forecasts,further,history,fits}.tsv, model.safetensors
#        results/<name>/step/{dataset}/{graph}/{model}/{ahead,ahead_coverage}.tsv, ahead/...
#        results/<name>/step/{dataset}/{graph}/published_score.tsv, where it is asked for
#
# One thread each: jobs run side by side, and results do not depend on the number of cores.


rule train_step:
    """Fit a model at the first origin of a block and forecast from each origin in it."""
    input:
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        graph=f"{RESULTS}/graph/{{dataset}}/{{graph}}/graph.h5",
        embedding=f"{RESULTS}/graph/{{dataset}}/{{graph}}/embedding.h5",
        variance=f"{RESULTS}/expression/{{dataset}}/replicate_variance.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
    output:
        forecasts=f"{RESULTS}/step/{{dataset}}/{{graph}}/{{model}}/{{block}}/forecasts.tsv",
        further=f"{RESULTS}/step/{{dataset}}/{{graph}}/{{model}}/{{block}}/further.tsv",
        history=f"{RESULTS}/step/{{dataset}}/{{graph}}/{{model}}/{{block}}/history.tsv",
        fits=f"{RESULTS}/step/{{dataset}}/{{graph}}/{{model}}/{{block}}/fits.tsv",
        model=f"{RESULTS}/step/{{dataset}}/{{graph}}/{{model}}/{{block}}/model.safetensors",
    log:
        f"{RESULTS}/logs/train_step/{{dataset}}.{{graph}}.{{model}}.{{block}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/train_step/{{dataset}}.{{graph}}.{{model}}.{{block}}.tsv"
    conda:
        "../../envs/step.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=2000),
        runtime=120,
    params:
        options=fit_options,
        alone=lambda wildcards: not config["graphs"][wildcards.graph]["rewire"],
        horizons=lambda wildcards: horizons_of(wildcards.dataset),
        seeds=config["evaluation"]["seeds"],
        code=fingerprint("step/train_step"),
    script:
        "../scripts/step/train_step.py"


rule forecast_ahead:
    """Fit a model at the last time and forecast the times after it, with intervals."""
    input:
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        graph=f"{RESULTS}/graph/{{dataset}}/{{graph}}/graph.h5",
        embedding=f"{RESULTS}/graph/{{dataset}}/{{graph}}/embedding.h5",
        variance=f"{RESULTS}/expression/{{dataset}}/replicate_variance.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
        forecasts=step_files("forecasts.tsv"),
    output:
        future=f"{RESULTS}/step/{{dataset}}/{{graph}}/{{model}}/ahead.tsv",
        coverage=f"{RESULTS}/step/{{dataset}}/{{graph}}/{{model}}/ahead_coverage.tsv",
        history=f"{RESULTS}/step/{{dataset}}/{{graph}}/{{model}}/ahead/history.tsv",
        model=f"{RESULTS}/step/{{dataset}}/{{graph}}/{{model}}/ahead/model.safetensors",
    log:
        f"{RESULTS}/logs/forecast_ahead/{{dataset}}.{{graph}}.{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/forecast_ahead/{{dataset}}.{{graph}}.{{model}}.tsv"
    conda:
        "../../envs/step.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=2000),
        runtime=120,
    params:
        options=lambda wildcards: config["step"][wildcards.model],
        seeds=config["evaluation"]["seeds"],
        code=fingerprint("step/forecast_ahead"),
    script:
        "../scripts/step/forecast_ahead.py"


rule published_score:
    """What needs no network to reach the published score of STEP, in its own space."""
    input:
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        embedding=f"{RESULTS}/graph/{{dataset}}/{{graph}}/embedding.h5",
    output:
        scores=f"{RESULTS}/step/{{dataset}}/{{graph}}/published_score.tsv",
    log:
        f"{RESULTS}/logs/published_score/{{dataset}}.{{graph}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/published_score/{{dataset}}.{{graph}}.tsv"
    conda:
        "../../envs/step.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=1000),
        runtime=10,
    params:
        # The share and the seed are the published ones.
        options=lambda w: {"window": window_of(w.dataset), "share": 0.2, "seed": 42},
        code=fingerprint("step/published_score"),
    script:
        "../scripts/step/published_score.py"
