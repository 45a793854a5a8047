# which files of a dataset are read, and how


def dataset_of(wildcards):
    return config["datasets"][wildcards.dataset]


def asks_for_names(dataset):
    """Whether mygene.info is asked about the names of a dataset."""
    return config["names"]["resolver"] != "annotation" and dataset["nodes"] != "mirna"


def name_answers(wildcards):
    """What mygene.info answered, where the config asks it."""
    if not asks_for_names(dataset_of(wildcards)):
        return []
    return f"{RESULTS}/expression/{wildcards.dataset}/mygene.json"


def target_list(wildcards):
    """The list of miRNA targets, where genes are known by the miRNAs that regulate them."""
    dataset = dataset_of(wildcards)
    return source(dataset["targets"]) if dataset["nodes"] == "target" else []


def target_rule(dataset):
    """What the config says of the targets, but for the file itself."""
    if dataset["nodes"] != "target":
        return None
    file = ("path", "url", "checksum")
    return {key: value for key, value in dataset["targets"].items() if key not in file}


def given_in(dataset, file):
    """What rule unfold_interactions makes of a dataset's table of interactions."""
    return f"{RESULTS}/expression/{dataset}/given/{file}"


def expression_table(wildcards):
    """The dataset's expression table, or the one in its table of interactions."""
    if dataset_of(wildcards)["interactions"]:
        return given_in(wildcards.dataset, "table.tsv")
    return source(dataset_of(wildcards)["expression"])


def sample_sheet(wildcards):
    if dataset_of(wildcards)["interactions"]:
        return given_in(wildcards.dataset, "samples.tsv")
    return dataset_of(wildcards)["samples"]


def annotation_of(wildcards):
    """The genome's genes, or those of the dataset's table of interactions."""
    if dataset_of(wildcards)["interactions"]:
        return given_in(wildcards.dataset, "annotation.tsv")
    return f"{RESULTS}/genome/annotation.tsv"


def name_source(wildcards):
    """The file of the user's that the names of the genes are from, for messages."""
    dataset = dataset_of(wildcards)
    if dataset["interactions"]:
        return source(dataset["interactions"])
    return target_list(wildcards) or expression_table(wildcards)


def merged_rows(wildcards):
    """The report that says which rows are one gene, where the config asks to merge them."""
    dataset = dataset_of(wildcards)
    if dataset["duplicates"] == "keep" or dataset["nodes"] == "mirna":
        return []
    return f"{RESULTS}/expression/{wildcards.dataset}/resolution_report.tsv"
