"""What a config or a name could do if believed; weights, pages, mirrors are tested where read."""

import re
from pathlib import Path

import pytest
from snakemake.common.configfile import load_configfile

from foldcast.config.config_schema import load_schema, validate
from foldcast.config.key_reference import SCHEMA
from foldcast.errors import InputError

WORKFLOW = Path(__file__).resolve().parents[2] / "workflow"


@pytest.mark.parametrize(
    "tag",
    [
        "!!python/object/apply:os.system ['touch {}']",
        "!!python/object/new:os.system ['touch {}']",
    ],
)
def test_a_tag_in_a_config_makes_nothing(tmp_path, tag):
    """Snakemake reads configs; that it does so without making objects is relied on here."""
    made, config = tmp_path / "made", tmp_path / "config.yaml"
    config.write_text(f"name: {tag.format(made)}\n")
    with pytest.raises(Exception, match="could not determine a constructor|not.*valid"):
        load_configfile(str(config))
    assert not made.exists()


@pytest.mark.parametrize(
    "name", ["a;touch x", "$(touch x)", "`touch x`", "a b", "../a", "a\n", "-x"]
)
def test_names_are_letters_digits_and_lines(name):
    config = {"name": name, "genome": {"assembly": "hg38"}}
    with pytest.raises(InputError, match="name"):
        validate(config, load_schema(SCHEMA), "mine.yaml")


def test_no_rule_asks_a_shell():
    """So that no path, however it is spelt, is ever a command."""
    files = [WORKFLOW / "Snakefile", *WORKFLOW.rglob("*.smk"), *WORKFLOW.rglob("*.py")]
    asks = re.compile(r"^\s*shell:|shell=True|os\.system|os\.popen", re.MULTILINE)
    assert len(files) > 100
    assert not [path.name for path in files if asks.search(path.read_text())]
