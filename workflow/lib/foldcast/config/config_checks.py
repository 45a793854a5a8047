"""What a schema cannot check of the config: names of each other, files that are nowhere."""

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from foldcast.config.course_folder import settle_courses
from foldcast.config.dataset_settings import forecaster_file, settle_arms, settle_dataset
from foldcast.config.graph_settings import settle_graphs
from foldcast.enrichment.gene_set_settings import settle_enrichment
from foldcast.errors import InputError, together
from foldcast.spex.run_settings import settle_spex
from foldcast.variants.published_settings import settle_published

# What the demo makes in resources/demo/. Another file there is looked for: one that is missing, and
# that no rule makes, Snakemake overlooks where there are results of before.
OF_DEMO = (
    *("genome.fa", "chrom.sizes", "annotation.gtf", "hic.mcool", "other.mcool"),
    *("expression.tsv", "tissues.tsv", "beluga.pth", "sets.gmt", "truth"),
)


def settle(config: dict, source: str) -> None:
    """Check what a schema cannot: names that refer to each other, files that are nowhere.

    Fills what is `auto`, and what a graph takes from elsewhere (`graph_settings`); a folder of time
    courses becomes its files by name (`course_folder`). Checksums are written in small letters.
    """
    if not config["datasets"] and not config["spex"] and not config["published_models"]:
        raise InputError(
            source,
            place="datasets, spex",
            found="neither",
            expected="expression time courses, expression per tissue, or both",
            remedy="give `datasets`, or `spex` (or `published_models`, to score variants alone)",
        )
    settle_graphs(config, source)
    for name, dataset in config["datasets"].items():
        settle_dataset(name, dataset, config["graphs"], source)
        _settle_forecast(name, dataset, config["step"], source)
    settle_arms(config["datasets"], source)
    settle_courses(config, source)
    _settle_annotation(config, source)
    _settle_heads(config["step"]["stepmi"], source)
    settle_spex(config, source)
    settle_published(config, source)
    settle_enrichment(config, source)
    for place, entry in sources(config):
        if entry["checksum"]:
            entry["checksum"] = entry["checksum"].lower()
        if entry["url"]:
            _check_address(entry["url"], source, f"{place}.url")
        if not any(entry.get(key) for key in ("path", "url", "files", "enrichr")):
            raise InputError(
                source,
                place=place,
                found="neither `path` nor `url`",
                expected="a local file or a public address",
                remedy="give `path: FILE`, or `url: https://…` with its `checksum`",
            )


def _check_address(url: str, source: str, place: str) -> None:
    """Refuse what is no address of a file; in a mirror it would be looked for elsewhere."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        parts.port  # noqa: B018
    except ValueError:
        host = ""
    if not re.fullmatch(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|[0-9a-f:]+", host):
        found = "an address without a server's name"
    elif ".." in unquote(parts.path).split("/"):
        found = "an address that climbs with .."
    elif re.search(r"\s|\\", url):
        found = "an address with a blank or a backslash"
    else:
        return
    raise InputError(
        source,
        place=place,
        found=found,
        expected="https://host/path, as the file is published",
        remedy="copy the link of the file; signs that mean something else are written as %..",
    )


def _settle_forecast(name: str, dataset: dict, networks: dict, source: str) -> None:
    forecast, model = dataset["forecast"], dataset["model"]
    if forecast in networks and forecast != model:
        raise InputError(
            source,
            place=f"datasets.{name}.forecast",
            found=f"{forecast}, which is not fitted to this dataset",
            expected=f"its network, {model}, or a baseline",
            remedy=f"say `forecast: {model}`, or `model: {forecast}`",
        )


def _settle_annotation(config: dict, source: str) -> None:
    """Who needs the genome's genes: whoever brings no loci, and maps without a sequence."""
    needed = [f"datasets.{name}" for name, d in config["datasets"].items() if d["expression"]]
    needed += [f"spex.{name}" for name, run in config["spex"].items() if not run["genes"]]
    if not config["genome"]["fasta"]:
        # Compartments are oriented by gene density then.
        needed += [f"graphs.{name}" for name, graph in config["graphs"].items() if graph["maps"]]
    if needed and not config["genome"]["annotation"]:
        raise InputError(
            source,
            place="genome.annotation",
            found="null",
            expected=f"the genes with their loci, for {', '.join(needed)}",
            remedy="give `genome.annotation`",
        )


def _settle_heads(stepmi: dict, source: str) -> None:
    width, heads = stepmi["channels"][-1], stepmi["heads"]
    if width % heads:
        raise InputError(
            source,
            place="step.stepmi.heads",
            found=f"{heads} heads for {width} channels, the last of `channels`",
            expected="heads that share the channels evenly",
            remedy=f"take a divisor of {width}, or change the last of `channels`",
        )


def check_files(config: dict, source: str) -> None:
    """Look whether the local files of the config are there; sheets are read for that (`sheets`).

    What the workflow downloads, unpacks or simulates under ``resources/`` need not be there yet.

    Raises:
        InputError: every path that is no file, or that Snakemake would misread, by its key.
    """
    with together() as attempt:
        for place, path in local_files(config).items():
            attempt(_is_plain, path, source, place)
            sheet = place.startswith("datasets.") and place.endswith(".samples")
            if not sheet and not _is_made(path, made_folders(config)):
                attempt(_is_file, path, source, place)
        attempt(_may_be_folder, config["beluga"]["cache"], source, "beluga.cache")


def check_folders(results: str | Path) -> None:
    """Look whether there can be written where a run writes; what is not there yet is made later.

    Args:
        results: the folder of the run's results.

    Raises:
        InputError: each folder that is read-only, to this user or as a whole disk.
    """
    folders = [Path(), *(one for one in (Path("results"), Path(results)) if one.is_dir())]
    if Path(results).is_dir():
        folders += [one for one in sorted(Path(results).iterdir()) if one.is_dir()]
    with together() as attempt:
        for folder in folders:
            attempt(_can_be_written_to, folder)


def _can_be_written_to(folder: Path) -> None:
    if not os.access(folder, os.W_OK):
        raise InputError(
            folder.resolve(),
            found="a folder that cannot be written to (read-only)",
            expected="the run's results and Snakemake's own notes can be written there",
            remedy="give yourself the right to write there, or work in another folder "
            "(snakemake --directory)",
        )


def local_files(config: dict) -> dict[str, str]:
    """Every local file that the config names: key → path."""
    files = {f"{place}.path": entry["path"] for place, entry in sources(config)}
    for name, dataset in config["datasets"].items():
        files[f"datasets.{name}.samples"] = dataset["samples"]
        files[f"datasets.{name}.overrides"] = dataset["overrides"]
        for own, forecaster in dataset["forecasters"].items():
            kind = "table" if forecaster["table"] else "function"
            files[f"datasets.{name}.forecasters.{own}.{kind}"] = forecaster_file(forecaster)
    for name, published in config["published_models"].items():
        for path in [*published["models"], *published["differences"]]:
            files[f"published_models.{name}: {path}"] = path
    for path in config["beluga"]["tables"]:
        files[f"beluga.tables: {path}"] = path
    for path in (config["evaluation"]["courses"] or {}).values():
        files[f"evaluation.courses: {path}"] = path
    files["names.cache"] = config["names"]["cache"]
    files["demo.samples"] = (config["demo"] or {}).get("samples")
    return {place: path for place, path in files.items() if path}


def given_files(config: dict, results: str) -> set[str]:
    """The paths of those that a user brought, and no rule makes.

    Args:
        results: the folder of this run's results.
    """
    made = [results, *made_folders(config)]
    paths = {os.path.normpath(path) for path in local_files(config).values()}
    return {path for path in paths if not _is_made(path, made)}


def made_folders(config: dict) -> list[str]:
    """The folders and files of resources/ that rules write into."""
    made = ["resources/files", "resources/unpacked", "resources/enrichr"]
    return made + ([f"resources/demo/{name}" for name in OF_DEMO] if config["demo"] else [])


def _is_made(path: str, made: Iterable[str]) -> bool:
    return any(Path(os.path.normpath(path)).is_relative_to(folder) for folder in made)


def _is_plain(path: str, source: str, place: str) -> None:
    if "{" in path or "}" in path:
        raise InputError(
            source,
            place=place,
            found=f"{path}: braces",
            expected="a path without { and }, which Snakemake takes for a wildcard",
            remedy="rename the file or folder, or give the path of a link to it",
        )


def _is_file(path: str, source: str, place: str) -> None:
    remedy = f"check the path; it starts from {Path.cwd()}"
    if Path(path).is_dir():
        found = "a folder"
    elif not Path(path).is_file():
        found, remedy = "no such file", _mend_path(path) or remedy
    elif not os.access(path, os.R_OK):
        found = "a file that you may not read"
    else:
        return
    raise InputError(
        source,
        place=place,
        found=f"{path}: {found}",
        expected="a file that can be read",
        remedy=remedy,
    )


def _may_be_folder(path: str | None, source: str, place: str) -> None:
    if path and Path(path).exists() and not Path(path).is_dir():
        raise InputError(
            source,
            place=place,
            found=f"{path}: a file",
            expected="a folder, or the name of one that is made",
            remedy="name another folder, or null to keep nothing",
        )


def _mend_path(path: str) -> str | None:
    """What is wrong with a path that would work elsewhere: in a shell, or in cooler's tools."""
    file, uri, _ = path.partition("::")
    expanded = os.path.expanduser(os.path.expandvars(path))
    if uri:
        return f"give the file alone, {file}: `resolution` chooses the level"
    if expanded != path:
        return f"`~` and `$…` are not expanded here: write {expanded}"
    if path.startswith("~") or "$" in path:
        return "`~` and `$…` are not expanded here: write the whole path"
    return None


def sources(part: Any, place: str = "") -> Iterator[tuple[str, dict]]:
    """Every file that the config names, as its key and its entry (path, url, checksum, …)."""
    if isinstance(part, dict):
        if {"path", "url", "checksum"} <= part.keys():
            yield place, part
        for key, value in part.items():
            yield from sources(value, f"{place}.{key}" if place else str(key))
