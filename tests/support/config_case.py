"""The schema, its keys, and the demo's config to spoil: for the tests of the config."""

from pathlib import Path
from typing import Any

import yaml

from foldcast.config.config_schema import load_schema
from foldcast.config.key_reference import SCHEMA as SCHEMA_FILE
from foldcast.config.key_reference import keys_of

ROOT = Path(__file__).resolve().parents[2]
SCHEMA = load_schema(SCHEMA_FILE)
KEYS = list(keys_of(SCHEMA))


def demo_config() -> dict:
    return yaml.safe_load((ROOT / "config/config.yaml").read_text())


def put(config: dict, key: str, value: Any) -> None:
    """Set a key by its dotted path."""
    *sections, last = key.split(".")
    for section in sections:
        config = config.setdefault(section, {})
    config[last] = value
