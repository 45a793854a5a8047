"""The config: its reference, the configs that come along, mistakes and defaults."""

import re
from copy import deepcopy
from pathlib import Path

import jsonschema
import pytest
import yaml
from snakemake.utils import update_config

from foldcast.config.config_checks import check_files, load_schema, resolve, settle, validate
from foldcast.errors import InputError

ROOT = Path(__file__).resolve().parents[3]
SCHEMA = load_schema(ROOT / "workflow/schemas/config.schema.yaml")
SHIPPED = sorted((ROOT / "config").glob("*.yaml"))


def load(path: Path) -> dict:
    config = yaml.safe_load(path.read_text())
    if path.name == "mouse_lung.yaml":
        # Snakemake's own way of merging several --configfile.
        update_config(config, yaml.safe_load((ROOT / "tests/real/shared.yaml").read_text()))
    return config


def keys_of(schema: dict, prefix: str = ""):
    """(dotted key, its part of the schema, whether it is required); <name> for the user's names."""
    for key, part in schema.get("properties", {}).items():
        yield f"{prefix}{key}", part, key in schema.get("required", [])
        yield from keys_of(part, f"{prefix}{key}.")
    if "properties" in (rest := schema.get("additionalProperties") or {}):
        yield from keys_of(rest, f"{prefix}<name>.")


KEYS = list(keys_of(resolve(SCHEMA, SCHEMA)))


@pytest.fixture(scope="module")
def reference() -> dict[str, tuple[str, str]]:
    """Key → (meaning, default) of the tables in config/README.md."""
    text = (ROOT / "config/README.md").read_text()
    rows = re.findall(r"(?m)^\| `([^`]+)` \| (.*) \| (.*) \|$", text)
    rows = [row for row in rows if not row[0].endswith(".yaml")]
    assert len(rows) == len({key for key, _, _ in rows})
    return {key: (meaning, default) for key, meaning, default in rows}


def test_the_reference_explains_every_key_and_no_other(reference):
    assert reference.keys() == {key for key, _, _ in KEYS}


@pytest.mark.parametrize(("key", "part", "required"), KEYS, ids=[key for key, _, _ in KEYS])
def test_the_reference_says_what_the_schema_says(reference, key, part, required):
    meaning, default = reference[key]
    assert meaning == part["description"]
    if required:
        assert default == "required"
    elif part["default"] == {}:
        assert default.strip() == ""  # a section, whose keys have defaults
    else:
        assert yaml.safe_load(default.strip("`")) == part["default"]


def test_the_schema_is_a_schema_and_refuses_unknown_keys_everywhere():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    for key, part, _ in KEYS:
        if "properties" in part:
            assert part["additionalProperties"] is False, key


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_configs_that_come_along_are_right(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    config = load(path)
    validate(config, SCHEMA, path.name)
    settle(config, path.name)
    if "4DNFIARR7LP4" in str(config):
        # To be brought by hand: its portal wants a login.
        with pytest.raises(InputError, match="maps.rnapii.path(.|\n)*4DNFIARR7LP4.mcool: no such"):
            check_files(config, path.name)
    elif "../shared" not in str(config) or (ROOT.parent / "shared").is_dir():
        check_files(config, path.name)


@pytest.fixture
def config() -> dict:
    return load(ROOT / "config/config.yaml")


def put(config: dict, key: str, value) -> None:
    *sections, last = key.split(".")
    for section in sections:
        config = config.setdefault(section, {})
    config[last] = value


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
    assert "mine.yaml, 1 key" in str(error.value)


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


@pytest.mark.parametrize("name", ["a.b", "a/b", "", "-a", "a b"])
def test_names_that_would_spoil_paths_are_refused(config, name):
    config["graphs"][name] = config["graphs"]["folded"]
    with pytest.raises(InputError, match="may hold letters, digits, - and _ only"):
        validate(config, SCHEMA, "mine.yaml")


@pytest.mark.parametrize(
    ("key", "meant"), [("graphs.folded.maps", "folded"), ("datasets.mrna.graphs", "folded")]
)
def test_a_name_of_nothing_is_refused_with_the_one_that_was_meant(config, key, meant):
    put(config, key, ["foldde"])
    validate(config, SCHEMA, "mine.yaml")
    with pytest.raises(InputError, match=f"did you mean {meant}"):
        settle(config, "mine.yaml")


def test_a_file_that_is_neither_here_nor_anywhere_is_refused(config):
    put(config, "maps.folded.path", None)
    validate(config, SCHEMA, "mine.yaml")
    with pytest.raises(InputError, match=r"mine\.yaml, maps\.folded\n"):
        settle(config, "mine.yaml")


def test_heads_that_do_not_share_the_channels_are_refused(config):
    config["step"] = {"stepmi": {"channels": [16, 30], "heads": 4}}
    validate(config, SCHEMA, "mine.yaml")
    with pytest.raises(InputError, match=r"(?s)step\.stepmi\.heads.*4 heads for 30 channels"):
        settle(config, "mine.yaml")


def test_an_annotation_is_needed_but_where_tables_of_interactions_bring_the_loci(config):
    config["genome"]["annotation"] = None
    del config["spex"], config["beluga"]  # the sequence half takes its genes from it
    table = {"path": "pairs.csv"}
    config["datasets"]["mrna"] |= {"expression": None, "interactions": table}
    tried = deepcopy(config)
    validate(tried, SCHEMA, "mine.yaml")
    settle(tried, "mine.yaml")
    tried = deepcopy(config)
    tried["genome"]["fasta"] = None  # the map's compartments are oriented by genes
    validate(tried, SCHEMA, "mine.yaml")
    with pytest.raises(InputError, match=r"(?s)genome\.annotation.*for graphs\.folded"):
        settle(tried, "mine.yaml")
    config["datasets"]["mrna"] |= {"expression": table, "interactions": None}
    validate(config, SCHEMA, "mine.yaml")
    with pytest.raises(InputError, match=r"(?s)genome\.annotation.*for datasets\.mrna"):
        settle(config, "mine.yaml")


@pytest.mark.parametrize("wrong", [None, "word", -1, 0.5, True, [], [None], {}, {"x": {}}])
def test_whatever_stands_there_is_taken_or_refused_in_words(config, wrong):
    """Never a traceback, whichever key holds it."""
    for key, _, _ in KEYS:
        for name in ("folded", "mrna"):
            tried = deepcopy(config)
            try:
                put(tried, key.replace("<name>", name), deepcopy(wrong))
            except TypeError:
                continue  # the key's own section is null or a list here
            try:
                validate(tried, SCHEMA, "mine.yaml")
                settle(tried, "mine.yaml")
            except InputError as error:
                assert "mine.yaml" in str(error)


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


def test_compartments_are_taken_at_the_graphs_resolution_unless_said(config):
    config["graphs"]["other"] = {"maps": ["folded"], "resolution": 20000}
    validate(config, SCHEMA, "mine.yaml")
    settle(config, "mine.yaml")
    resolutions = {k: g["compartment_resolution"] for k, g in config["graphs"].items()}
    assert resolutions == {"folded": 50000, "other": 20000}
