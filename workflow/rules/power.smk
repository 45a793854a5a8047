# power: what other designs of an experiment would see, before it is sequenced
# reads  results/<name>/{genome,hic,expression,graph}/...
# writes results/<name>/power/{dataset}/{graph}/{designs,advice}.tsv


rule weigh_designs:
    """What more times, replicates or reads would let a table see."""
    input:
        raw=f"{RESULTS}/expression/{{dataset}}/panel_raw.tsv",
        panel=f"{RESULTS}/expression/{{dataset}}/panel.tsv",
        samples=f"{RESULTS}/expression/{{dataset}}/samples.tsv",
        loci=f"{RESULTS}/expression/{{dataset}}/loci.tsv",
        report=f"{RESULTS}/expression/{{dataset}}/resolution_report.tsv",
        annotation=host_genes,
        interactions=f"{RESULTS}/graph/{{dataset}}/{{graph}}/interactions.csv",
        map=map_files("map.cool"),
        tads=map_files("tads.bed"),
        middles=f"{RESULTS}/genome/centromeres.tsv",
    output:
        designs=f"{RESULTS}/power/{{dataset}}/{{graph}}/designs.tsv",
        advice=f"{RESULTS}/power/{{dataset}}/{{graph}}/advice.tsv",
    log:
        f"{RESULTS}/logs/weigh_designs/{{dataset}}.{{graph}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/weigh_designs/{{dataset}}.{{graph}}.tsv"
    wildcard_constraints:
        graph=graphs_of_maps(),
    conda:
        "../../envs/power.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=4000),
        runtime=120,
    params:
        map_times=map_times,
        values=lambda wildcards: dataset_of(wildcards)["values"],
        nodes=lambda wildcards: dataset_of(wildcards)["nodes"],
        leave_out=config["evaluation"]["folding"]["leave_out"],
        genes=config["power"]["genes"],
        times=config["power"]["times"],
        replicates=config["power"]["replicates"],
        depth=config["power"]["depth"],
        shifts=config["power"]["shifts"],
        planted=config["power"]["planted"],
        seed=config["evaluation"]["folding"]["seed"],
        code=fingerprint("power/weigh_designs"),
    script:
        "../scripts/power/weigh_designs.py"
