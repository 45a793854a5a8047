# hic: a contact map → expected, insulation, boundaries and TADs, compartments, QC
# reads  maps of the config; results/<name>/genome/{chrom.sizes,annotation.tsv},
#        the genome's FASTA file and its .fai
# writes results/<name>/hic/{map}/{resolution}/{map.cool,phasing_track.tsv,expected.tsv,
#        insulation.tsv,boundaries.tsv,tads.bed,compartments.tsv,qc.tsv}

HIC = f"{RESULTS}/hic/{{map}}/{{resolution}}"


rule import_map:
    """A contact map in the genome's chromosome names, balanced."""
    input:
        map=lambda wildcards: source(map_of(wildcards)),
        sizes=f"{RESULTS}/genome/chrom.sizes",
    output:
        map=f"{HIC}/map.cool",
    log:
        f"{RESULTS}/logs/import_map/{{map}}.{{resolution}}.log",
    conda:
        "../../envs/hic.yaml"
    threads: 4
    resources:
        mem_mb=memory(factor=4, least=4000),
        runtime=120,
    params:
        resolution=lambda wildcards: int(wildcards.resolution),
        # One dict: Snakemake does not see when two params swap their values.
        balance=config["hic"]["balance"],
        code=fingerprint("import_map"),
    script:
        "../scripts/import_map.py"


rule phasing_track:
    """GC content of each bin, or the TSS around it: what orients compartments."""
    input:
        unpack(phasing_source),
        map=f"{HIC}/map.cool",
    output:
        track=f"{HIC}/phasing_track.tsv",
    log:
        f"{RESULTS}/logs/phasing_track/{{map}}.{{resolution}}.log",
    conda:
        "../../envs/hic.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("phasing_track"),
    script:
        "../scripts/phasing_track.py"


rule expected:
    """Cis expected: mean balanced contact per distance."""
    input:
        map=f"{HIC}/map.cool",
    output:
        expected=f"{HIC}/expected.tsv",
    log:
        f"{RESULTS}/logs/expected/{{map}}.{{resolution}}.log",
    conda:
        "../../envs/hic.yaml"
    threads: 2
    resources:
        mem_mb=memory(factor=4, least=2000),
        runtime=60,
    params:
        code=fingerprint("expected"),
    script:
        "../scripts/expected.py"


rule insulation:
    """Diamond insulation scores, and the boundaries at the first window."""
    input:
        map=f"{HIC}/map.cool",
    output:
        insulation=f"{HIC}/insulation.tsv",
        boundaries=f"{HIC}/boundaries.tsv",
    log:
        f"{RESULTS}/logs/insulation/{{map}}.{{resolution}}.log",
    conda:
        "../../envs/hic.yaml"
    threads: 2
    resources:
        mem_mb=memory(factor=4, least=2000),
        runtime=60,
    params:
        windows=config["hic"]["insulation_windows"],
        tad_limit=config["hic"]["tad_limit"],
        code=fingerprint("insulation"),
    script:
        "../scripts/insulation.py"


rule tads:
    """TADs: intervals between successive boundaries."""
    input:
        insulation=f"{HIC}/insulation.tsv",
        boundaries=f"{HIC}/boundaries.tsv",
    output:
        tads=f"{HIC}/tads.bed",
    log:
        f"{RESULTS}/logs/tads/{{map}}.{{resolution}}.log",
    conda:
        "../../envs/hic.yaml"
    threads: 1
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        code=fingerprint("tads"),
    script:
        "../scripts/tads.py"


rule compartments:
    """Compartment eigenvectors of each chromosome, oriented by the phasing track."""
    input:
        map=f"{HIC}/map.cool",
        track=f"{HIC}/phasing_track.tsv",
    output:
        table=f"{HIC}/compartments.tsv",
    log:
        f"{RESULTS}/logs/compartments/{{map}}.{{resolution}}.log",
    conda:
        "../../envs/hic.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=20, least=2000),
        runtime=60,
    params:
        code=fingerprint("compartments"),
    script:
        "../scripts/compartments.py"


rule hic_qc:
    """Quality of a contact map and of its features."""
    input:
        map=f"{HIC}/map.cool",
        expected=f"{HIC}/expected.tsv",
        insulation=f"{HIC}/insulation.tsv",
        boundaries=f"{HIC}/boundaries.tsv",
        tads=f"{HIC}/tads.bed",
        compartments=f"{HIC}/compartments.tsv",
    output:
        qc=f"{HIC}/qc.tsv",
    log:
        f"{RESULTS}/logs/hic_qc/{{map}}.{{resolution}}.log",
    conda:
        "../../envs/hic.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        code=fingerprint("hic_qc"),
    script:
        "../scripts/hic_qc.py"
