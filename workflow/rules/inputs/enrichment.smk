# gene sets, tables of names and the genes of a panel

from foldcast.enrichment.gene_set_settings import genome_species, names_for
from foldcast.spex.run_settings import EXPECTO, feature_sets


def gene_set_files():
    """The GMT file of each collection of gene sets."""
    return [
        (
            f"resources/enrichr/{entry['enrichr']}.gmt"
            if entry["enrichr"]
            else source(entry)
        )
        for entry in config["enrichment"]["sets"].values()
    ]


def gene_set_options():
    """How each collection calls its genes, and by which table of names they are found."""
    return {
        name: {
            "identifiers": entry["identifiers"],
            "ignore_case": entry["ignore_case"],
            "names": names_for(entry, config),
            "foreign": entry["species"] is not None,
        }
        for name, entry in config["enrichment"]["sets"].items()
    }


def name_species():
    """The species whose tables of names are read."""
    return sorted({of["names"] for of in gene_set_options().values()} - {None})


def given_names():
    """Those of them whose table the config has."""
    if "enrichment" not in config["stages"]:
        return []
    return [one for one in name_species() if one in config["enrichment"]["names"]]


def name_tables(wildcards):
    """Tables of names: those of the config, or what mygene.info answers."""
    given = config["enrichment"]["names"]
    asked = f"{RESULTS}/enrichment/{wildcards.kind}/{wildcards.of}/orthologs"
    return [
        source(given[species]) if species in given else f"{asked}.{species}.tsv"
        for species in name_species()
    ]


def panel_files(wildcards):
    """The genes that were measured, and their symbols."""
    if wildcards.kind == "spex":
        genes = f"{RESULTS}/spex/{wildcards.of}/genes.tsv"
        return {"panel": genes, "loci": genes}
    folder = f"{RESULTS}/expression/{wildcards.of}"
    return {"panel": f"{folder}/course.tsv", "loci": f"{folder}/loci.tsv"}


def panel_annotation(wildcards):
    """The annotation that the symbols are from."""
    if wildcards.kind != "spex" and config["datasets"][wildcards.of]["interactions"]:
        return given_in(wildcards.of, "annotation.tsv")
    if not config["genome"]["annotation"]:
        return []
    return f"{RESULTS}/genome/annotation.tsv"


def ranked_forecast(wildcards):
    """Graph and model of the forecasts by which genes are ranked: of a network on the graph that is
    named, or of the dataset's forecast."""
    if wildcards.kind == "forecast":
        return "-", wildcards.by
    return wildcards.by, dataset_of(wildcards)["model"]


def ranked_forecasts(wildcards):
    """Their tables."""
    if wildcards.kind == "forecast":
        return [f"{RESULTS}/evaluation/{wildcards.dataset}/baselines.tsv"]
    return step_outputs(wildcards.dataset, wildcards.by, "forecasts.tsv")


def change_ahead(wildcards):
    """What is forecast beyond the data, where something is."""
    graph, model = ranked_forecast(wildcards)
    if not forecasts_future(wildcards.dataset, graph):
        return []
    return future_path(wildcards.dataset, graph, model, "ahead.tsv")


def gain_fits(wildcards):
    """The fits that tell what a map adds: with and without it, as feature_set/model."""
    models = run_of(wildcards)["models"]
    return [
        f"{feature_set}/{model}"
        for feature_set in (run_of(wildcards)["base"], wildcards.map)
        for model in models
    ]


def gain_predictions(wildcards):
    folder = f"{RESULTS}/spex/{wildcards.run}/fits"
    return [f"{folder}/{fit}/predictions.tsv" for fit in gain_fits(wildcards)]


def mark_feature_sets(wildcards):
    """A map, and its control contacts with shuffled partners."""
    shuffled = f"{wildcards.map}+shuffled"
    names = feature_sets(run_of(wildcards), config["maps"])
    return [wildcards.map, *(name for name in names if name.startswith(shuffled))]


def mark_fits(wildcards):
    models = run_of(wildcards)["models"]
    return [
        f"{feature_set}/{model}"
        for feature_set in mark_feature_sets(wildcards)
        for model in models
    ]


def mark_models(wildcards):
    folder = f"{RESULTS}/spex/{wildcards.run}/fits"
    return [f"{folder}/{fit}/models" for fit in mark_fits(wildcards)]


def distal_blocks(wildcards):
    """Distal features of a run, by chromosome."""
    folder = f"{RESULTS}/spex/{wildcards.run}/distal"
    return [f"{folder}/{chrom}.h5" for chrom in run_of(wildcards)["chromosomes"]]


def output_names():
    """The table of the names of Beluga's outputs, where there is one."""
    given = config["enrichment"]["outputs"]
    return source(given) if given else []


def enrichment_remark(wildcards):
    """What else must be said of every result."""
    if wildcards.kind == "spex" or config["datasets"][wildcards.of]["nodes"] == "gene":
        return ""
    return (
        " The nodes are target genes, known by the load of the miRNAs that regulate them: this is"
        " about what regulates them and not about their own expression, and genes with the same"
        " miRNAs are alike, which makes p-values too small."
    )
