# variants: variants, haplotypes and regions, and a run's fits → effects on predicted expression
# reads  results/<name>/spex/{run}/{genes.tsv,contacts/,local/,distal/,fits/}, genome/{chrom.sizes,annotation.tsv};
#        the genome's FASTA file and its .fai, Beluga's weights, variants and lists of the config
# writes results/<name>/variants/{run}/{variants,haplotypes}{,_skipped}.tsv, background.{vcf,tsv},
#        variants_z.tsv, variant_outputs.tsv, known_effects.tsv, known_effect_pairs.tsv,
#        mutagenesis/{region}/effects.{tsv,h5}; results/<name>/published/{published}/effects.tsv

VARIANTS = f"{RESULTS}/variants/{{run}}"


rule variant_effects:
    """Effects of variants, or of random ones, on the predicted expression of genes that read them."""
    input:
        unpack(effect_files),
        genes=f"{SPEX}/genes.tsv",
        sizes=f"{RESULTS}/genome/chrom.sizes",
        fasta=genome_fasta(),
        index=f"{genome_fasta()}.fai",
        weights=beluga_weights(),
    output:
        variants=f"{VARIANTS}/{{scored}}.tsv",
        skipped=f"{VARIANTS}/{{scored}}_skipped.tsv",
    log:
        f"{RESULTS}/logs/variant_effects/{{run}}.{{scored}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/variant_effects/{{run}}.{{scored}}.tsv"
    conda:
        "../../envs/variants.yaml"
    threads: threads_of(2)
    resources:
        mem_mb=beluga_memory,
        runtime=1440,
    params:
        chromosomes=lambda wildcards: run_of(wildcards)["chromosomes"],
        strict=lambda wildcards: bool(
            (run_of(wildcards)["variants"] or {}).get("strict")
        ),
        feature_sets=effect_feature_sets,
        fits=effect_fits,
        beluga=beluga_options(),
        code=fingerprint("variants/variant_effects"),
    script:
        "../scripts/variants/variant_effects.py"


rule draw_background:
    """Random variants of a run that effects are held against."""
    input:
        contacts=lambda wildcards: model_files_of_effects(wildcards)["contacts"],
        genes=f"{SPEX}/genes.tsv",
        fasta=genome_fasta(),
        index=f"{genome_fasta()}.fai",
    output:
        background=f"{VARIANTS}/background.vcf",
    log:
        f"{RESULTS}/logs/draw_background/{{run}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/draw_background/{{run}}.tsv"
    conda:
        "../../envs/variants.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=2000),
        runtime=60,
    params:
        chromosomes=lambda wildcards: run_of(wildcards)["chromosomes"],
        per_bin=lambda wildcards: run_of(wildcards)["background"]["per_bin"],
        seed=lambda wildcards: run_of(wildcards)["background"]["seed"],
        code=fingerprint("variants/draw_background"),
    script:
        "../scripts/variants/draw_background.py"


rule standardise_effects:
    """Effects of variants beside those of random ones: z, and how many are as large."""
    input:
        effects=f"{VARIANTS}/variants.tsv",
        background=f"{VARIANTS}/background.tsv",
    output:
        standardised=f"{VARIANTS}/variants_z.tsv",
    log:
        f"{RESULTS}/logs/standardise_effects/{{run}}.log",
    conda:
        "../../envs/variants.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=2000),
        runtime=60,
    params:
        code=fingerprint("variants/standardise_effects"),
    script:
        "../scripts/variants/standardise_effects.py"


rule explain_effects:
    """Of the largest effects, which of Beluga's outputs change, and which of them drive them."""
    input:
        unpack(files_of_explained),
        effects=f"{VARIANTS}/variants.tsv",
        names=lambda wildcards: output_names(),
        genes=f"{SPEX}/genes.tsv",
        sizes=f"{RESULTS}/genome/chrom.sizes",
        fasta=genome_fasta(),
        index=f"{genome_fasta()}.fai",
        weights=beluga_weights(),
    output:
        outputs=f"{VARIANTS}/variant_outputs.tsv",
    log:
        f"{RESULTS}/logs/explain_effects/{{run}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/explain_effects/{{run}}.tsv"
    conda:
        "../../envs/variants.yaml"
    threads: threads_of(2)
    resources:
        mem_mb=beluga_memory,
        runtime=240,
    params:
        strongest=lambda wildcards: run_of(wildcards)["explained"],
        feature_sets=effect_feature_sets,
        fits=linear_fits_of_effects,
        beluga=beluga_options(),
        code=fingerprint("variants/explain_effects"),
    script:
        "../scripts/variants/explain_effects.py"


rule haplotype_effects:
    """Effects of several variants at once, as they are on one copy of a chromosome."""
    input:
        unpack(model_files_of_effects),
        haplotypes=haplotypes_of,
        asked=lambda wildcards: asked_file(run_of(wildcards)["haplotypes"]),
        genes=f"{SPEX}/genes.tsv",
        sizes=f"{RESULTS}/genome/chrom.sizes",
        fasta=genome_fasta(),
        index=f"{genome_fasta()}.fai",
        weights=beluga_weights(),
    output:
        effects=f"{VARIANTS}/haplotypes.tsv",
        skipped=f"{VARIANTS}/haplotypes_skipped.tsv",
    log:
        f"{RESULTS}/logs/haplotype_effects/{{run}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/haplotype_effects/{{run}}.tsv"
    conda:
        "../../envs/variants.yaml"
    threads: threads_of(2)
    resources:
        mem_mb=beluga_memory,
        runtime=1440,
    params:
        samples=lambda wildcards: run_of(wildcards)["haplotypes"]["samples"],
        strict=lambda wildcards: run_of(wildcards)["haplotypes"]["strict"],
        chromosomes=lambda wildcards: run_of(wildcards)["chromosomes"],
        feature_sets=effect_feature_sets,
        fits=effect_fits,
        beluga=beluga_options(),
        code=fingerprint("variants/haplotype_effects"),
    script:
        "../scripts/variants/haplotype_effects.py"


rule score_known_effects:
    """Predicted effects of variants held against known ones: signs, and which have one at all."""
    input:
        known=known_effects_of,
        variants=f"{VARIANTS}/variants.tsv",
        genes=f"{SPEX}/genes.tsv",
        sizes=f"{RESULTS}/genome/chrom.sizes",
        fasta=genome_fasta(),
        index=f"{genome_fasta()}.fai",
    output:
        scores=f"{VARIANTS}/known_effects.tsv",
        pairs=f"{VARIANTS}/known_effect_pairs.tsv",
    log:
        f"{RESULTS}/logs/score_known_effects/{{run}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/score_known_effects/{{run}}.tsv"
    conda:
        "../../envs/variants.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=2000),
        runtime=60,
    params:
        locus_block=lambda wildcards: run_of(wildcards)["locus_block"],
        draws=lambda wildcards: run_of(wildcards)["draws"],
        bootstrap_seed=1,
        code=fingerprint("variants/score_known_effects"),
    script:
        "../scripts/variants/score_known_effects.py"


rule mutate_region:
    """Every base of a region changed to every other: what that does to a gene's expression."""
    input:
        unpack(model_files_of_effects),
        genes=f"{SPEX}/genes.tsv",
        sizes=f"{RESULTS}/genome/chrom.sizes",
        fasta=genome_fasta(),
        index=f"{genome_fasta()}.fai",
        weights=beluga_weights(),
    output:
        effects=f"{VARIANTS}/mutagenesis/{{region}}/effects.tsv",
        matrix=f"{VARIANTS}/mutagenesis/{{region}}/effects.h5",
    log:
        f"{RESULTS}/logs/mutate_region/{{run}}.{{region}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/mutate_region/{{run}}.{{region}}.tsv"
    conda:
        "../../envs/variants.yaml"
    threads: threads_of(2)
    resources:
        mem_mb=beluga_memory,
        runtime=1440,
    params:
        gene=lambda wildcards: mutagenesis_of(wildcards)["gene"],
        region=lambda wildcards: mutagenesis_of(wildcards)["region"],
        place=lambda wildcards: f"spex.{wildcards.run}.mutagenesis.{wildcards.region}",
        chromosomes=lambda wildcards: run_of(wildcards)["chromosomes"],
        feature_sets=effect_feature_sets,
        fits=effect_fits,
        beluga=beluga_options(),
        code=fingerprint("variants/mutate_region"),
    script:
        "../scripts/variants/mutate_region.py"


rule published_effects:
    """Effects of variants on expression by ExPecto's published models; nothing is trained."""
    input:
        unpack(published_files),
    output:
        effects=f"{RESULTS}/published/{{published}}/effects.tsv",
        skipped=f"{RESULTS}/published/{{published}}/skipped.tsv",
    log:
        f"{RESULTS}/logs/published_effects/{{published}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/published_effects/{{published}}.tsv"
    conda:
        "../../envs/variants.yaml"
    threads: threads_of(2)
    resources:
        mem_mb=beluga_memory,
        runtime=1440,
    params:
        genes=lambda wildcards: published_of(wildcards)["choice"],
        strict=lambda wildcards: published_of(wildcards)["variants"]["strict"],
        windows=lambda wildcards: published_of(wildcards)["windows"],
        beluga=beluga_options(),
        code=fingerprint("variants/published_effects"),
    script:
        "../scripts/variants/published_effects.py"
