# common: the checked config, downloads and memory; what a stage reads is in inputs/<stage>.smk

import gc
import os

from foldcast.config.config_checks import (
    check_files,
    check_folders,
    given_files,
    settle,
    sources,
)
from foldcast.config.config_schema import load_schema, validate
from foldcast.errors import InputError, together
from foldcast.expression.sample_sheets import read_samples
from foldcast.fingerprint import content_hash, fingerprint, keep_parsed
from foldcast.graph.published_interactions import time_course_sheet
from foldcast.graph.map_times import NO_MAP, maps_at
from foldcast.public_text import public
from foldcast.resources.download_keys import resource_key, resource_name

# A large DAG is many objects that stay to the end; to look through them for some that may go took a
# tenth of a start.
gc.set_threshold(100_000, 20, 20)

keep_parsed(Path(".snakemake/foldcast/modules.json"))

CONFIGFILES = ", ".join(map(str, workflow.configfiles)) or "config"


def refuse(error):
    """End with the message alone: a WorkflowError would add a trail through our own files."""
    sys.exit(f"Error: {error}")


try:
    validate(
        config,
        load_schema(WORKFLOW / "schemas/config.schema.yaml"),
        CONFIGFILES,
    )
    config.update(paths_of(config, CHECKOUT))
    settle(config, CONFIGFILES)
    with together() as attempt:
        attempt(check_files, config, CONFIGFILES)
        attempt(check_folders, f"results/{config['name']}")
        SAMPLES = {
            name: (
                attempt(read_samples, dataset["samples"], dataset["arm"])
                if dataset["samples"]
                else attempt(time_course_sheet, dataset["interactions"]["path"])
            )
            for name, dataset in config["datasets"].items()
        }
    for name, dataset in config["datasets"].items():
        for graph in dataset["graphs"]:
            maps = {
                one: config["maps"][one]["time"]
                for one in config["graphs"][graph]["maps"]
            }
            if maps:
                times = sorted(SAMPLES[name]["time"].unique())
                place = f"graphs.{graph}.maps, dataset {name}"
                maps_at(times, maps, CONFIGFILES, place)
except InputError as error:
    refuse(error)

RESULTS = f"results/{config['name']}"

# A mirror is where a file is found, not which file it is, so it is no param.
if config["mirror"]:
    os.environ.update(FOLDCAST_MIRROR=str(Path(config["mirror"]).resolve()))


wildcard_constraints:
    map="[A-Za-z0-9_-]+",
    resolution="[0-9]+",
    dataset="[A-Za-z0-9_-]+",
    graph="[A-Za-z0-9_-]+",
    model="[a-z0-9_]+",
    block="[0-9]+-[0-9]+",
    course="[A-Za-z0-9_-]+",
    key="[0-9a-f]{16}",
    basename="[^/]+",
    run="[A-Za-z0-9_-]+",
    region="[A-Za-z0-9_-]+",
    scored="variants|background",
    published="[A-Za-z0-9_-]+",
    chrom="[A-Za-z0-9_-]+",
    source="[A-Za-z0-9_-]+([+]depth)?",
    feature_set="[A-Za-z0-9_+-]+",
    kind="step|forecast|spex",
    of="[A-Za-z0-9_-]+",
    by="[A-Za-z0-9_-]+",
    species="[A-Za-z0-9-]+",
    library="[A-Za-z0-9_.-]+",


def download_of(entry):
    """Folder and name under which rule fetch keeps the file of a URL."""
    url = entry["url"]
    return resource_key(url, entry["checksum"]), resource_name(url)


def source(entry):
    """The path of a config entry: local as it is, otherwise what rule fetch makes of its URL."""
    return entry["path"] or "resources/files/{}/{}".format(*download_of(entry))


def genome_fasta():
    """Path of the sequence, if there is one: what rule unpack makes of it where it is gzipped."""
    given = source(config["genome"]["fasta"]) if config["genome"]["fasta"] else []
    if not given or not given.endswith(".gz"):
        return given
    key, name = resource_key(given), resource_name(given.removesuffix(".gz"))
    return f"resources/unpacked/{key}/{name}"


# All of them, asked for or not: a job on a cluster parses this anew and asks for one file only.
DOWNLOADS = {
    download_of(entry): entry
    for _, entry in sources(config)
    if entry["url"] and not entry["path"]
}


def threads_of(most):
    """Threads of a rule; in the demo one, as its jobs are so small that they are faster side by side."""
    return 1 if config["demo"] else most


def memory(factor, least=1000):
    """Memory in MB: `factor` times the inputs, at least `least`, doubled on each retry."""

    def mem_mb(wildcards, input, attempt):
        return int(max(least, factor * input.size_mb) * 2 ** (attempt - 1))

    return mem_mb


def dense_memory(copies, least=1000):
    """Memory in MB: `copies` dense matrices of the longest chromosome, doubled on each retry."""

    def mem_mb(wildcards, input, attempt):
        lengths = [int(line.split()[1]) for line in open(input.sizes)]
        bins = max(lengths) / int(wildcards.resolution)
        return int(max(least, copies * 8e-6 * bins**2) * 2 ** (attempt - 1))

    return mem_mb
