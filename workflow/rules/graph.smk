# graph: an expression course and the features of a contact map → gene pairs, graphs, embeddings
# reads  results/<name>/expression/{dataset}/{loci,course}.tsv, hic/{map}/{resolution}/...
# writes results/<name>/graph/{dataset}/{graph}/{interactions.csv,graph.h5,embedding.h5}


rule interactions:
    """Pairs of genes in contact, with expression and the features of their loci."""
    input:
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
        course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
        map=map_file("map.cool"),
        expected=map_file("expected.tsv"),
        insulation=map_file("insulation.tsv"),
        boundaries=map_file("boundaries.tsv"),
        compartments=map_file("compartments.tsv", "compartment_resolution"),
    output:
        interactions=f"{RESULTS}/graph/{{dataset}}/{{graph}}/interactions.csv",
    log:
        f"{RESULTS}/logs/interactions/{{dataset}}.{{graph}}.log",
    conda:
        "../../envs/graph.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=2000),
        runtime=30,
    params:
        contact=lambda wildcards: graph_of(wildcards)["contact"],
        max_distance=lambda wildcards: graph_of(wildcards)["max_distance"],
        window=config["hic"]["insulation_windows"][0],
        compartment_resolution=lambda wildcards: graph_of(wildcards)[
            "compartment_resolution"
        ],
        code=fingerprint("interactions"),
    script:
        "../scripts/interactions.py"


rule build_graph:
    """One graph of genes per time, each weighted from its past only."""
    input:
        interactions=f"{RESULTS}/graph/{{dataset}}/{{graph}}/interactions.csv",
        course=f"{RESULTS}/expression/{{dataset}}/course.tsv",
    output:
        graph=f"{RESULTS}/graph/{{dataset}}/{{graph}}/graph.h5",
    log:
        f"{RESULTS}/logs/build_graph/{{dataset}}.{{graph}}.log",
    conda:
        "../../envs/graph.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10),
        runtime=30,
    params:
        contact=lambda wildcards: graph_of(wildcards)["contact"],
        neighbours=lambda wildcards: graph_of(wildcards)["neighbours"],
        weights=lambda wildcards: graph_of(wildcards)["weights"],
        code=fingerprint("build_graph"),
    script:
        "../scripts/build_graph.py"


rule embed:
    """Causal node embeddings from random walks on each time's graph."""
    input:
        graph=f"{RESULTS}/graph/{{dataset}}/{{graph}}/graph.h5",
    output:
        embedding=f"{RESULTS}/graph/{{dataset}}/{{graph}}/embedding.h5",
    log:
        f"{RESULTS}/logs/embed/{{dataset}}.{{graph}}.log",
    conda:
        "../../envs/graph.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=2000),
        runtime=120,
    params:
        options=lambda wildcards: graph_of(wildcards)["embedding"],
        code=fingerprint("embed"),
    script:
        "../scripts/embed.py"
