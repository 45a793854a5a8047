"""Two small folders of results side by side: what was planted differs, and nothing else."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from cited import Page
from foldcast.errors import InputError
from foldcast.files import read_table, write_table
from foldcast.take_away.compare_runs import compare, main, page


def results(folder: Path, skill: float, verdict: str, gene_skill: float, call: str) -> Path:
    """A run of one dataset with two genes; gene `a` is the one that runs may differ in."""
    base = {"model": "stack", "graph": "-", "kind": "baseline"}
    tables = {
        "evaluation": [base | {"metric": "skill", "value": skill, "low": 0.0, "high": 0.4},
                       base | {"metric": "mse", "value": 9, "low": 8, "high": 10}],
        "scores": [base | {"gene": "a", "skill_over_local_level": gene_skill},
                   base | {"gene": "b", "skill_over_local_level": 0.3}],
        "verdict": [{"comparison": "stack - persistence", "verdict": verdict, "sentence": "S."}],
        "stack/ahead": [{"gene": "a", "horizon": 1, "forecast_to_change": call},
                        {"gene": "b", "horizon": 1, "forecast_to_change": "no"},
                        {"gene": "b", "horizon": 2, "forecast_to_change": call}],
    }  # fmt: skip
    for name, rows in tables.items():
        path = folder / f"evaluation/mrna/{name}.tsv"
        path.parent.mkdir(parents=True, exist_ok=True)
        write_table(pd.DataFrame(rows), path)
    config = {"name": folder.name, "step": {"window": 3}, "seeds": [1, 2], "extra": None}
    (folder / "report/take_away").mkdir(parents=True)
    (folder / "report/take_away/config.yaml").write_text(yaml.safe_dump(config))
    return folder


@pytest.fixture
def runs(tmp_path) -> list[Path]:
    return [
        results(tmp_path / "first", 0.1, "better", 0.2, "up"),
        results(tmp_path / "second", 0.3, "cannot be decided", -0.1, "no"),
    ]


def test_what_differs_is_told_and_only_that(runs):
    found = compare(runs)
    assert found["config"]["key"].tolist() == ["name"]
    (skill,) = found["skill"].to_dict("records")
    assert (skill["first: value"], skill["second: value"]) == (0.1, 0.3)
    (verdict,) = found["verdicts"].to_dict("records")
    assert verdict["differs"] == "yes" and verdict["second: verdict"] == "cannot be decided"
    (gene,) = found["genes"].to_dict("records")
    assert gene["gene"] == "a" and gene["call changed"] == "yes"
    assert gene["difference"] == pytest.approx(0.3)


def test_a_run_and_its_copy_differ_in_nothing(runs, tmp_path):
    again = results(tmp_path / "again/first", 0.1, "better", 0.2, "up")
    found = compare([runs[0], again])
    assert found["config"].empty and found["genes"].empty
    assert found["verdicts"]["differs"].tolist() == ["no"]
    assert f"{again}: value" in found["skill"]  # both are called first


def test_three_runs_and_a_key_that_one_lacks(runs, tmp_path):
    third = results(tmp_path / "third", 0.2, "worse", 0.2, "up")
    path = third / "report/take_away/config.yaml"
    path.write_text(path.read_text().replace("extra: null\n", ""))
    found = compare([*runs, third])
    assert found["config"]["key"].tolist() == ["extra", "name"]
    assert found["config"]["third"].tolist() == ["", "third"]


def test_names_cannot_break_the_page(runs):
    tables = compare(runs)
    tables["genes"]["gene"] = "<script>x</script>"
    text = page(tables, ["<b>", "second"])
    assert "<script>" not in text and "<b>" not in text
    assert all("://" not in address for address in Page(text).addresses)


def test_the_command_writes_tables_and_a_page_whose_links_resolve(runs, tmp_path, capsys):
    assert main([*map(str, runs), "--to", str(tmp_path / "compared")]) == 0
    assert "1 keys differ, 1 verdicts, 1 genes changed sides" in capsys.readouterr().out
    assert read_table(tmp_path / "compared/genes.tsv")["gene"].tolist() == ["a"]
    addresses = Page((tmp_path / "compared/index.html").read_text()).addresses
    near = [address for address in addresses if not address.startswith("data:")]
    assert len(near) == 4 and all((tmp_path / "compared" / one).is_file() for one in near)


@pytest.mark.parametrize("wrong", ["one folder", "no results"])
def test_folders_that_cannot_be_compared_are_refused_in_words(runs, tmp_path, wrong, capsys):
    given = [runs[0], runs[0]] if wrong == "one folder" else [runs[0], tmp_path]
    with pytest.raises(InputError):
        compare(given)
    assert main([*map(str, given), "--to", str(tmp_path / "to")]) == 1
    assert "remedy" in capsys.readouterr().err
    assert not (tmp_path / "to").exists()
