# resources: URLs, checksums and the user's files → genome and annotation
# reads  genome of the config; DOWNLOADS (every URL of the config); FOLDCAST_MIRROR
# writes resources/files/{key}/{basename}; resources/unpacked/{key}/{basename} and the .fai of the
#        FASTA file; results/<name>/genome/{chrom.sizes,annotation.tsv}


rule fetch:
    """One file by URL and checksum, from the mirror or the network."""
    output:
        file="resources/files/{key}/{basename}",
    log:
        f"{RESULTS}/logs/fetch/{{key}}.{{basename}}.log",
    wildcard_constraints:
        key="[0-9a-f]{16}",
        basename="[^/]+",
    retries: 0
    conda:
        "../../envs/resources.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=480,
    params:
        # A function of the input is not recorded, nor printed when it changes: it may hold a password.
        url=lambda w, input: DOWNLOADS[(w.key, w.basename)]["url"],
        public_url=lambda w: public(DOWNLOADS[(w.key, w.basename)]["url"]),
        # No fingerprint: the checksum says what the file is, whichever code fetched it.
        checksum=lambda w: DOWNLOADS[(w.key, w.basename)]["checksum"],
    script:
        "../scripts/resources/fetch.py"


rule chromosome_sizes:
    """Names and lengths of the genome's chromosomes."""
    input:
        sizes=source(config["genome"]["sizes"]) if config["genome"]["sizes"] else [],
    output:
        sizes=f"{RESULTS}/genome/chrom.sizes",
    log:
        f"{RESULTS}/logs/chromosome_sizes/chrom.sizes.log",
    conda:
        "../../envs/resources.yaml"
    threads: 1
    resources:
        mem_mb=500,
        runtime=10,
    params:
        assembly=config["genome"]["assembly"],
        code=fingerprint("resources/chromosome_sizes"),
    script:
        "../scripts/resources/chromosome_sizes.py"


if config["genome"]["annotation"]:

    rule import_annotation:
        """Genes with one locus each, on the genome's chromosomes."""
        input:
            annotation=source(config["genome"]["annotation"]),
            aliases=(
                source(config["genome"]["aliases"])
                if config["genome"]["aliases"]
                else []
            ),
            sizes=f"{RESULTS}/genome/chrom.sizes",
        output:
            annotation=f"{RESULTS}/genome/annotation.tsv",
        log:
            f"{RESULTS}/logs/import_annotation/annotation.log",
        conda:
            "../../envs/resources.yaml"
        threads: 1
        resources:
            mem_mb=memory(factor=3, least=2000),
            runtime=30,
        params:
            format=config["genome"]["annotation"]["format"],
            alias_format=(config["genome"]["aliases"] or {}).get("format"),
            code=fingerprint("resources/import_annotation"),
        script:
            "../scripts/resources/import_annotation.py"


if config["genome"]["fasta"]:

    if genome_fasta() != source(config["genome"]["fasta"]):

        rule unpack:
            """The FASTA file unpacked: gzip gives no random access."""
            input:
                packed=source(config["genome"]["fasta"]),
            output:
                fasta=genome_fasta(),
            log:
                f"{RESULTS}/logs/unpack/genome.log",
            conda:
                "../../envs/resources.yaml"
            threads: 1
            resources:
                mem_mb=memory(factor=0, least=500),
                runtime=60,
            params:
                code=fingerprint("resources/unpack"),
            script:
                "../scripts/resources/unpack.py"

    rule index_genome:
        """The FASTA file's index, made once: several processes at a time would spoil it."""
        input:
            fasta=genome_fasta(),
        output:
            index=f"{genome_fasta()}.fai",
        log:
            f"{RESULTS}/logs/index_genome/genome.log",
        conda:
            "../../envs/resources.yaml"
        threads: 1
        resources:
            mem_mb=memory(factor=0, least=1000),
            runtime=60,
        params:
            code=fingerprint("resources/index_genome"),
        script:
            "../scripts/resources/index_genome.py"
