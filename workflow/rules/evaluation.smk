# evaluation: forecasts of models and baselines → scores with intervals, bounds, verdicts
# reads  results/<name>/expression/{dataset}/{course,replicate_variance,samples}.tsv,
#        step/{dataset}/{graph}/{model}/{block}/{forecasts,further,fits}.tsv of every graph and block,
#        graph/{dataset}/{graph}/{pairs.tsv,interactions.csv};
#        expression/{dataset}/{panel_raw,panel,loci,resolution_report}.tsv,
#        hic/{map}/{resolution}/{map.cool,tads.bed}, genome/{centromeres,annotation}.tsv;
#        forecasters and further time courses of the config
# writes results/<name>/evaluation/{dataset}/{baselines,evaluation,scores,fits,verdict,horizons,calls}.tsv,
#        {model}/{ahead,ahead_coverage}.tsv of a baseline,
#        evaluation/{dataset}/{graph}/{change_together,held_out_genes,help_to_forecast}.tsv,
#        {changes,change_steps}.tsv, {graph}/{changes_in_compartments,changes_in_tads}.tsv,
#        {dataset}/given/{forecaster}.tsv, evaluation/folding.tsv,
#        {dataset}/arms/{changes,difference,samples,other_arm,verdict}.tsv,
#        {dataset}/arms/{graph}/{differ_together,held_out_genes}.tsv of a dataset that is held against another;
#        leaderboard/{leaderboard,courses/{course}}.tsv, where it is asked for


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
    benchmark:
        f"{RESULTS}/benchmarks/baselines/{{dataset}}.tsv"
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
    benchmark:
        f"{RESULTS}/benchmarks/forecast_next/{{dataset}}.{{model}}.tsv"
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


rule given_forecasts:
    """One-step forecasts by a forecaster of the user's, from every origin."""
    input:
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        panel=f"{RESULTS}/expression/{{dataset}}/panel.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
        forecaster=lambda w: forecaster_file(forecaster_of(w)),
    output:
        forecasts=f"{RESULTS}/evaluation/{{dataset}}/given/{{forecaster}}.tsv",
    log:
        f"{RESULTS}/logs/given_forecasts/{{dataset}}.{{forecaster}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/given_forecasts/{{dataset}}.{{forecaster}}.tsv"
    wildcard_constraints:
        forecaster=names_of_forecasters(),
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=200, least=2000),
        runtime=120,
    params:
        function=lambda w: forecaster_function(forecaster_of(w)),
        first_origin=config["evaluation"]["first_origin"],
        code=fingerprint("evaluation/given_forecasts"),
    script:
        "../scripts/evaluation/given_forecasts.py"


rule evaluate:
    """Scores of models, baselines and bounds with intervals, and the verdict on each model."""
    input:
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        variance=f"{RESULTS}/expression/{{dataset}}/replicate_variance.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
        baselines=f"{RESULTS}/evaluation/{{dataset}}/baselines.tsv",
        forecasts=fits_on_every_graph("forecasts.tsv"),
        fits=fits_on_every_graph("fits.tsv"),
        given=given_forecasts,
        other_arm=other_arm_forecasts,
        pairs=on_graphs("pairs.tsv"),
        genes=on_graphs("genes.tsv"),
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
    benchmark:
        f"{RESULTS}/benchmarks/evaluate/{{dataset}}.tsv"
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=2000),
        runtime=60,
    params:
        nodes=lambda w: dataset_of(w)["nodes"],
        forecast=lambda w: dataset_of(w)["forecast"],
        network=lambda w: dataset_of(w)["model"] if has_network(w.dataset) else None,
        base=lambda w: config["step"][dataset_of(w)["model"]]["base"],
        rewired=lambda w: rewired_graphs(w.dataset),
        unverified=brought_tables,
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
    benchmark:
        f"{RESULTS}/benchmarks/score_horizons/{{dataset}}.tsv"
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=2000),
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
        held_out=f"{RESULTS}/evaluation/{{dataset}}/{{graph}}/held_out_genes.tsv",
    log:
        f"{RESULTS}/logs/change_together/{{dataset}}.{{graph}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/change_together/{{dataset}}.{{graph}}.tsv"
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
        planted=config["evaluation"]["folding"]["planted"],
        seed=config["evaluation"]["folding"]["seed"],
        code=fingerprint("evaluation/change_together"),
    script:
        "../scripts/evaluation/change_together.py"


rule test_changes:
    """Which genes change from one time to the next, tested with their replicates."""
    input:
        raw=f"{RESULTS}/expression/{{dataset}}/panel_raw.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
    output:
        changes=f"{RESULTS}/evaluation/{{dataset}}/changes.tsv",
        steps=report(
            f"{RESULTS}/evaluation/{{dataset}}/change_steps.tsv",
            caption="../report/changes.rst",
            category="5 Evaluation",
            labels={"dataset": "{dataset}", "figure": "genes that change"},
        ),
    log:
        f"{RESULTS}/logs/test_changes/{{dataset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/test_changes/{{dataset}}.tsv"
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=50, least=2000),
        runtime=60,
    params:
        values=lambda wildcards: dataset_of(wildcards)["values"],
        code=fingerprint("evaluation/test_changes"),
    script:
        "../scripts/evaluation/test_changes.py"


rule place_changes:
    """In which compartments and TADs of a map genes that change lie."""
    input:
        changes=f"{RESULTS}/evaluation/{{dataset}}/changes.tsv",
        raw=f"{RESULTS}/expression/{{dataset}}/panel_raw.tsv",
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
        compartments=map_file("compartments.tsv", "compartment_resolution"),
        tads=map_file("tads.bed"),
    output:
        compartments=f"{RESULTS}/evaluation/{{dataset}}/{{graph}}/changes_in_compartments.tsv",
        tads=f"{RESULTS}/evaluation/{{dataset}}/{{graph}}/changes_in_tads.tsv",
    log:
        f"{RESULTS}/logs/place_changes/{{dataset}}.{{graph}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/place_changes/{{dataset}}.{{graph}}.tsv"
    wildcard_constraints:
        graph=graphs_of_maps(),
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=2000),
        runtime=30,
    params:
        seed=config["evaluation"]["folding"]["seed"],
        code=fingerprint("evaluation/place_changes"),
    script:
        "../scripts/evaluation/place_changes.py"


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
    benchmark:
        f"{RESULTS}/benchmarks/help_to_forecast/{{dataset}}.{{graph}}.tsv"
    wildcard_constraints:
        graph=graphs_of_maps(),
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=50, least=2000),
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


rule compare_arms:
    """Two arms of a time course: changes that differ, their difference, the other arm's change."""
    input:
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        panel=f"{RESULTS}/expression/{{dataset}}/panel.tsv",
        raw=f"{RESULTS}/expression/{{dataset}}/panel_raw.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
        other_time_course=in_other_arm("course.tsv"),
        other_panel=in_other_arm("panel.tsv"),
        other_raw=in_other_arm("panel_raw.tsv"),
        other_samples=in_other_arm("samples.tsv"),
    output:
        changes=f"{RESULTS}/evaluation/{{dataset}}/arms/changes.tsv",
        panel=f"{RESULTS}/evaluation/{{dataset}}/arms/difference.tsv",
        samples=f"{RESULTS}/evaluation/{{dataset}}/arms/samples.tsv",
        forecasts=f"{RESULTS}/evaluation/{{dataset}}/arms/other_arm.tsv",
    log:
        f"{RESULTS}/logs/compare_arms/{{dataset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/compare_arms/{{dataset}}.tsv"
    wildcard_constraints:
        dataset=held_against_others(),
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=1000),
        runtime=30,
    params:
        against=lambda w: dataset_of(w)["against"],
        logarithms=lambda w: [
            config["datasets"][name]["values"] == "log2"
            for name in (w.dataset, dataset_of(w)["against"])
        ],
        first_origin=config["evaluation"]["first_origin"],
        code=fingerprint("evaluation/compare_arms"),
    script:
        "../scripts/evaluation/compare_arms.py"


use rule change_together as differ_together with:
    input:
        unpack(sequence_of_genes),
        raw=rules.compare_arms.output.panel,
        samples=rules.compare_arms.output.samples,
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
        report=f"{RESULTS}/expression/{{dataset}}/resolution_report.tsv",
        annotation=host_genes,
        map=map_files("map.cool"),
        tads=map_files("tads.bed"),
        middles=f"{RESULTS}/genome/centromeres.tsv",
    output:
        effects=f"{RESULTS}/evaluation/{{dataset}}/arms/{{graph}}/differ_together.tsv",
        held_out=f"{RESULTS}/evaluation/{{dataset}}/arms/{{graph}}/held_out_genes.tsv",
    log:
        f"{RESULTS}/logs/differ_together/{{dataset}}.{{graph}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/differ_together/{{dataset}}.{{graph}}.tsv"
    params:
        map_times=map_times,
        values="log2",
        nodes=lambda wildcards: dataset_of(wildcards)["nodes"],
        leave_out=config["evaluation"]["folding"]["leave_out"],
        shifts=config["evaluation"]["folding"]["shifts"],
        planted=config["evaluation"]["folding"]["planted"],
        seed=config["evaluation"]["folding"]["seed"],
        code=fingerprint("evaluation/change_together"),


rule judge_arms:
    """Whether two arms differ, and whether they differ together in contact, in words."""
    input:
        changes=rules.compare_arms.output.changes,
        effects=lambda w: [
            f"{RESULTS}/evaluation/{w.dataset}/arms/{graph}/differ_together.tsv"
            for graph in contacts_asked(w.dataset)
        ],
    output:
        verdict=report(
            f"{RESULTS}/evaluation/{{dataset}}/arms/verdict.tsv",
            caption="../report/arms.rst",
            category="5 Evaluation",
            labels={"dataset": "{dataset}", "figure": "arms"},
        ),
    log:
        f"{RESULTS}/logs/judge_arms/{{dataset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/judge_arms/{{dataset}}.tsv"
    wildcard_constraints:
        dataset=held_against_others(),
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        dataset=lambda w: w.dataset,
        against=lambda w: dataset_of(w)["against"],
        graphs=lambda w: contacts_asked(w.dataset),
        code=fingerprint("evaluation/judge_arms"),
    script:
        "../scripts/evaluation/judge_arms.py"


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
    benchmark:
        f"{RESULTS}/benchmarks/judge_folding/folding.tsv"
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


rule score_course:
    """Scores of every baseline and of the user's functions on a further time course."""
    input:
        course=lambda w: config["evaluation"]["courses"][w.course],
        functions=[file for file, _ in SHARED_FUNCTIONS.values()],
    output:
        evaluation=f"{RESULTS}/leaderboard/courses/{{course}}.tsv",
    log:
        f"{RESULTS}/logs/score_course/{{course}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/score_course/{{course}}.tsv"
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=200, least=2000),
        runtime=120,
    params:
        functions={name: function for name, (_, function) in SHARED_FUNCTIONS.items()},
        first_origin=config["evaluation"]["first_origin"],
        code=fingerprint("evaluation/score_course"),
    script:
        "../scripts/evaluation/score_course.py"


rule leaderboard:
    """Every forecaster on every time course of the run, best first."""
    input:
        evaluations=list(scored_courses().values()),
    output:
        leaderboard=report(
            f"{RESULTS}/leaderboard/leaderboard.tsv",
            caption="../report/leaderboard.rst",
            category="5 Evaluation",
            labels={"figure": "leaderboard"},
        ),
    log:
        f"{RESULTS}/logs/leaderboard/all.log",
    benchmark:
        f"{RESULTS}/benchmarks/leaderboard/all.tsv"
    conda:
        "../../envs/evaluation.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=0, least=1000),
        runtime=10,
    params:
        names=list(scored_courses()),
        code=fingerprint("evaluation/leaderboard"),
    script:
        "../scripts/evaluation/leaderboard.py"
