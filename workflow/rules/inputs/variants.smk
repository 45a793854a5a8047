# what is scored for a run, by which of its fits, and what published models need

from foldcast.spex.run_settings import ALL, EXPECTO


def effect_feature_sets(wildcards):
    """The feature sets by which effects of variants are predicted, with the maps of each."""
    maps = run_of(wildcards)["maps"]
    each = {EXPECTO: []} | {name: [name] for name in maps}
    return each | ({ALL: maps} if len(maps) > 1 else {})


def effect_fits(wildcards):
    """Fits of these feature sets as feature set/model, in the order of the models of `model_files_of_effects`."""
    models = run_of(wildcards)["models"]
    return [
        f"{feature_set}/{model}"
        for feature_set in effect_feature_sets(wildcards)
        for model in models
    ]


def model_files_of_effects(wildcards):
    """Models, and the features that they were fitted to."""
    run, folder = run_of(wildcards), f"{RESULTS}/spex/{wildcards.run}"
    chroms = run["chromosomes"] if run["maps"] else []
    return {
        "contacts": [f"{folder}/contacts/{name}.h5" for name in run["maps"]],
        "local": [f"{folder}/local/{chrom}.h5" for chrom in run["chromosomes"]],
        "distal": [f"{folder}/distal/{chrom}.h5" for chrom in chroms],
        "models": [f"{folder}/fits/{fit}/models" for fit in effect_fits(wildcards)],
    }


def effect_files(wildcards):
    """Variants beside these: the user's, or random ones."""
    variants = run_of(wildcards)["variants"]
    drawn = f"{RESULTS}/variants/{wildcards.run}/background.vcf"
    own = {
        "variants": source(variants) if variants else [],
        "resolve": resolving_file(variants),
        "asked": asked_file(variants),
    }
    return {
        **({"variants": drawn} if wildcards.scored == "background" else own),
        **model_files_of_effects(wildcards),
    }


def effect_tables(run):
    """What a run has of effects: tables of their keys' names, and how they stand to random ones."""
    about = config["spex"][run]
    explained = about["explained"] and "linear" in about["models"]
    asked = {
        "variants": about["variants"],
        "variants_z": about["variants"] and about["background"]["per_bin"],
        "variant_outputs": about["variants"] and explained,
        "haplotypes": about["haplotypes"],
        "known_effects": about["known_effects"],
    }
    return [
        f"{RESULTS}/variants/{run}/{table}.tsv"
        for table, wanted in asked.items()
        if wanted
    ]


def linear_fits_of_effects(wildcards):
    """Those of `effect_fits` whose effects are sums over Beluga's outputs."""
    return [fit for fit in effect_fits(wildcards) if Path(fit).name == "linear"]


def files_of_explained(wildcards):
    """Variants, contacts, and the linear models."""
    run, folder = run_of(wildcards), f"{RESULTS}/spex/{wildcards.run}"
    return {
        "variants": source(run["variants"]) if run["variants"] else [],
        "resolve": resolving_file(run["variants"]),
        "contacts": [f"{folder}/contacts/{name}.h5" for name in run["maps"]],
        "models": [
            f"{folder}/fits/{fit}/models" for fit in linear_fits_of_effects(wildcards)
        ],
    }


def haplotypes_of(wildcards):
    haplotypes = run_of(wildcards)["haplotypes"]
    return source(haplotypes) if haplotypes else []


def known_effects_of(wildcards):
    known = run_of(wildcards)["known_effects"]
    return source(known) if known else []


def mutagenesis_of(wildcards):
    return run_of(wildcards)["mutagenesis"][wildcards.region]


def runs_with_variants():
    return [run for run, about in config["spex"].items() if about["variants"]]


def mutated_regions():
    """Every (run, region) whose bases are changed."""
    return [
        (name, one) for name, of in config["spex"].items() for one in of["mutagenesis"]
    ]


def resolving_file(variants):
    """The file with the places of ids, where there is one."""
    return source(variants["resolve"]) if variants and variants["resolve"] else []


def asked_file(variants):
    """The list of the genes that variants are asked about, where there is one."""
    return source(variants["genes"]) if variants and variants["genes"] else []


def published_of(wildcards):
    return config["published_models"][wildcards.published]


def published_files(wildcards):
    """Variants, genes and models; Beluga's differences, or what it needs to make them."""
    published = published_of(wildcards)
    genes, annotation = published["genes"], f"{RESULTS}/genome/annotation.tsv"
    files = {
        "variants": source(published["variants"]),
        "genes": source(genes) if genes else annotation,
        "models": published["models"],
        "differences": published["differences"],
        "resolve": resolving_file(published["variants"]),
    }
    if not published["differences"]:
        files |= {
            "sizes": f"{RESULTS}/genome/chrom.sizes",
            "fasta": genome_fasta(),
            "index": f"{genome_fasta()}.fai",
            "weights": beluga_weights(),
        }
    return files
