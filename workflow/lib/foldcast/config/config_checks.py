"""The config against its schema: defaults filled in, every mistake said in one go."""

import difflib
import os
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from foldcast.enrichment.gene_set_settings import settle_enrichment
from foldcast.errors import InputError, known_name, together
from foldcast.graph.map_times import maps_at
from foldcast.spex.run_settings import settle_spex


def load_schema(path: str | Path) -> dict:
    """A JSON schema written as YAML."""
    # The loader in C, where there is one: the schema is read at every start.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(Path(path).read_text(), loader)


def fill_defaults(value: Any, schema: dict) -> None:
    """Put a schema's ``default`` wherever ``value`` says nothing, at every depth, in place.

    Keys end up in the schema's order: a default written out, or keys in another order, would be
    other params to Snakemake, and rerun what depends on them.
    """
    if not isinstance(value, dict):
        return
    for key, part in schema.get("properties", {}).items():
        if "default" in part:
            value.setdefault(key, deepcopy(part["default"]))
        if key in value:
            value[key] = value.pop(key)
            fill_defaults(value[key], part)
    rest = schema.get("additionalProperties")
    if isinstance(rest, dict):
        for key in value.keys() - schema.get("properties", {}).keys():
            fill_defaults(value[key], rest)


def validate(config: dict, schema: dict, source: str) -> None:
    """Fill the defaults and check the config; `$ref`s are resolved within the schema.

    Raises:
        InputError: with every mistake, each by its key, and "did you mean" for unknown keys.
    """
    schema = resolve(schema, schema)
    fill_defaults(config, schema)
    problems = sorted(set(_problems(config, schema)))
    if problems:
        raise InputError(
            source,
            place=f"{len(problems)} key{'s'[: len(problems) > 1]}",
            found="\n            ".join(problems),
            expected="the keys and values of config/README.md",
            remedy="mend the keys named here; only what is in config/README.md is read",
        )


def settle(config: dict, source: str) -> None:
    """Check what a schema cannot: names that refer to each other, files that are nowhere.

    Fills `compartment_resolution` of a graph with its `resolution` where it is null, and a
    control with everything of its graph.
    """
    if not config["datasets"] and not config["spex"]:
        raise InputError(
            source,
            place="datasets, spex",
            found="neither",
            expected="expression time courses, expression per tissue, or both",
            remedy="give `datasets`, or `spex`",
        )
    for name, graph in config["graphs"].items():
        _settle_graph(name, graph, config, source)
    for name, graph in config["graphs"].items():
        if graph["rewire"]:
            _settle_control(name, graph, config["graphs"], source)
    for name, dataset in config["datasets"].items():
        known_name(dataset["graphs"], config["graphs"], source, f"datasets.{name}.graphs")
        _one_of(dataset, ("expression", "interactions"), source, f"datasets.{name}")
        local = dataset["interactions"] and dataset["interactions"]["path"]
        if not dataset["samples"] and not local:
            raise InputError(
                source,
                place=f"datasets.{name}.samples",
                found="no sample sheet",
                expected="a sheet; only a local table of interactions can do without",
                remedy="give `samples: FILE`",
            )
    _settle_annotation(config, source)
    _settle_heads(config["step"]["stepmi"], source)
    settle_spex(config, source)
    settle_enrichment(config, source)
    for place, entry in sources(config):
        if not any(entry.get(key) for key in ("path", "url", "files", "enrichr")):
            raise InputError(
                source,
                place=place,
                found="neither `path` nor `url`",
                expected="a local file or a public address",
                remedy="give `path: FILE`, or `url: https://…` with its `checksum`",
            )


def _settle_graph(name: str, graph: dict, config: dict, source: str) -> None:
    place = f"graphs.{name}"
    _one_of(graph, ("maps", "interactions", "rewire"), source, place)
    known_name(graph["maps"], config.get("maps", {}), source, f"{place}.maps")
    if graph["maps"] and not graph["resolution"]:
        raise InputError(
            source,
            place=f"{place}.resolution",
            found="no resolution",
            expected="the bin size (bp) at which the maps are read",
            remedy="give `resolution`, one that every map has",
        )
    graph["compartment_resolution"] = graph["compartment_resolution"] or graph["resolution"]
    maps_at([], {one: config["maps"][one]["time"] for one in graph["maps"]}, source, place)
    embedding = graph["embedding"]
    if embedding["method"] == "joint" and embedding["causal"]:
        raise InputError(
            source,
            place=f"{place}.embedding.method",
            found="joint, which sees the future",
            expected="`causal: false` beside it: what is made of it is not a forecast",
            remedy="take `warm_start` or `alignment`, or say `causal: false`",
        )
    if embedding["method"] == "warm_start" and embedding["engine"] == "node2vec":
        raise InputError(
            source,
            place=f"{place}.embedding.engine",
            found="node2vec, which always learns anew",
            expected="`numba` with `method: warm_start`",
            remedy="say `engine: numba`, or `method: alignment`",
        )


def _settle_control(name: str, graph: dict, graphs: dict, source: str) -> None:
    """A control has everything of its graph but `rewire`."""
    of = graph["rewire"]["of"]
    known_name([of], graphs, source, f"graphs.{name}.rewire.of")
    if graphs[of]["rewire"]:
        raise InputError(
            source,
            place=f"graphs.{name}.rewire.of",
            found=f"{of}, a control itself",
            expected="a graph of maps or of a table of interactions",
            remedy=f"name {graphs[of]['rewire']['of']}",
        )
    graph.update({key: value for key, value in graphs[of].items() if key != "rewire"})


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


def _one_of(part: dict, keys: tuple[str, ...], source: str, place: str) -> None:
    given = [key for key in keys if part[key]]
    if len(given) != 1:
        raise InputError(
            source,
            place=place,
            found=" and ".join(given) or f"none of {', '.join(keys)}",
            expected=f"one of {', '.join(keys)}",
            remedy="leave one of them" if given else f"give `{keys[0]}`",
        )


def check_files(config: dict, source: str) -> None:
    """Look whether the local files of the config are there; sheets are read for that (`sheets`).

    What lies under ``resources/`` the workflow makes itself.

    Raises:
        InputError: every `path` (or `overrides`) that is no file, by its key.
    """
    files = {f"{place}.path": entry["path"] for place, entry in sources(config)}
    for name, dataset in config["datasets"].items():
        files[f"datasets.{name}.overrides"] = dataset["overrides"]
    with together() as attempt:
        for place, path in files.items():
            if path and Path(path).parts[0] != "resources":
                attempt(_is_file, path, source, place)


def _is_file(path: str, source: str, place: str) -> None:
    if Path(path).is_dir():
        found = "a folder"
    elif not Path(path).is_file():
        found = "no such file"
    elif not os.access(path, os.R_OK):
        found = "a file that you may not read"
    else:
        return
    raise InputError(
        source,
        place=place,
        found=f"{path}: {found}",
        expected="a file that can be read",
        remedy=f"check the path; it starts from {Path.cwd()}",
    )


def sources(part: Any, place: str = "") -> Iterator[tuple[str, dict]]:
    """Every file that the config names, as its key and its entry (path, url, checksum, …)."""
    if isinstance(part, dict):
        if {"path", "url", "checksum"} <= part.keys():
            yield place, part
        for key, value in part.items():
            yield from sources(value, f"{place}.{key}" if place else str(key))


def resolve(part: Any, root: dict) -> Any:
    """The schema with its local ``$ref``s written out, so that defaults are found behind them."""
    if isinstance(part, list):
        return [resolve(item, root) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        target: Any = root
        for name in part["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        beside = {key: value for key, value in part.items() if key != "$ref"}
        return resolve({**target, **beside}, root)
    return {key: resolve(value, root) for key, value in part.items() if key != "$defs"}


def _problems(config: dict, schema: dict) -> Iterator[str]:
    for error in jsonschema.Draft202012Validator(schema).iter_errors(config):
        where = ".".join(str(step) for step in error.absolute_path)
        if error.validator == "additionalProperties":
            known = list(error.schema.get("properties", {}))
            for key in sorted(error.instance.keys() - set(known)):
                close = difflib.get_close_matches(str(key), known, n=1)
                hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
                yield f"{where + '.' if where else ''}{key}: unknown key; {hint}"
        elif error.validator == "required":
            missing = sorted(set(error.validator_value) - error.instance.keys())
            yield f"{where or 'the config'}: missing {', '.join(missing)}"
        elif error.validator == "propertyNames" or "propertyNames" in error.absolute_schema_path:
            yield f"{where}: the name {error.instance!r} may hold letters, digits, - and _ only"
        else:
            yield f"{where}: {error.message}"
