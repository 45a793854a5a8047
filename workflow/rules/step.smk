# step: graphs + courses → fits and forecasts, one job per block of origins
# reads  results/<name>/expression/{dataset}/course.tsv, graph/{dataset}/{graph}/{graph,embedding}.h5
# writes results/<name>/step/{dataset}/{graph}/{model}/{block}/{forecasts,history}.tsv, model.safetensors


rule train_step:
    """Fit a model at the first origin of a block and forecast one step from each origin in it."""
    input:
        course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        graph=f"{RESULTS}/graph/{{dataset}}/{{graph}}/graph.h5",
        embedding=f"{RESULTS}/graph/{{dataset}}/{{graph}}/embedding.h5",
    output:
        forecasts=f"{RESULTS}/step/{{dataset}}/{{graph}}/{{model}}/{{block}}/forecasts.tsv",
        history=f"{RESULTS}/step/{{dataset}}/{{graph}}/{{model}}/{{block}}/history.tsv",
        model=f"{RESULTS}/step/{{dataset}}/{{graph}}/{{model}}/{{block}}/model.safetensors",
    log:
        f"{RESULTS}/logs/train_step/{{dataset}}.{{graph}}.{{model}}.{{block}}.log",
    conda:
        "../../envs/step.yaml"
    # One: sums over more threads differ in their last bits, and two took as long.
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=2000),
        runtime=120,
    params:
        options=lambda wildcards: config["step"][wildcards.model],
        seeds=config["evaluation"]["seeds"],
        code=fingerprint("train_step"),
    script:
        "../scripts/train_step.py"
