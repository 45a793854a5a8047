# graph: an expression time course and contact maps, or a table of interactions → gene pairs, graphs,
#        embeddings
# reads  results/<name>/expression/{dataset}/{loci,course}.tsv, hic/{map}/{resolution}/...;
#        tables of interactions of the config
# writes results/<name>/graph/{dataset}/{graph}/{interactions.csv,graph.h5,pairs.tsv,genes.tsv,embedding.h5};
#        expression/{dataset}/given/{table,samples,annotation}.tsv of such a table


rule unfold_interactions:
    """A table of interactions as an expression table, its sample sheet and its genes."""
    input:
        table=lambda wildcards: source(dataset_of(wildcards)["interactions"]),
        samples=lambda wildcards: dataset_of(wildcards)["samples"] or [],
        sizes=f"{RESULTS}/genome/chrom.sizes",
    output:
        table=f"{RESULTS}/expression/{{dataset}}/given/table.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/given/samples.tsv",
        annotation=f"{RESULTS}/expression/{{dataset}}/given/annotation.tsv",
    log:
        f"{RESULTS}/logs/unfold_interactions/{{dataset}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/unfold_interactions/{{dataset}}.tsv"
    conda:
        "../../envs/graph.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20),
        runtime=10,
    params:
        conflicts=lambda wildcards: dataset_of(wildcards)["interactions"]["conflicts"],
        code=fingerprint("graph/unfold_interactions"),
    script:
        "../scripts/graph/unfold_interactions.py"


rule interactions:
    """Pairs of genes in contact, with expression and the features of their loci."""
    input:
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        map=map_files("map.cool"),
        expected=map_files("expected.tsv"),
        insulation=map_files("insulation.tsv"),
        boundaries=map_files("boundaries.tsv"),
        compartments=map_files("compartments.tsv", "compartment_resolution"),
    output:
        interactions=f"{RESULTS}/graph/{{dataset}}/{{graph}}/interactions.csv",
    log:
        f"{RESULTS}/logs/interactions/{{dataset}}.{{graph}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/interactions/{{dataset}}.{{graph}}.tsv"
    wildcard_constraints:
        graph=graphs_of_maps(),
    conda:
        "../../envs/graph.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=2000),
        runtime=60,
    params:
        map_times=map_times,
        contact=lambda wildcards: graph_of(wildcards)["contact"],
        max_distance=lambda wildcards: graph_of(wildcards)["max_distance"],
        min_contacts=lambda wildcards: graph_of(wildcards)["min_contacts"],
        neighbours=lambda wildcards: graph_of(wildcards)["neighbours"],
        window=config["hic"]["insulation_windows"][0],
        compartment_resolution=lambda wildcards: graph_of(wildcards)[
            "compartment_resolution"
        ],
        code=fingerprint("graph/interactions"),
    script:
        "../scripts/graph/interactions.py"


rule import_interactions:
    """A table of interactions, checked, as the pairs of a graph."""
    input:
        table=lambda wildcards: source(graph_of(wildcards)["interactions"]),
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
    output:
        interactions=f"{RESULTS}/graph/{{dataset}}/{{graph}}/interactions.csv",
    log:
        f"{RESULTS}/logs/import_interactions/{{dataset}}.{{graph}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/import_interactions/{{dataset}}.{{graph}}.tsv"
    wildcard_constraints:
        graph=graphs_of_interactions(),
    conda:
        "../../envs/graph.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20),
        runtime=10,
    params:
        conflicts=lambda wildcards: graph_of(wildcards)["interactions"]["conflicts"],
        neighbours=lambda wildcards: graph_of(wildcards)["neighbours"],
        code=fingerprint("graph/import_interactions"),
    script:
        "../scripts/graph/import_interactions.py"


rule build_graph:
    """One graph of genes per time, each weighted from its past only; or of rewired pairs."""
    input:
        interactions=interactions_of,
        time_course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
    output:
        graph=f"{RESULTS}/graph/{{dataset}}/{{graph}}/graph.h5",
        pairs=f"{RESULTS}/graph/{{dataset}}/{{graph}}/pairs.tsv",
        genes=f"{RESULTS}/graph/{{dataset}}/{{graph}}/genes.tsv",
    log:
        f"{RESULTS}/logs/build_graph/{{dataset}}.{{graph}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/build_graph/{{dataset}}.{{graph}}.tsv"
    conda:
        "../../envs/graph.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10),
        runtime=30,
    params:
        map_times=map_times,
        contact=contact_of,
        transform=lambda wildcards: graph_of(wildcards)["transform"],
        weights=lambda wildcards: graph_of(wildcards)["weights"],
        rewire=lambda wildcards: graph_of(wildcards)["rewire"],
        code=fingerprint("graph/build_graph"),
    script:
        "../scripts/graph/build_graph.py"


rule embed:
    """Node embeddings from random walks on each time's graph."""
    input:
        graph=f"{RESULTS}/graph/{{dataset}}/{{graph}}/graph.h5",
    output:
        embedding=f"{RESULTS}/graph/{{dataset}}/{{graph}}/embedding.h5",
    log:
        f"{RESULTS}/logs/embed/{{dataset}}.{{graph}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/embed/{{dataset}}.{{graph}}.tsv"
    conda:
        "../../envs/graph.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=2000),
        runtime=120,
    params:
        options=lambda wildcards: {
            key: value
            for key, value in graph_of(wildcards)["embedding"].items()
            if key != "causal"
        },
        code=fingerprint("graph/embed"),
    script:
        "../scripts/graph/embed.py"
