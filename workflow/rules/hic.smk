# hic: a contact map → expected, insulation, boundaries and TADs, compartments, saddle, QC
# reads  maps of the config; results/<name>/genome/{chrom.sizes,annotation.tsv},
#        the genome's FASTA file and its .fai, or centromeres where the config gives them
# writes results/<name>/genome/centromeres.tsv; results/<name>/hic/{map}/{resolution}/{map.cool,
#        phasing_track.tsv,expected.tsv,expected_arms.tsv,expected_trans.tsv,insulation.tsv,
#        boundaries.tsv,tads.bed,compartments.tsv,compartment_choice.tsv,saddle.tsv,depth.tsv,qc.tsv}

HIC = f"{RESULTS}/hic/{{map}}/{{resolution}}"


rule chromosome_arms:
    """Middles of the centromeres, which part the arms of chromosomes."""
    input:
        unpack(centromere_source),
        sizes=f"{RESULTS}/genome/chrom.sizes",
    output:
        middles=f"{RESULTS}/genome/centromeres.tsv",
    log:
        f"{RESULTS}/logs/chromosome_arms/centromeres.log",
    benchmark:
        f"{RESULTS}/benchmarks/chromosome_arms/centromeres.tsv"
    conda:
        "../../envs/hic.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        assembly=config["genome"]["assembly"],
        code=fingerprint("hic/chromosome_arms"),
    script:
        "../scripts/hic/chromosome_arms.py"


rule import_map:
    """A contact map in the genome's chromosome names, balanced."""
    input:
        map=lambda wildcards: map_sources(wildcards.map),
        sizes=f"{RESULTS}/genome/chrom.sizes",
    output:
        map=f"{HIC}/map.cool",
    log:
        f"{RESULTS}/logs/import_map/{{map}}.{{resolution}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/import_map/{{map}}.{{resolution}}.tsv"
    conda:
        "../../envs/hic.yaml"
    threads: threads_of(4)
    resources:
        mem_mb=memory(factor=4, least=4000),
        runtime=120,
    params:
        resolution=lambda wildcards: int(wildcards.resolution),
        balance=config["hic"]["balance"],
        options=lambda wildcards: map_options(wildcards.map),
        names=lambda wildcards: map_file_names(wildcards.map),
        code=fingerprint("hic/import_map"),
    script:
        "../scripts/hic/import_map.py"


rule map_depth:
    """How many bins have contacts enough, at the map's bins and at larger ones."""
    input:
        map=f"{HIC}/map.cool",
    output:
        depth=f"{HIC}/depth.tsv",
    log:
        f"{RESULTS}/logs/map_depth/{{map}}.{{resolution}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/map_depth/{{map}}.{{resolution}}.tsv"
    conda:
        "../../envs/hic.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=0, least=2000),
        runtime=30,
    params:
        code=fingerprint("hic/map_depth"),
    script:
        "../scripts/hic/map_depth.py"


rule phasing_track:
    """GC content of each bin, or the TSS around it: what orients compartments."""
    input:
        unpack(phasing_source),
        map=f"{HIC}/map.cool",
    output:
        track=f"{HIC}/phasing_track.tsv",
    log:
        f"{RESULTS}/logs/phasing_track/{{map}}.{{resolution}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/phasing_track/{{map}}.{{resolution}}.tsv"
    conda:
        "../../envs/hic.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=0, least=2000),
        runtime=30,
    params:
        code=fingerprint("hic/phasing_track"),
    script:
        "../scripts/hic/phasing_track.py"


rule expected:
    """Cis expected by distance, of chromosomes and arms; trans expected of their pairs."""
    input:
        map=f"{HIC}/map.cool",
        middles=f"{RESULTS}/genome/centromeres.tsv",
    output:
        expected=f"{HIC}/expected.tsv",
        arms=f"{HIC}/expected_arms.tsv",
        trans=f"{HIC}/expected_trans.tsv",
    log:
        f"{RESULTS}/logs/expected/{{map}}.{{resolution}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/expected/{{map}}.{{resolution}}.tsv"
    conda:
        "../../envs/hic.yaml"
    threads: threads_of(2)
    resources:
        mem_mb=memory(factor=4, least=2000),
        runtime=60,
    params:
        code=fingerprint("hic/expected"),
    script:
        "../scripts/hic/expected.py"


rule insulation:
    """Diamond insulation scores, and the boundaries at the first window."""
    input:
        map=f"{HIC}/map.cool",
    output:
        insulation=f"{HIC}/insulation.tsv",
        boundaries=f"{HIC}/boundaries.tsv",
    log:
        f"{RESULTS}/logs/insulation/{{map}}.{{resolution}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/insulation/{{map}}.{{resolution}}.tsv"
    conda:
        "../../envs/hic.yaml"
    threads: threads_of(2)
    resources:
        mem_mb=memory(factor=4, least=2000),
        runtime=60,
    params:
        windows=config["hic"]["insulation_windows"],
        threshold=config["hic"]["boundary_threshold"],
        tad_limit=config["hic"]["tad_limit"],
        code=fingerprint("hic/insulation"),
    script:
        "../scripts/hic/insulation.py"


rule tads:
    """TADs: intervals between successive boundaries."""
    input:
        insulation=f"{HIC}/insulation.tsv",
        boundaries=f"{HIC}/boundaries.tsv",
    output:
        tads=f"{HIC}/tads.bed",
    log:
        f"{RESULTS}/logs/tads/{{map}}.{{resolution}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/tads/{{map}}.{{resolution}}.tsv"
    conda:
        "../../envs/hic.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=fingerprint("hic/tads"),
    script:
        "../scripts/hic/tads.py"


rule compartments:
    """Compartment eigenvectors of each arm, and the one that the phasing track chooses."""
    input:
        map=f"{HIC}/map.cool",
        track=f"{HIC}/phasing_track.tsv",
        middles=f"{RESULTS}/genome/centromeres.tsv",
        sizes=f"{RESULTS}/genome/chrom.sizes",
    output:
        table=f"{HIC}/compartments.tsv",
        choice=f"{HIC}/compartment_choice.tsv",
    log:
        f"{RESULTS}/logs/compartments/{{map}}.{{resolution}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/compartments/{{map}}.{{resolution}}.tsv"
    conda:
        "../../envs/hic.yaml"
    threads: 1
    resources:
        mem_mb=dense_memory(copies=8, least=2000),
        runtime=60,
    params:
        weak=config["hic"]["weak_compartment"],
        code=fingerprint("hic/compartments"),
    script:
        "../scripts/hic/compartments.py"


rule saddle:
    """Observed/expected contact between bins, grouped by their compartment score."""
    input:
        map=f"{HIC}/map.cool",
        expected=f"{HIC}/expected_arms.tsv",
        compartments=f"{HIC}/compartments.tsv",
        middles=f"{RESULTS}/genome/centromeres.tsv",
        sizes=f"{RESULTS}/genome/chrom.sizes",
    output:
        saddle=f"{HIC}/saddle.tsv",
    log:
        f"{RESULTS}/logs/saddle/{{map}}.{{resolution}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/saddle/{{map}}.{{resolution}}.tsv"
    conda:
        "../../envs/hic.yaml"
    threads: 1
    resources:
        mem_mb=dense_memory(copies=6, least=2000),
        runtime=60,
    params:
        code=fingerprint("hic/saddle"),
    script:
        "../scripts/hic/saddle.py"


rule hic_qc:
    """Quality of a contact map and of its features."""
    input:
        map=f"{HIC}/map.cool",
        depth=f"{HIC}/depth.tsv",
        expected=f"{HIC}/expected.tsv",
        insulation=f"{HIC}/insulation.tsv",
        boundaries=f"{HIC}/boundaries.tsv",
        tads=f"{HIC}/tads.bed",
        compartments=f"{HIC}/compartments.tsv",
        choice=f"{HIC}/compartment_choice.tsv",
        saddle=f"{HIC}/saddle.tsv",
    output:
        qc=f"{HIC}/qc.tsv",
    log:
        f"{RESULTS}/logs/hic_qc/{{map}}.{{resolution}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/hic_qc/{{map}}.{{resolution}}.tsv"
    conda:
        "../../envs/hic.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=0, least=2000),
        runtime=30,
    params:
        code=fingerprint("hic/hic_qc"),
    script:
        "../scripts/hic/hic_qc.py"
