"""Where the paths of a config lead when foldcast is started from another folder."""

import pytest

from foldcast.config.checkout_paths import beside_or_ours, paths_of


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A checkout with a sheet and results; the working directory is another folder."""
    for path in ("checkout/config/demo/samples.tsv", "checkout/resources/demo/genome.fa"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text("")
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return tmp_path / "checkout"


def test_a_bundled_file_is_found_from_anywhere(checkout):
    ours = str(checkout / "config/demo/samples.tsv")
    config = {"datasets": {"mrna": {"samples": "config/demo/samples.tsv", "graphs": ["folded"]}}}
    found = {"datasets": {"mrna": {"samples": ours, "graphs": ["folded"]}}}
    assert paths_of(config, checkout) == found


def test_the_working_directory_comes_first(checkout, tmp_path):
    sheet = tmp_path / "work/config/demo/samples.tsv"
    sheet.parent.mkdir(parents=True)
    sheet.write_text("")
    assert beside_or_ours("config/demo/samples.tsv", checkout) == "config/demo/samples.tsv"


@pytest.mark.parametrize(
    "path", ["resources/demo/genome.fa", "config/demo/other.tsv", "config/demo", "mrna"]
)
def test_all_else_starts_from_the_working_directory(checkout, path):
    assert beside_or_ours(path, checkout) == path


def test_the_order_of_keys_and_what_is_no_text_stay(checkout):
    config = {"b": [1, None, {"x": True}], "a": 0.5}
    assert list(paths_of(config, checkout)) == ["b", "a"] and paths_of(config, checkout) == config
