"""Every key of the config as a page, from the schema: `make keys` writes it to config/keys.md."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from foldcast.config.config_schema import load_schema

SCHEMA = Path(__file__).parents[3] / "schemas/config.schema.yaml"
HEAD = """# Every key of the config

Written by `make keys` from the [schema](../workflow/schemas/config.schema.yaml): change it there.
[README.md](README.md) says which choices matter. `<name>` is a name of yours: letters, digits, -
and _. What is left out takes its default. A section has its keys in the rows below and needs no
default where these have theirs; a file is given by `path`, or by `url` and `checksum`."""
TABLE = ["| key | meaning | values | default |", "|---|---|---|---|"]
TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "`true`, `false`",
    "null": "`null`",
}
BOUNDS = {
    "minimum": "≥ {:,}",
    "exclusiveMinimum": "> {}",
    "maximum": "≤ {}",
    "exclusiveMaximum": "< {}",
    "multipleOf": "multiple of {:,}",
}


class Key(NamedTuple):
    """A key by its dotted path (`<name>` for the user's own names) and its part of the schema."""

    path: str
    schema: dict[str, Any]
    required: bool


def keys_of(schema: dict, prefix: str = "") -> Iterator[Key]:
    """Every key of a schema (`load_schema`), in its order."""
    for name, part in schema.get("properties", {}).items():
        yield Key(f"{prefix}{name}", part, name in schema.get("required", []))
        yield from keys_of(part, f"{prefix}{name}.")
    rest = schema.get("additionalProperties")
    if isinstance(rest, dict):
        yield from keys_of(rest, f"{prefix}<name>.")


def key_reference(schema: dict) -> str:
    """The page, in Markdown: a table for each section of the config."""
    lines, section = [HEAD], None
    for key in keys_of(schema):
        top = key.path.split(".")[0]
        title = top if "object" in schema["properties"][top]["type"] else "The run"
        if title != section:
            lines += ["", f"## {title}", "", *TABLE]
            section = title
        about = key.schema
        cells = [f"`{key.path}`", about["description"], values_of(about), _default(key)]
        lines.append("| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def values_of(schema: dict) -> str:
    """What a key may hold, in words."""
    if "anyOf" in schema:
        return " or ".join(values_of(part) for part in schema["anyOf"])
    if "enum" in schema:
        return ", ".join(f"`{_written(value)}`" for value in schema["enum"])
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    bounds = [word.format(schema[key]) for key, word in BOUNDS.items() if key in schema]
    found = []
    for name in types:
        if name == "array":
            found.append(f"list: {values_of(schema['items'])}")
        elif name == "object":
            found.append(_section(schema))
        else:
            found.append(TYPES[name])
        if name in ("integer", "number"):
            found[-1] = " ".join([found[-1], ", ".join(bounds)]).strip()
    return " or ".join(found)


def _section(schema: dict) -> str:
    properties = schema.get("properties", {})
    if "checksum" in properties:
        return "file"
    rest = schema.get("additionalProperties")
    if isinstance(rest, dict):
        return f"by name: {values_of(rest)}"
    return "section"


def _default(key: Key) -> str:
    if key.required:
        return "required"
    return "" if key.schema["default"] == {} else f"`{_written(key.schema['default'])}`"


def _written(value: Any) -> str:
    """A value as one writes it in YAML, on one line."""
    text = yaml.safe_dump(value, default_flow_style=True, sort_keys=False, width=10_000)
    return text.removesuffix("...\n").strip()


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(key_reference(load_schema(SCHEMA)))
