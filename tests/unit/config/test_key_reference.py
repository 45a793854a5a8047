"""The reference of every key: current, whole, and readable."""

import re

import yaml

from config_case import KEYS, ROOT, SCHEMA
from foldcast.config.key_reference import key_reference, values_of


def test_the_reference_is_current():
    """`make keys` mends it."""
    assert (ROOT / "config/keys.md").read_text() == key_reference(SCHEMA)


def test_every_key_has_one_row_with_its_meaning_and_default():
    rows = re.findall(r"(?m)^\| `([^`]+)` \| (.+) \| (.+) \| (.*) \|$", key_reference(SCHEMA))
    assert [row[0] for row in rows] == [key.path for key in KEYS]
    for (_, meaning, _, default), key in zip(rows, KEYS, strict=True):
        assert meaning == key.schema["description"]
        if key.required:
            assert default == "required"
        elif key.schema["default"] == {}:
            assert default == ""  # a section, whose keys have defaults
        else:
            assert yaml.safe_load(default.strip("`")) == key.schema["default"]


def test_values_are_said_in_words():
    words = {key.path: values_of(key.schema) for key in KEYS}
    assert words["hic.boundary_threshold"] == "`Li`, `Otsu` or number ≥ 0"
    assert words["maps.<name>.label"] == "`start`, `index2`, `index`, `null`"
    assert words["maps.<name>.files"] == "by name: file or `null`"
    assert words["demo.contacts"] == "whole number ≥ 10,000"
    assert words["evaluation.first_origin"] == "number > 0, < 1 or `null`"
    assert words["spex.<name>.test"] == "list: text"
    assert words["hic.balance"] == "section"
