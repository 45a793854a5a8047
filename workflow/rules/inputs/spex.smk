# files and options of a run, and the fits of its feature sets

from foldcast.spex.run_settings import ALL, EXPECTO, PROMOTER
from foldcast.spex.run_settings import feature_sets, contact_sources, counted_maps
from foldcast.spex.run_settings import predicted_by

PLACES = ("signal", "enhancers")  # files that say how active places are


def run_of(wildcards):
    return config["spex"][wildcards.run]


def beluga_weights():
    return source(config["beluga"]["weights"]) if config["beluga"]["weights"] else []


def beluga_options():
    """How the network reads."""
    keys = ("reverse_complement", "precision", "memory_mb")
    return {key: config["beluga"][key] for key in keys}


# Where features are found changes none of them. So that it makes no rule stale it is a function of
# the input, which Snakemake does not compare.
def feature_cache(wildcards, input):
    return config["beluga"]["cache"]


def feature_tables(wildcards, input):
    return config["beluga"]["tables"]


def beluga_memory(wildcards, input, attempt):
    """Memory in MB: the network, what it works in, and the features of a chromosome's genes."""
    return int((config["beluga"]["memory_mb"] + 4000) * 2 ** (attempt - 1))


def spex_tables(wildcards):
    """Genes and expression of a run, and the table that joins their ids where there is one."""
    run = run_of(wildcards)
    genes = source(run["genes"]) if run["genes"] else f"{RESULTS}/genome/annotation.tsv"
    tables = {"genes": genes, "expression": source(run["expression"])}
    if config["genome"]["annotation"]:
        tables["annotation"] = f"{RESULTS}/genome/annotation.tsv"  # for lengths
    if run["expression"]["ids"]:
        tables["ids"] = source(run["expression"]["ids"])
    return tables


def expression_options(run):
    """How a run's table of expression is written, but for where."""
    table = run["expression"]
    return {key: table[key] for key in ("id", "id_column", "values", "pseudocount")}


def label_options(wildcards):
    """What makes a value of a run's table a label, and from where on a gene is expressed."""
    table = run_of(wildcards)["expression"]
    return {key: table[key] for key in ("values", "pseudocount", "expressed")}


def spex_map(run, name):
    return f"{RESULTS}/hic/{name}/{config['spex'][run]['resolution']}/map.cool"


def spex_counted_maps(wildcards):
    """The maps whose depths are matched."""
    counted = counted_maps(run_of(wildcards), config["maps"])
    return [spex_map(wildcards.run, name) for name in counted]


def contact_map_of(wildcards):
    """A map, or its thinned copy."""
    name, _, thinned = wildcards.source.partition("+")
    if thinned:
        return f"{RESULTS}/spex/{wildcards.run}/thinned/{name}.cool"
    return spex_map(wildcards.run, name)


def contact_options(wildcards):
    """How places are taken from a map, but for the files that say how active they are."""
    contacts = run_of(wildcards)["contacts"]
    return {key: value for key, value in contacts.items() if key not in PLACES}


def place_files(wildcards):
    """What says how active places are: a signal, a list of enhancers."""
    contacts = run_of(wildcards)["contacts"]
    return {one: source(contacts[one]) for one in PLACES if contacts[one]}


def control_contacts(wildcards):
    """Kinds and seeds of a map's control contacts; a thinned map is one itself and has none."""
    if "+" in wildcards.source:
        return {}
    controls = run_of(wildcards)["control_contacts"]
    kinds = [kind for kind in controls["kinds"] if kind in ("shuffled", "expected")]
    return {"kinds": kinds, "seeds": controls["seeds"]} if kinds else {}


def distal_files(wildcards):
    """Contacts of all maps of a run; local sums where these stand in for missing contacts."""
    run, folder = run_of(wildcards), f"{RESULTS}/spex/{wildcards.run}"
    sources = contact_sources(run, config["maps"])
    files = {"contacts": [f"{folder}/contacts/{name}.h5" for name in sources]}
    if run["contacts"]["without"] == "local":
        files["local"] = f"{folder}/local/{wildcards.chrom}.h5"
    return files


def brought_files(entry):
    """A user's table of features, and the list of its genes where it is an array."""
    return [source(entry), *([source(entry["genes"])] if entry["genes"] else [])]


def feature_set_features(wildcards):
    """The files that hold a feature set's features, by kind."""
    run, folder = run_of(wildcards), f"{RESULTS}/spex/{wildcards.run}"
    kind, _, name = wildcards.feature_set.partition("+")
    if wildcards.feature_set == PROMOTER or kind == "features":
        return base_files(wildcards.feature_set, wildcards)
    if run["base"] != EXPECTO:
        sources = run["maps"] if kind == ALL else [kind]
        sources = [wildcards.feature_set] if name == "depth" else sources
        contacts = [f"{folder}/contacts/{one}.h5" for one in sources]
        return base_files(run["base"], wildcards) | {"contacts": contacts}
    alone = wildcards.feature_set == EXPECTO or name.startswith(("degree", "random"))
    files = {
        part: [f"{folder}/{part}/{chrom}.h5" for chrom in run["chromosomes"]]
        for part in (["local"] if alone else ["local", "distal"])
    }
    if name == "degree":
        files["contacts"] = [f"{folder}/contacts/{kind}.h5"]
    return files


def base_files(base, wildcards):
    """The files of what needs no network, or of a user's table."""
    if base == PROMOTER:
        return {"promoter": f"{RESULTS}/spex/{wildcards.run}/promoter.tsv"}
    name = base.partition("+")[2]
    return {"features": brought_files(run_of(wildcards)["features"][name])}


def feature_set_maps(wildcards):
    """The maps of the feature set that has all of them; a feature set's own map is in its name."""
    return run_of(wildcards)["maps"] if wildcards.feature_set == ALL else []


def fold_options(wildcards):
    """What is held out, and what training is stopped on."""
    keys = ("hold_out", "test", "validation", "chromosomes")
    return {key: run_of(wildcards)[key] for key in keys}


def validated_chromosomes(wildcards):
    """The chromosomes that every fit of a run is validated on; none where each is held out once."""
    run = run_of(wildcards)
    return run["validation"] if run["hold_out"] == "fixed" else []


def spex_fits(run):
    """Every (feature set, model) of a run."""
    settings = config["spex"][run]
    return [
        (feature_set, model)
        for feature_set in feature_sets(settings, config["maps"])
        for model in settings["models"]
    ]


def spex_fit_names(wildcards):
    """Every fit of a run as feature set/model, in the order of `spex_predictions`."""
    return ["/".join(fit) for fit in spex_fits(wildcards.run)]


def spex_predictions(wildcards):
    return [
        f"{RESULTS}/spex/{wildcards.run}/fits/{feature_set}/{model}/predictions.tsv"
        for feature_set, model in spex_fits(wildcards.run)
    ]


def predicted_genome(wildcards):
    """The sequence in which genes without a label are, and its index."""
    genome = run_of(wildcards)["predict"]["genome"]
    if genome:
        index = f"{RESULTS}/spex/{wildcards.run}/predict/genome.fai"
        return {"fasta": source(genome["fasta"]), "index": index}
    return {"fasta": genome_fasta(), "index": f"{genome_fasta()}.fai"}


def predicted_tables(wildcards):
    """The gene table where its genes are predicted, and the TSS of the user's."""
    predict, tables = run_of(wildcards)["predict"], spex_tables(wildcards)
    asked = ["genes", "annotation"] if predict["genes"] else []
    files = {key: tables[key] for key in asked if key in tables}
    if predict["genome"]:
        sizes = predicted_genome(wildcards)["index"]
    else:
        sizes = f"{RESULTS}/genome/chrom.sizes"
    files["tss"] = source(predict["tss"]) if predict["tss"] else []
    return files | {"sizes": sizes}


def predicted_distal_files(wildcards):
    """As of `distal_files`, for genes without a label."""
    run, folder = run_of(wildcards), f"{RESULTS}/spex/{wildcards.run}/predict"
    files = {"contacts": [f"{folder}/contacts/{name}.h5" for name in run["maps"]]}
    if run["contacts"]["without"] == "local":
        files["local"] = f"{folder}/local/{wildcards.chrom}.h5"
    return files


def predicted_feature_sets(wildcards):
    """The feature sets that predict genes without a label, with the maps of each."""
    run = run_of(wildcards)
    maps = run["maps"]
    with_maps = {name: [name] for name in maps} | {ALL: maps}
    return {
        name: with_maps.get(name, [])
        for name in predicted_by(run, config["genome"]["assembly"])
    }


def predicted_fits(wildcards):
    """Fits of these feature sets as feature set/model, in the order of their models."""
    models = run_of(wildcards)["models"]
    return [
        f"{one}/{model}"
        for one in predicted_feature_sets(wildcards)
        for model in models
    ]


def brought_sets(wildcards):
    """Those of these feature sets that are tables of the user's, and how many files each is."""
    features = run_of(wildcards)["features"]
    return {
        one: len(brought_files(features[one.partition("+")[2]]))
        for one in predicted_feature_sets(wildcards)
        if one.startswith("features+")
    }


def predicted_files(wildcards):
    """Features of genes without a label, and the models that predict them."""
    run, folder = run_of(wildcards), f"{RESULTS}/spex/{wildcards.run}"
    sets, chroms = predicted_feature_sets(wildcards), run["predict"]["chromosomes"]
    read = [one for one in sets if one != PROMOTER and not one.startswith("features+")]
    distal = chroms if any(sets.values()) else []
    return {
        "local": [f"{folder}/predict/local/{chrom}.h5" for chrom in chroms if read],
        "known_local": [
            f"{folder}/local/{chrom}.h5" for chrom in run["chromosomes"] if read
        ],
        "distal": [f"{folder}/predict/distal/{chrom}.h5" for chrom in distal],
        "promoter": f"{folder}/predict/promoter.tsv" if PROMOTER in sets else [],
        "features": [
            path
            for one in brought_sets(wildcards)
            for path in brought_files(run["features"][one.partition("+")[2]])
        ],
        "models": [f"{folder}/fits/{fit}/models" for fit in predicted_fits(wildcards)],
    }


def is_same_assembly(wildcards):
    """Whether genes without a label are in the assembly of the run's own."""
    genome = run_of(wildcards)["predict"]["genome"]
    return not genome or genome["assembly"] == config["genome"]["assembly"]
