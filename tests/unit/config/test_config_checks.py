"""What a schema cannot check of the config, and the configs that come along."""

import re
from copy import deepcopy
from pathlib import Path

import pytest
import yaml
from snakemake.utils import update_config

from config_case import KEYS, ROOT, SCHEMA, demo_config, put
from foldcast.config.config_checks import OF_DEMO, check_files, check_folders, given_files, settle
from foldcast.config.config_schema import validate
from foldcast.config.key_reference import SCHEMA as SCHEMA_FILE
from foldcast.errors import InputError
from foldcast.forecast.base_forecaster import ROWS
from foldcast.forecast.baselines import RECIPES
from foldcast.forecast.mlp_on_lags import NAME

SHIPPED = sorted((ROOT / "config").glob("*.yaml"))
# Graphs of every kind, and datasets on them.
GRAPHS = {
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
    validate(config, SCHEMA, "c.yaml")
    settle(config, "c.yaml")
    return config


def with_graph(name: str, **keys) -> dict:
    config = deepcopy(GRAPHS)
    config["graphs"][name] = config["graphs"].get(name, {}) | keys
    return config


@pytest.fixture
def config() -> dict:
    return demo_config()


def load(path: Path) -> dict:
    config = yaml.safe_load(path.read_text())
    if path.name == "mouse_lung.yaml":
        # Snakemake's own way of merging several --configfile.
        update_config(config, yaml.safe_load((ROOT / "tests/real/shared.yaml").read_text()))
    return config


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_the_configs_that_come_along_are_right(path, monkeypatch):
    monkeypatch.chdir(ROOT)
    config = load(path)
    validate(config, SCHEMA, path.name)
    settle(config, path.name)
    if path.stem == "template":  # its files are the user's
        with pytest.raises(InputError, match="(?s)data/genes.gtf: no such.*data/counts.txt: no"):
            check_files(config, path.name)
    elif "4DNFIARR7LP4" in str(config):
        # To be brought by hand: its portal wants a login.
        with pytest.raises(InputError, match="maps.rnapii.path(.|\n)*4DNFIARR7LP4.mcool: no such"):
            check_files(config, path.name)
    elif "../shared" not in str(config) or (ROOT.parent / "shared").is_dir():
        check_files(config, path.name)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_a_config_that_comes_along_tells_editors_its_schema(path):
    first = path.read_text().splitlines()[0]
    schema = first.removeprefix("# yaml-language-server: $schema=")
    assert (path.parent / schema).resolve() == SCHEMA_FILE


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


@pytest.mark.slow
@pytest.mark.parametrize(
    "wrong",
    ["word", {"x": {}}]
    + [pytest.param(one, marks=pytest.mark.slow) for one in (None, -1, 0.5, True, [], [None], {})],
)
def test_whatever_stands_there_is_taken_or_refused_in_words(config, wrong):
    """Never a traceback, whichever key holds it."""
    for key in {key.replace("<name>", name) for key, _, _ in KEYS for name in ("folded", "mrna")}:
        tried = deepcopy(config)
        try:
            put(tried, key, deepcopy(wrong))
        except TypeError:
            continue  # the key's own section is null or a list here
        try:
            validate(tried, SCHEMA, "mine.yaml")
            settle(tried, "mine.yaml")
        except InputError as error:
            assert "mine.yaml" in str(error)


def test_compartments_are_taken_at_the_graphs_resolution_unless_said(config):
    config["graphs"]["other"] = {"maps": ["folded"], "resolution": 20000}
    validate(config, SCHEMA, "mine.yaml")
    settle(config, "mine.yaml")
    resolutions = {k: g["compartment_resolution"] for k, g in config["graphs"].items()}
    assert resolutions == {"folded": 50000, "other": 20000}


@pytest.mark.parametrize(
    ("graphs", "given", "seeds"),
    [
        (["timed"], None, [1]),
        (["timed", "control"], None, [1, 2, 3, 4, 5]),
        (["timed", "control"], [7], [7]),
    ],
)
def test_a_graph_is_compared_by_five_seeds(config, graphs, given, seeds):
    """A rewired graph that no dataset has is compared with nothing."""
    config["graphs"] |= {
        "timed": {"maps": ["folded"], "resolution": 50_000},
        "control": {"rewire": {"of": "timed"}},
    }
    config["datasets"]["mrna"]["graphs"] = graphs
    config["evaluation"]["seeds"] = given
    validate(config, SCHEMA, "mine.yaml")
    settle(config, "mine.yaml")
    assert config["evaluation"]["seeds"] == seeds


def test_what_the_demo_makes_is_known():
    rules = (SCHEMA_FILE.parents[1] / "rules/demo.smk").read_text()
    made = {name.partition("/")[0] for name in re.findall(r"{DEMO}/([\w./]+)\"", rules)}
    assert made == {*OF_DEMO}


def test_a_file_that_the_demo_does_not_make_is_looked_for(config, tmp_path):
    config["demo"] = {"samples": str(tmp_path)}
    put(config, "maps.folded.path", "resources/demo/hicc.mcool")
    validate(config, SCHEMA, "mine.yaml")
    with pytest.raises(InputError, match=r"(?s)maps\.folded\.path.*no such file"):
        check_files(config, "mine.yaml")


def test_a_control_has_everything_of_its_graph():
    graphs = settled(GRAPHS)["graphs"]
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


def test_the_forecast_is_the_base_forecast_the_dataset_s_network_or_a_baseline():
    assert settled(GRAPHS)["datasets"]["one"]["forecast"] == "stack"
    config = deepcopy(GRAPHS)
    for forecast in ("stepmr", "low_rank_4", "mlp_on_lags"):
        config["datasets"]["one"]["forecast"] = forecast
        assert settled(config)["datasets"]["one"]["forecast"] == forecast
    config["datasets"]["one"]["forecast"] = "stepmi"
    with pytest.raises(InputError, match=r"datasets\.one\.forecast[\s\S]*its network, stepmr"):
        settled(config)
    config["datasets"]["one"]["forecast"] = "arima"
    with pytest.raises(InputError, match="forecast"):
        settled(config)


def test_every_baseline_can_be_the_forecast():
    key = SCHEMA["properties"]["datasets"]["additionalProperties"]["properties"]["forecast"]
    assert set(key["enum"]) == {*RECIPES, NAME, *ROWS, "stepmr", "stepmi"}


def test_joint_is_allowed_where_it_is_owned_up_to():
    settled(with_graph("timed", embedding={"method": "joint", "causal": False}))


def test_a_sheet_is_needed_but_for_a_local_table():
    for dataset in ("one", "two"):
        config = deepcopy(GRAPHS)
        config["datasets"][dataset].pop("samples", None)
        if dataset == "two":
            config["datasets"][dataset]["interactions"] = {"url": "https://h/t.csv"}
        with pytest.raises(InputError, match=rf"datasets\.{dataset}\.samples"):
            settled(config)


ADDRESSES = [
    ("https://host/../a", "climbs"),
    ("https://host/a/../../b", "climbs"),
    ("https://host/a/%2e%2E/b", "climbs"),
    ("https://../a", "server"),
    ("https://./a", "server"),
    ("https://me:secret@../a", "server"),
    ("https://me:sec/ret@host/a", "server"),
    ("https://host:port/a", "server"),
    ("https://[::1/a", "server"),
    ("https://a..\\b/a", "server"),
    ("https://host/a b", "blank"),
    ("https://host/a\\..\\b", "blank"),
]


@pytest.mark.parametrize(("url", "found"), ADDRESSES)
def test_an_address_that_is_none_is_refused(config, url, found):
    """In a mirror, where it is looked for first, it would be another place."""
    put(config, "genome.fasta", {"url": url})
    validate(config, SCHEMA, "mine.yaml")
    with pytest.raises(InputError, match=rf"mine\.yaml, genome\.fasta\.url\n.*{found}") as error:
        settle(config, "mine.yaml")
    assert "sec" not in str(error.value)


@pytest.mark.parametrize(
    "url",
    [
        "https://host/a",
        "http://me:secret@h-1.Org:8080/a..b/c?d=..",
        "https://[::1]:80/a",
        "http://1.2.3.4/x",
    ],
)
def test_an_address_of_a_file_is_one(config, url):
    put(config, "genome.fasta", {"url": url})
    validate(config, SCHEMA, "mine.yaml")
    settle(config, "mine.yaml")


def test_a_checksum_in_capitals_is_the_same_checksum(config):
    put(config, "genome.fasta", {"url": "https://host/a", "checksum": "SHA256:" + "Ab" * 32})
    validate(config, SCHEMA, "mine.yaml")
    settle(config, "mine.yaml")
    assert config["genome"]["fasta"]["checksum"] == "sha256:" + "ab" * 32


PATHS = {
    "genome.fasta.path": "{x}.fa",
    "datasets.mrna.samples": "a{b/c.tsv",
    "datasets.mrna.overrides": "{dataset}.tsv",
    "names.cache": "cache}.json",
    "demo.samples": "{}.tsv",
}


@pytest.mark.parametrize(("key", "path"), PATHS.items())
def test_a_path_that_holds_a_wildcard_is_refused(config, tmp_path, monkeypatch, key, path):
    monkeypatch.chdir(tmp_path)
    Path(path).parent.mkdir(exist_ok=True)
    Path(path).write_text("")
    put(config, key, path)
    validate(config, SCHEMA, "mine.yaml")
    with pytest.raises(InputError, match=re.escape(f"mine.yaml, {key}\n") + "(.|\n)*wildcard"):
        check_files(config, "mine.yaml")


@pytest.mark.parametrize("path", [".", "..", "/"])
def test_a_folder_is_no_file(config, path):
    put(config, "genome.fasta.path", path)
    validate(config, SCHEMA, "mine.yaml")
    with pytest.raises(InputError, match=r"genome\.fasta\.path\n.*: a folder"):
        check_files(config, "mine.yaml")


def test_the_files_that_a_user_brought(config):
    """What rules make is in none of them; the demo's folder is one's own without the demo."""
    put(config, "genome.aliases", {"url": "https://host/a", "format": "pairs"})
    put(config, "genome.fasta.path", "./my/genome.fa")
    put(config, "maps.folded.path", "resources/mine.mcool")
    put(config, "names.cache", "results/other/mygene.json")
    put(config, "datasets.mrna.overrides", "results/t/names.tsv")
    validate(config, SCHEMA, "mine.yaml")
    sheets = {config["demo"]["samples"], config["datasets"]["mrna"]["samples"]}
    mine = {"my/genome.fa", "resources/mine.mcool", "results/other/mygene.json"}
    assert given_files(config, "results/t") == mine | sheets
    config["demo"] = None
    assert "resources/demo/annotation.gtf" in given_files(config, "results/t")


@pytest.mark.parametrize(
    ("path", "remedy"),
    [
        ("data/hic.mcool::/resolutions/10000", "the file alone, data/hic.mcool: `resolution`"),
        ("~/maps/hic.mcool", "not expanded here: write /home/me/maps/hic.mcool"),
        ("$HOME/hic.mcool", "not expanded here: write /home/me/hic.mcool"),
        ("$NOWHERE_SET/hic.mcool", "write the whole path"),
        ("data/none.mcool", "check the path; it starts from /"),
        ("resources/none.mcool", "check the path; it starts from /"),
    ],
)
def test_paths_that_work_elsewhere_say_how_to_write_them(config, path, remedy, monkeypatch):
    monkeypatch.setenv("HOME", "/home/me")
    put(config, "maps.folded.path", path)
    validate(config, SCHEMA, "mine.yaml")
    with pytest.raises(InputError) as error:
        check_files(config, "mine.yaml")
    assert error.value.place == "maps.folded.path" and "no such file" in error.value.found
    assert remedy in error.value.remedy


@pytest.mark.parametrize(
    ("keys", "refused"),
    [
        ({"format": "hic"}, False),
        ({"format": "hicpro", "bins": {"path": "b.bed"}}, False),
        ({"format": "hicpro"}, True),
        ({"format": "mcool", "bins": {"path": "b.bed"}}, True),
        ({"format": "hic", "files": {"chr1": {"path": "m.hic"}}}, True),
    ],
)
def test_formats_of_maps_and_the_bins_of_hicpro(config, keys, refused):
    config["maps"]["folded"] = {"path": "m"} | keys
    if refused:
        with pytest.raises(InputError, match=r"maps\.folded"):
            settled(config)
    else:
        assert settled(config)["maps"]["folded"]["format"] == keys["format"]


@pytest.mark.parametrize(
    ("values", "given", "settled_to"),
    [
        ("counts", {}, ("median_of_ratios", "detected")),
        ("counts", {"normalise": "none", "detection": {"keep": "all"}}, ("none", "all")),
        ("normalised", {}, ("none", "all")),
        ("normalised", {"normalise": "median_of_ratios"}, ("median_of_ratios", "all")),
        ("log2", {}, ("none", "all")),
        ("log2", {"normalise": "median"}, ("median", "all")),
    ],
)
def test_counts_alone_are_scaled_and_filtered_unless_said_otherwise(values, given, settled_to):
    config = deepcopy(GRAPHS)
    config["datasets"]["one"] |= {"values": values, **given}
    one = settled(config)["datasets"]["one"]
    assert (one["normalise"], one["detection"]["keep"]) == settled_to


def test_counts_beside_a_table_of_interactions_keep_all_genes():
    config = deepcopy(GRAPHS)
    config["datasets"]["one"] |= {"values": "counts", "graphs": ["timed", "given"]}
    config["datasets"]["two"] |= {"values": "counts", "normalise": "none"}
    done = settled(config)["datasets"].values()
    assert [dataset["detection"]["keep"] for dataset in done] == ["all", "all"]


def test_logarithms_are_not_divided(config):
    config["datasets"]["mrna"]["normalise"] = "median_of_ratios"
    with pytest.raises(InputError, match=r"(?s)datasets.mrna.normalise.*normalise: median"):
        settled(config)


def test_one_section_given_to_two_datasets_is_settled_for_each():
    config, shared = deepcopy(GRAPHS), {"keep": "auto"}
    config["datasets"]["one"] |= {"values": "counts", "detection": shared}
    config["datasets"]["two"]["detection"] = shared
    validate(config, SCHEMA, "c.yaml")
    settle(config, "c.yaml")
    kept = [config["datasets"][name]["detection"]["keep"] for name in ("one", "two")]
    assert kept == ["detected", "all"]


@pytest.mark.parametrize(
    ("keys", "distance"),
    [
        ({"resolution": 10_000}, 2_000_000),
        ({"resolution": 100_000}, 2_000_000),
        ({"resolution": 1_000_000}, 20_000_000),
        ({"resolution": 50_000, "max_distance": 700}, 700),
        ({"resolution": 50_000, "max_distance": None}, None),
    ],
)
def test_pairs_of_genes_are_near_unless_said_otherwise(keys, distance):
    graphs = settled(with_graph("timed", **keys))["graphs"]
    assert graphs["timed"]["max_distance"] == graphs["control"]["max_distance"] == distance
    assert graphs["given"]["max_distance"] is None
    assert graphs["timed"]["min_contacts"] == 10


def test_published_graphs_take_every_pair():
    for name in ("published_step", "mouse_lung"):
        for graph in settled(load(ROOT / f"config/{name}.yaml"))["graphs"].values():
            assert (graph["max_distance"], graph["min_contacts"]) == (None, 0)


def test_a_dataset_without_a_map_gets_a_graph_without_pairs():
    config = deepcopy(GRAPHS)
    for dataset in config["datasets"].values():
        dataset["graphs"] = []
    del config["graphs"], config["maps"]
    done = settled(config)
    assert [dataset["graphs"] for dataset in done["datasets"].values()] == [["no_map"]] * 2
    graph = done["graphs"]["no_map"]
    assert not (graph["maps"] or graph["interactions"] or graph["rewire"])
    assert graph["embedding"]["method"] == "warm_start"
    config = with_graph("no_map", interactions={"path": "t.csv"})
    config["datasets"]["one"]["graphs"] = []
    with pytest.raises(InputError, match=r"(?s)graphs.no_map.*one has `graphs: \[\]`"):
        settled(config)


def test_a_file_is_no_folder_for_features(config, tmp_path):
    config["beluga"]["cache"] = str(tmp_path / "features")
    validate(config, SCHEMA, "mine.yaml")
    check_files(config, "mine.yaml")  # it is made
    Path(config["beluga"]["cache"]).write_text("")
    with pytest.raises(InputError, match=r"beluga\.cache\n.*features: a file"):
        check_files(config, "mine.yaml")


def test_a_table_of_features_that_is_missing_is_named_by_its_key(config):
    config["beluga"]["tables"] = ["nowhere/chr1.h5"]
    validate(config, SCHEMA, "mine.yaml")
    with pytest.raises(InputError, match=r"beluga\.tables(.|\n)*nowhere/chr1\.h5: no such file"):
        check_files(config, "mine.yaml")


def test_every_folder_that_cannot_be_written_to_is_named(tmp_path, monkeypatch):
    for folder in ("results/one/hic", "results/one/graph", "resources"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    check_folders("results/one")
    check_folders("results/none_yet")
    # Permissions do not bind root, so what is asked of the system is answered here.
    locked = {Path("results/one/graph"), Path("results/one/hic"), Path("resources")}
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) not in locked)
    with pytest.raises(InputError) as refused:
        check_folders("results/one")
    said = str(refused.value)
    assert "2 mistakes" in said and f"{tmp_path}/results/one/graph" in said
    assert "--directory" in said and "resources" not in said
