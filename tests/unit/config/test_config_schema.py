"""The config against its schema: mistakes, renamed keys, defaults."""

import math
from copy import deepcopy
from datetime import date

import jsonschema
import pytest
import yaml

from config_case import KEYS, SCHEMA, demo_config, put
from foldcast.config.config_schema import RENAMED, validate
from foldcast.config.key_reference import SCHEMA as SCHEMA_FILE
from foldcast.errors import InputError


@pytest.fixture
def config() -> dict:
    return demo_config()


def test_the_schema_is_a_schema_and_refuses_unknown_keys_everywhere():
    for schema in (SCHEMA, yaml.safe_load(SCHEMA_FILE.read_text())):
        jsonschema.Draft202012Validator.check_schema(schema)
    for key, part, _ in KEYS:
        if "properties" in part:
            closed = part.get("additionalProperties", part.get("unevaluatedProperties"))
            assert closed is False, key


def test_editors_can_read_the_schema_too():
    """The YAML language server knows no merge keys in a schema: it refused every file's `path`."""
    assert "<<" not in SCHEMA_FILE.read_text()


UNKNOWN = {
    "repport": "report",
    "genome.assemby": "assembly",
    "genome.annotation.checksums": "checksum",
    "maps.folded.fromat": "format",
    "hic.balance.mad_maximum": "mad_max",
    "graphs.folded.weight": "weights",
    "graphs.folded.weights.tads": "tad",
    "graphs.folded.embedding.dimension": "dimensions",
    "datasets.mrna.sample": "samples",
    "step.stepmr.loss.directional": "direction",
    "evaluation.seed": "seeds",
}


@pytest.mark.parametrize(("key", "meant"), UNKNOWN.items())
def test_an_unknown_key_is_refused_with_the_key_that_was_meant(config, key, meant):
    put(config, key, {})
    with pytest.raises(InputError) as error:
        validate(config, SCHEMA, "mine.yaml")
    assert f"{key}: unknown key; did you mean {meant}?" in str(error.value)
    assert "mine.yaml, 1 key" in str(error.value) and "config/keys.md" in error.value.remedy


def test_an_unknown_key_like_no_other_is_refused_with_those_that_there_are(config):
    put(config, "evaluation.zzz", 1)
    with pytest.raises(InputError, match=r"known: first_origin, refit_every, seeds"):
        validate(config, SCHEMA, "mine.yaml")


def test_all_mistakes_are_said_at_once(config):
    for key in UNKNOWN:
        put(config, key, {})
    put(config, "evaluation.first_origin", "early")
    del config["genome"]["assembly"]
    with pytest.raises(InputError) as error:
        validate(config, SCHEMA, "mine.yaml")
    for key in [*UNKNOWN, "evaluation.first_origin: 'early'", "genome: missing assembly"]:
        assert key in str(error.value)
    assert f"{len(UNKNOWN) + 2} keys" in str(error.value)


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_an_old_key_is_refused_with_the_new_one_named(config, old, new):
    key = old.replace("*", "demo")
    put(config, key, {})
    with pytest.raises(InputError) as error:
        validate(config, SCHEMA, "mine.yaml")
    assert f"found:    {key} is called {new[0]} since {new[1]}\n" in str(error.value)
    known = {key.path for key in KEYS}
    assert f"{old.replace('*', '<name>').rpartition('.')[0]}.{new[0]}" in known


def test_a_key_is_called_otherwise_only_where_it_was(config):
    put(config, "spex.demo.contacts.controls", {})
    with pytest.raises(InputError, match=r"spex\.demo\.contacts\.controls: unknown key"):
        validate(config, SCHEMA, "mine.yaml")


@pytest.mark.parametrize("name", ["a.b", "a/b", "", "-a", "a b"])
def test_names_that_would_spoil_paths_are_refused(config, name):
    config["graphs"][name] = config["graphs"]["folded"]
    with pytest.raises(InputError, match="may hold letters, digits, - and _ only"):
        validate(config, SCHEMA, "mine.yaml")


def test_every_key_is_required_or_filled_in(config):
    validate(config, SCHEMA, "mine.yaml")
    for key, part, required in KEYS:
        assert required or "default" in part, key
        *sections, last = key.split(".")
        value = config
        for section in sections:
            if section == "<name>":  # the first of the user's names, if there is any
                value = next(iter(value.values()), None) if value else None
            else:
                value = value and value[section]
        assert value is None or last in value, key  # a section may be null


def test_what_the_config_says_wins_over_defaults(config):
    put(config, "graphs.folded.weights", {"tad": 0.0})
    put(config, "step.stepmr.loss.direction", 0.5)
    validate(config, SCHEMA, "mine.yaml")
    weights = config["graphs"]["folded"]["weights"]
    assert weights == {
        "hic": 0.6,
        "compartment": 0.1,
        "tad": 0.0,
        "insulation": 0.1,
        "expression": 0.1,
    }
    assert config["step"]["stepmr"]["loss"]["direction"] == 0.5
    assert config["step"]["stepmr"]["loss"]["trend"] == 0.05


def test_keys_end_up_in_the_order_of_the_schema(config):
    """Snakemake compares params as text, so another order would be another value."""
    again = deepcopy(config)
    again["graphs"]["folded"] = dict(reversed(again["graphs"]["folded"].items()))
    again["graphs"]["folded"]["weights"] = {"expression": 0.1, "hic": 0.6}
    for one in (config, again):
        validate(one, SCHEMA, "mine.yaml")
    assert str(again) == str(config)


def test_filling_defaults_twice_changes_nothing_and_shares_nothing(config):
    config["graphs"]["other"] = {"maps": ["folded"], "resolution": 50000}
    validate(config, SCHEMA, "mine.yaml")
    again = deepcopy(config)
    validate(again, SCHEMA, "mine.yaml")
    assert again == config
    config["graphs"]["other"]["weights"]["hic"] = 0.0
    assert config["graphs"]["folded"]["weights"]["hic"] == 0.6


WRONG_VALUES = [
    ("name", "a\n", "name: 'a\\n' does not match"),
    ("genome.assembly", "mm9\n", "genome.assembly: 'mm9\\n' does not match"),
    ("genome.aliases.checksum", "md5:" + "0" * 32 + "\n", "does not match"),
    ("genome.aliases.checksum", "md5:" + "0" * 31 + "x", "does not match"),
    ("graphs", {"a\n": {}}, "graphs: the name 'a\\n' may hold letters, digits"),
    ("graphs", {1: {}}, 'graphs: the name 1 is a number, not a text: quote it ("1")'),
    ("spex", {True: {}}, "spex: the name True is taken for yes or no: quote it"),
    ("name", 2024, 'name: 2024 is a number, not a text: quote it ("2024")'),
    ("name", 1.5, 'name: 1.5 is a number, not a text: quote it ("1.5")'),
    ("name", date(2026, 1, 2), 'is a date, not a text: quote it ("2026-01-02")'),
    ("name", False, "name: False is taken for yes or no: quote it"),
    ("datasets.mrna.graphs", [10], 'datasets.mrna.graphs.0: 10 is a number, not a text: quote it'),
    ("report.genes", [7157], 'report.genes.0: 7157 is a number, not a text: quote it ("7157")'),
    ("hic", {1: 2}, "hic.1: unknown key"),
    ("genome", {1: 2, "b": 1, "assembly": "mm9"}, "genome.1: unknown key"),
    ("maps.folded", {1: 2, "format": "cool"}, "maps.folded.1: unknown key"),
    ("demo.noise", math.inf, "demo.noise: inf is no finite number"),
    ("demo.noise", math.nan, "demo.noise: nan is no finite number"),
    ("demo.strength", -math.inf, "demo.strength: -inf is no finite number"),
    ("maps.folded.time", math.inf, "maps.folded.time: inf is no finite number"),
    ("demo.chromosomes", {"chr1": math.inf}, "demo.chromosomes.chr1: inf is no finite number"),
    ("hic.insulation_windows", [math.nan], "hic.insulation_windows.0: nan is no finite number"),
    ("report.genes", [math.inf], "report.genes.0: inf is no finite number"),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value", "said"), WRONG_VALUES)
def test_a_value_that_is_none_is_refused_as_what_it_is(config, key, value, said):
    put(config, key, value)
    with pytest.raises(InputError) as error:
        validate(config, SCHEMA, "mine.yaml")
    assert said in str(error.value)


@pytest.mark.parametrize(
    "digits", ["sha256:" + "0aF" * 21 + "0", "SHA256:" + "A" * 64, "Md5:" + "0C" * 16]
)
def test_a_checksum_in_capitals_is_one(config, digits):
    put(config, "genome.fasta.checksum", digits)
    validate(config, SCHEMA, "mine.yaml")


def test_no_mistake_shows_a_secret(config):
    put(config, "genome.fasta", {"url": "ftp://me:secret@host/a?secret"})
    put(config, "names.url", ["https://me:secret@host/a?secret"])
    with pytest.raises(InputError, match="2 keys") as error:
        validate(config, SCHEMA, "mine.yaml")
    assert "secret" not in str(error.value)
