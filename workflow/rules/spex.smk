# spex: genome, TSS, Beluga, maps, expression per tissue → features, fits, comparison of maps
# reads  results/<name>/genome/{chrom.sizes,annotation.tsv}, hic/{map}/{resolution}/map.cool;
#        the genome's FASTA file and its .fai, Beluga's weights, tables of the config
# writes results/<name>/spex/{run}/{genes,expression,join,promoter}.tsv, thinned/{map}.cool,
#        contacts/{source}.h5, local/{chrom}.h5, distal/{chrom}.h5, fits/{feature_set}/{model}/...,
#        {scores,maps,contrasts,map_tissue,verdict}.tsv, predictions.tsv.gz,
#        predict/{genes,promoter}.tsv, predict/{contacts,local,distal}/...h5, predict/predictions.tsv.gz;
#        what Beluga computed, for every later run: resources/features/ (`beluga.cache`)
#
# {feature_set} is a set of features that is compared with others, {source} a map or its thinned copy; both
# are named in foldcast/spex/run_settings.py.

SPEX = f"{RESULTS}/spex/{{run}}"


rule spex_genes:
    """Genes of a run with their TSS, and their expression per tissue, joined by id."""
    input:
        unpack(spex_tables),
        sizes=f"{RESULTS}/genome/chrom.sizes",
    output:
        genes=f"{SPEX}/genes.tsv",
        expression=f"{SPEX}/expression.tsv",
        join=f"{SPEX}/join.tsv",
    log:
        f"{RESULTS}/logs/spex_genes/{{run}}.log",
    conda:
        "../../envs/spex.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=2000),
        runtime=30,
    params:
        chromosomes=lambda wildcards: run_of(wildcards)["chromosomes"],
        gene_type=lambda wildcards: run_of(wildcards)["gene_type"],
        tissues=lambda wildcards: run_of(wildcards)["tissues"],
        table=lambda wildcards: expression_options(run_of(wildcards)),
        code=fingerprint("spex/spex_genes"),
    script:
        "../scripts/spex/spex_genes.py"


rule promoter_features:
    """What can be known of a promoter without a network: CpG, GC, biotype, gene length."""
    input:
        genes=f"{SPEX}/genes.tsv",
        fasta=genome_fasta(),
        index=f"{genome_fasta()}.fai",
    output:
        promoter=f"{SPEX}/promoter.tsv",
    log:
        f"{RESULTS}/logs/promoter_features/{{run}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/promoter_features/{{run}}.tsv"
    conda:
        "../../envs/spex.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=0, least=2000),
        runtime=60,
    params:
        code=fingerprint("spex/promoter_features"),
    script:
        "../scripts/spex/promoter_features.py"


rule local_features:
    """Beluga's outputs over 40 kb around each TSS of a chromosome, weighted by distance."""
    input:
        genes=f"{SPEX}/genes.tsv",
        fasta=genome_fasta(),
        index=f"{genome_fasta()}.fai",
        weights=beluga_weights(),
    output:
        features=f"{SPEX}/local/{{chrom}}.h5",
    log:
        f"{RESULTS}/logs/local_features/{{run}}.{{chrom}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/local_features/{{run}}.{{chrom}}.tsv"
    conda:
        "../../envs/spex.yaml"
    # Chromosomes side by side are faster than threads; `--set-threads` changes that.
    threads: 1
    resources:
        mem_mb=beluga_memory,
        runtime=1440,
    params:
        options=beluga_options(),
        cache=feature_cache,
        tables=feature_tables,
        code=fingerprint("spex/local_features"),
    script:
        "../scripts/spex/local_features.py"


rule thin_map:
    """A map with as many contacts as the run's shallowest has."""
    input:
        map=lambda wildcards: spex_map(wildcards.run, wildcards.map),
        maps=spex_counted_maps,
    output:
        map=f"{SPEX}/thinned/{{map}}.cool",
    log:
        f"{RESULTS}/logs/thin_map/{{run}}.{{map}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/thin_map/{{run}}.{{map}}.tsv"
    conda:
        "../../envs/spex.yaml"
    threads: threads_of(2)
    resources:
        mem_mb=memory(factor=10, least=4000),
        runtime=120,
    params:
        balance=config["hic"]["balance"],
        code=fingerprint("spex/thin_map"),
    script:
        "../scripts/spex/thin_map.py"


rule tss_contacts:
    """The places that each TSS touches in a map, and what they are held against."""
    input:
        unpack(place_files),
        genes=f"{SPEX}/genes.tsv",
        map=contact_map_of,
    output:
        contacts=f"{SPEX}/contacts/{{source}}.h5",
    log:
        f"{RESULTS}/logs/tss_contacts/{{run}}.{{source}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/tss_contacts/{{run}}.{{source}}.tsv"
    conda:
        "../../envs/spex.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=10, least=2000),
        runtime=120,
    params:
        source=lambda wildcards: wildcards.source,
        contacts=contact_options,
        control_contacts=control_contacts,
        code=fingerprint("spex/tss_contacts"),
    script:
        "../scripts/spex/tss_contacts.py"


rule distal_features:
    """Beluga's outputs at the places that touch each TSS of a chromosome, for all maps at once."""
    input:
        unpack(distal_files),
        fasta=genome_fasta(),
        index=f"{genome_fasta()}.fai",
        weights=beluga_weights(),
    output:
        features=f"{SPEX}/distal/{{chrom}}.h5",
    log:
        f"{RESULTS}/logs/distal_features/{{run}}.{{chrom}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/distal_features/{{run}}.{{chrom}}.tsv"
    conda:
        "../../envs/spex.yaml"
    # Chromosomes side by side are faster than threads; `--set-threads` changes that.
    threads: 1
    resources:
        mem_mb=beluga_memory,
        runtime=2880,
    params:
        chrom=lambda wildcards: wildcards.chrom,
        beluga=beluga_options(),
        cache=feature_cache,
        tables=feature_tables,
        code=fingerprint("spex/distal_features"),
    script:
        "../scripts/spex/distal_features.py"


rule fit_spex:
    """A model of one feature set, for every tissue, seed and fold, and its predictions."""
    input:
        unpack(feature_set_features),
        genes=f"{SPEX}/genes.tsv",
        expression=f"{SPEX}/expression.tsv",
    output:
        predictions=f"{SPEX}/fits/{{feature_set}}/{{model}}/predictions.tsv",
        fit=f"{SPEX}/fits/{{feature_set}}/{{model}}/fit.tsv",
        models=directory(f"{SPEX}/fits/{{feature_set}}/{{model}}/models"),
    log:
        f"{RESULTS}/logs/fit_spex/{{run}}.{{feature_set}}.{{model}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/fit_spex/{{run}}.{{feature_set}}.{{model}}.tsv"
    conda:
        "../../envs/spex.yaml"
    threads: threads_of(4)
    resources:
        mem_mb=memory(factor=4, least=2000),
        runtime=1440,
    params:
        feature_set=lambda wildcards: wildcards.feature_set,
        maps=feature_set_maps,
        base=lambda wildcards: run_of(wildcards)["base"],
        kind=lambda wildcards: wildcards.model,
        options=lambda wildcards: run_of(wildcards)[wildcards.model],
        folds=fold_options,
        seeds=lambda wildcards: run_of(wildcards)["seeds"],
        code=fingerprint("spex/fit_spex"),
    script:
        "../scripts/spex/fit_spex.py"


rule score_spex:
    """Scores of every feature set, what is scored, and which map helps, held against its control contacts."""
    input:
        genes=f"{SPEX}/genes.tsv",
        expression=f"{SPEX}/expression.tsv",
        predictions=spex_predictions,
    output:
        scores=report(
            f"{SPEX}/scores.tsv",
            caption="../report/spex_scores.rst",
            category="6 Sequence",
            labels={"run": "{run}", "figure": "table of scores"},
        ),
        maps=f"{SPEX}/maps.tsv",
        contrasts=f"{SPEX}/contrasts.tsv",
        map_tissue=f"{SPEX}/map_tissue.tsv",
        predictions=f"{SPEX}/predictions.tsv.gz",
        verdict=report(
            f"{SPEX}/verdict.tsv",
            caption="../report/spex_verdict.rst",
            category="6 Sequence",
            labels={"run": "{run}", "figure": "verdict"},
        ),
    log:
        f"{RESULTS}/logs/score_spex/{{run}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/score_spex/{{run}}.tsv"
    conda:
        "../../envs/spex.yaml"
    threads: threads_of(4)
    resources:
        mem_mb=memory(factor=3, least=2000),
        runtime=120,
    params:
        fits=spex_fit_names,
        validated=validated_chromosomes,
        base=lambda wildcards: run_of(wildcards)["base"],
        maps=lambda wildcards: run_of(wildcards)["maps"],
        matched=lambda wildcards: run_of(wildcards)["matched"],
        table=label_options,
        locus_block=lambda wildcards: run_of(wildcards)["locus_block"],
        draws=lambda wildcards: run_of(wildcards)["draws"],
        bootstrap_seed=1,
        code=fingerprint("spex/score_spex"),
    script:
        "../scripts/spex/score_spex.py"


rule predicted_genes:
    """Genes without a label that are predicted: of the gene table, and TSS of the user's."""
    input:
        unpack(predicted_tables),
        labelled=f"{SPEX}/genes.tsv",
    output:
        genes=f"{SPEX}/predict/genes.tsv",
    log:
        f"{RESULTS}/logs/predicted_genes/{{run}}.log",
    conda:
        "../../envs/spex.yaml"
    threads: 1
    resources:
        mem_mb=2000,
        runtime=30,
    params:
        chromosomes=lambda wildcards: run_of(wildcards)["predict"]["chromosomes"],
        place=lambda wildcards: f"spex.{wildcards.run}.predict.chromosomes",
        gene_type=lambda wildcards: run_of(wildcards)["gene_type"],
        code=fingerprint("spex/predicted_genes"),
    script:
        "../scripts/spex/predicted_genes.py"


if any(run["predict"] and run["predict"]["genome"] for run in config["spex"].values()):

    use rule index_genome as index_predicted_genome with:
        input:
            fasta=lambda wildcards: predicted_genome(wildcards)["fasta"],
        output:
            index=f"{SPEX}/predict/genome.fai",
        log:
            f"{RESULTS}/logs/index_predicted_genome/{{run}}.log",


use rule promoter_features as predicted_promoter_features with:
    input:
        unpack(predicted_genome),
        genes=rules.predicted_genes.output.genes,
        like=f"{SPEX}/promoter.tsv",
    output:
        promoter=f"{SPEX}/predict/promoter.tsv",
    log:
        f"{RESULTS}/logs/predicted_promoter_features/{{run}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/predicted_promoter_features/{{run}}.tsv"


use rule local_features as predicted_local_features with:
    input:
        unpack(predicted_genome),
        genes=rules.predicted_genes.output.genes,
        weights=beluga_weights(),
    output:
        features=f"{SPEX}/predict/local/{{chrom}}.h5",
    log:
        f"{RESULTS}/logs/predicted_local_features/{{run}}.{{chrom}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/predicted_local_features/{{run}}.{{chrom}}.tsv"


use rule tss_contacts as predicted_tss_contacts with:
    input:
        unpack(place_files),
        genes=rules.predicted_genes.output.genes,
        map=contact_map_of,
    output:
        contacts=f"{SPEX}/predict/contacts/{{source}}.h5",
    log:
        f"{RESULTS}/logs/predicted_tss_contacts/{{run}}.{{source}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/predicted_tss_contacts/{{run}}.{{source}}.tsv"
    params:
        source=lambda wildcards: wildcards.source,
        contacts=contact_options,
        control_contacts={},
        code=fingerprint("spex/tss_contacts"),


use rule distal_features as predicted_distal_features with:
    input:
        unpack(predicted_distal_files),
        unpack(predicted_genome),
        weights=beluga_weights(),
    output:
        features=f"{SPEX}/predict/distal/{{chrom}}.h5",
    log:
        f"{RESULTS}/logs/predicted_distal_features/{{run}}.{{chrom}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/predicted_distal_features/{{run}}.{{chrom}}.tsv"


rule predict_genes:
    """Expression of genes without a label, by models that did not learn from them."""
    input:
        unpack(predicted_files),
        genes=rules.predicted_genes.output.genes,
        known=f"{SPEX}/genes.tsv",
    output:
        predictions=f"{SPEX}/predict/predictions.tsv.gz",
    log:
        f"{RESULTS}/logs/predict_genes/{{run}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/predict_genes/{{run}}.tsv"
    conda:
        "../../envs/spex.yaml"
    threads: 1
    resources:
        mem_mb=memory(factor=2, least=2000),
        runtime=240,
    params:
        chromosomes=lambda wildcards: run_of(wildcards)["predict"]["chromosomes"],
        feature_sets=predicted_feature_sets,
        fits=predicted_fits,
        tables=brought_sets,
        same_assembly=is_same_assembly,
        code=fingerprint("spex/predict_genes"),
    script:
        "../scripts/spex/predict_genes.py"
