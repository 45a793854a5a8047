"""The config against its schema: defaults filled in, every mistake said in one go."""

import difflib
import math
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path
from typing import Any

import jsonschema
import yaml

from foldcast.errors import InputError
from foldcast.public_text import public

# Every start of Snakemake, and of each of its jobs, reads the schema: 0.01 s, or 0.1 without C.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# Keys of earlier versions: what they are called now, and since when. `*`: a name of the user's.
RENAMED = {
    "spex.*.controls": ("control_contacts", "0.2"),
    "spex.*.stop": ("validation", "0.2"),
    "step.stepmr.ahead": ("future", "0.2"),
    "step.stepmi.ahead": ("future", "0.2"),
}


def load_schema(path: str | Path) -> dict:
    """A JSON schema written as YAML, with its ``$ref``s written out: defaults are behind them."""
    schema = yaml.load(Path(path).read_text(), LOADER)
    return _written_out(schema, schema)


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
    """Fill the defaults and check the config.

    Args:
        config: changed in place.
        schema: of `load_schema`.
        source: the config files, for messages.

    Raises:
        InputError: with every mistake, each by its key; what a renamed key is called now; "did you
            mean" for unknown keys.
    """
    fill_defaults(config, schema)
    problems = sorted({public(one) for one in (*_infinite(config), *_problems(config, schema))})
    if problems:
        raise InputError(
            source,
            place=f"{len(problems)} key{'s'[: len(problems) > 1]}",
            found="\n            ".join(problems),
            expected="the keys and values of config/keys.md",
            remedy="mend the keys named here; only what is in config/keys.md is read",
        )


def _written_out(part: Any, root: dict) -> Any:
    """What stands beside a ``$ref`` adds to what it refers to, to a property of both as well."""
    if isinstance(part, list):
        return [_written_out(item, root) for item in part]
    if not isinstance(part, dict):
        return part
    if "$ref" in part:
        target: Any = root
        for name in part["$ref"].removeprefix("#/").split("/"):
            target = target[name]
        beside = {key: value for key, value in part.items() if key != "$ref"}
        merged = {**target, **beside}
        if "properties" in merged:
            shared, own = (one.get("properties", {}) for one in (target, beside))
            more = {key: {**shared.get(key, {}), **value} for key, value in own.items()}
            merged["properties"] = {**shared, **more}
        return _written_out(merged, root)
    return {key: _written_out(value, root) for key, value in part.items() if key != "$defs"}


def _pattern(validator: Any, pattern: str, value: Any, schema: dict) -> Iterator[Any]:
    """``$`` is the very end, as in JSON Schema; Python's allows a line's end behind it."""
    if isinstance(value, str) and not re.search(re.sub(r"\$(?=$|\))", r"\\Z", pattern), value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


VALIDATOR = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"pattern": _pattern})


def _infinite(part: Any, place: str = "") -> Iterator[str]:
    """Numbers that are none; a schema takes them for numbers within every limit."""
    if isinstance(part, dict | list):
        for key, value in part.items() if isinstance(part, dict) else enumerate(part):
            yield from _infinite(value, f"{place}.{key}" if place else str(key))
    elif isinstance(part, float) and not math.isfinite(part):
        yield f"{place}: {part} is no finite number"


def _problems(config: dict, schema: dict) -> Iterator[str]:
    for error in VALIDATOR(schema).iter_errors(config):
        where = ".".join(str(step) for step in error.absolute_path)
        if error.validator in ("additionalProperties", "unevaluatedProperties"):
            known = list(error.schema.get("properties", {}))
            for key in sorted(error.instance.keys() - set(known), key=str):
                yield _unknown(f"{where + '.' if where else ''}{key}", str(key), known)
        elif error.validator == "required":
            missing = sorted(set(error.validator_value) - error.instance.keys())
            yield f"{where or 'the config'}: missing {', '.join(missing)}"
        elif error.validator == "propertyNames" or "propertyNames" in error.absolute_schema_path:
            named = f"{where or 'the config'}: the name {error.instance!r}"
            quoted = _quoted(error.instance)
            yield f"{named} {quoted or 'may hold letters, digits, - and _ only'}"
        elif error.validator == "type" and "string" in error.validator_value:
            quoted = _quoted(error.instance)
            yield f"{where}: {error.instance!r} {quoted}" if quoted else f"{where}: {error.message}"
        else:
            yield f"{where}: {error.message}"


def _quoted(value: Any) -> str:
    """What to do with a number, a date or yes and no where a text is meant; of others nothing."""
    if isinstance(value, bool):
        return 'is taken for yes or no: quote it, as in "no"'
    if isinstance(value, int | float | date):
        kind = "date" if isinstance(value, date) else "number"
        return f'is a {kind}, not a text: quote it ("{value}")'
    return ""


def _unknown(place: str, key: str, known: list[str]) -> str:
    for old, (new, version) in RENAMED.items():
        if re.fullmatch(re.escape(old).replace(r"\*", "[^.]+"), place):
            return f"{place} is called {new} since {version}"
    close = difflib.get_close_matches(key, known, n=1)
    hint = f"did you mean {close[0]}?" if close else f"known: {', '.join(known)}"
    return f"{place}: unknown key; {hint}"
