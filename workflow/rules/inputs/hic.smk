# the files of a map, and what orients its compartments


def map_of(wildcards):
    return config["maps"][wildcards.map]


def map_file_names(name):
    """What each file of a map is of: a chromosome or a model; a single file's own name is `map`."""
    return [str(part) for part in config["maps"][name]["files"] or ["map"]]


def map_sources(name):
    """The files of a map: one, or one per chromosome or model."""
    entry = config["maps"][name]
    return [source(file) for file in (entry["files"] or {"map": entry}).values()]


def map_options(name):
    """How a map is written, but for where."""
    keys = ("format", "bin_size", "label", "score_column", "exponent")
    return {key: config["maps"][name][key] for key in keys}


def phasing_source(wildcards):
    """The sequence where the config gives one, else the genes."""
    if config["genome"]["fasta"]:
        return {"fasta": genome_fasta(), "index": f"{genome_fasta()}.fai"}
    return {"annotation": f"{RESULTS}/genome/annotation.tsv"}


def centromere_source(wildcards):
    """The file of centromeres that the config gives."""
    given = config["genome"]["centromeres"]
    return {"centromeres": source(given)} if given else {}
