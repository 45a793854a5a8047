"""What the config may say of graphs, beyond what its schema knows."""

from copy import deepcopy
from pathlib import Path

import pytest

import foldcast
from foldcast.config.config_checks import settle
from foldcast.config.config_schema import load_schema, validate
from foldcast.errors import InputError

SCHEMA = Path(foldcast.__file__).parents[2] / "schemas/config.schema.yaml"
CONFIG = {
    "name": "t",
    "genome": {"assembly": "mm9", "annotation": {"path": "a.gtf", "format": "gtf"}},
    "maps": {
        "static": {"path": "s.cool", "format": "cool"},
        "early": {"path": "e.cool", "format": "cool", "time": 1},
        "late": {"path": "l.cool", "format": "cool", "time": 5.5},
    },
    "graphs": {
        "timed": {"maps": ["late", "static", "early"], "resolution": 1000, "neighbours": 7},
        "given": {"interactions": {"path": "t.csv"}},
        "control": {"rewire": {"of": "timed"}},
    },
    "datasets": {
        "one": {"expression": {"path": "x"}, "samples": "s", "values": "log2", "graphs": ["timed"]},
        "two": {"interactions": {"path": "t.csv"}, "values": "log2", "graphs": ["given"]},
    },
}


def settled(config: dict) -> dict:
    config = deepcopy(config)
    validate(config, load_schema(SCHEMA), "c.yaml")
    settle(config, "c.yaml")
    return config


def with_graph(name: str, **keys) -> dict:
    config = deepcopy(CONFIG)
    config["graphs"][name] = config["graphs"].get(name, {}) | keys
    return config


def test_a_control_has_everything_of_its_graph():
    graphs = settled(CONFIG)["graphs"]
    assert graphs["control"]["rewire"] == {"of": "timed", "how": "matched", "seed": 1}
    for key, value in graphs["timed"].items():
        assert key == "rewire" or graphs["control"][key] == value


@pytest.mark.parametrize(
    ("config", "message"),
    [
        (with_graph("given", maps=["static"], resolution=1), r"graphs\.given\n.*maps and interac"),
        (with_graph("none"), r"graphs\.none\n.*none of maps, interactions, rewire"),
        (with_graph("timed", resolution=None), r"graphs\.timed\.resolution"),
        (with_graph("control", rewire={"of": "time"}), "did you mean timed"),
        (with_graph("again", rewire={"of": "control"}), r"control, a control itself[\s\S]*timed"),
        (with_graph("timed", embedding={"method": "joint"}), "joint, which sees the future"),
        (with_graph("timed", embedding={"engine": "node2vec"}), "method: alignment"),
    ],
)
def test_what_is_refused(config, message):
    with pytest.raises(InputError, match=message):
        settled(config)


def test_joint_is_allowed_where_it_is_owned_up_to():
    settled(with_graph("timed", embedding={"method": "joint", "causal": False}))


def test_a_sheet_is_needed_but_for_a_local_table():
    for dataset in ("one", "two"):
        config = deepcopy(CONFIG)
        config["datasets"][dataset].pop("samples", None)
        if dataset == "two":
            config["datasets"][dataset]["interactions"] = {"url": "https://h/t.csv"}
        with pytest.raises(InputError, match=rf"datasets\.{dataset}\.samples"):
            settled(config)
