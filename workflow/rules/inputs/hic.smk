# the files of a map, and what orients its compartments


def map_of(wildcards):
    return config["maps"][wildcards.map]


def map_file_names(name):
    """What each file of a map is of: a chromosome or a model; a single file's own name is `map`."""
    return [str(part) for part in map_entries(name)]


def map_sources(name):
    """The files of a map: one, one per chromosome or model, or a matrix and its bins."""
    return [source(entry) for entry in map_entries(name).values()]


def map_entries(name):
    """Entries of the config by the name of the file."""
    entry = config["maps"][name]
    bins = {"bins": entry["bins"]} if entry["bins"] else {}
    return entry["files"] or {"map": entry} | bins


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
