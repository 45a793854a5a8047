"""docs/your-own-forecaster.md: its example is scored and stacked, and stands on the leaderboard."""

import re

import numpy as np
import pandas as pd
import pytest
import yaml

import in_one_process
import small_lab
from bad_forecasters import persistence
from foldcast.report.page import charts
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.temporal_section import score_table
from project import ROOT

PAGE = (ROOT / "docs/your-own-forecaster.md").read_text()
BLOCKS = re.findall(r"(?m)^```(\w+)\n(.*?)^```$", PAGE, re.DOTALL)
RESULTS = "results/lab"


@pytest.fixture
def lab(made_once, tmp_path) -> small_lab.Lab:
    """A lab without a map that brings the page's function, and a table of persistence."""
    lab = small_lab.copy_of(made_once("small_lab", small_lab.make), tmp_path / "lab")
    for key in ("maps", "graphs"):
        del lab.config[key]
    lab.set("datasets.mrna.graphs", [])
    (code,) = [text for kind, text in BLOCKS if kind == "python"]
    lab.write("damped.py", code)
    header, *_ = next(text for kind, text in BLOCKS if kind == "text").splitlines()
    rows = persistence(lab)
    assert header.split(",") == rows[0]
    lab.put(rows, "theirs.csv", sep=",")
    forecasters = {}
    for kind, text in BLOCKS:
        if kind == "yaml":
            forecasters |= yaml.safe_load(text)["datasets"]["mrna"]["forecasters"]
    lab.set("datasets.mrna.forecasters", forecasters)
    return lab


def make(lab: small_lab.Lab, *targets: str) -> None:
    lab.save()
    for job in in_one_process.plan(lab.folder, small_lab.CONFIG, *targets):
        in_one_process.call(job, lab.folder)


def read(lab: small_lab.Lab, path: str) -> pd.DataFrame:
    return pd.read_csv(lab.path(f"{RESULTS}/{path}"), sep="\t")


def test_the_page_s_function_forecasts_what_it_says(lab):
    said = lab.preflight()
    assert "forecaster damped: a function" in said
    assert "forecaster theirs: a table, causality unverified" in said
    make(lab, f"{RESULTS}/evaluation/mrna/given/damped.tsv")
    table = read(lab, "evaluation/mrna/given/damped.tsv")
    means = read(lab, "expression/mrna/course.tsv").set_index("gene").to_numpy()
    origins = range(5, 11)
    expected = [means[:, k] + 0.3 * (means[:, k] - means[:, k - 3]) / 3 for k in origins]
    assert table["predicted"].to_numpy() == pytest.approx(np.concatenate(expected), abs=1e-6)
    assert table["target_time"].tolist() == np.repeat(np.arange(12, 24, 2), 34).tolist()


@pytest.mark.slow
def test_it_is_scored_stacked_drawn_and_ranked(lab):
    (lab.folder / "folder").mkdir()
    rng = np.random.default_rng(1)
    for name, n_times in (("walks", 14), ("others", 9)):
        walks = rng.normal(size=(30, n_times)).cumsum(axis=1).round(4)
        table = pd.DataFrame(walks, index=[f"g{k}" for k in range(30)], columns=range(n_times))
        table.rename_axis("gene").to_csv(lab.folder / f"folder/{name}.tsv.gz", sep="\t")
    lab.write("folder/notes.txt", "no\ttime\tcourse\n")
    lab.set("evaluation.courses", "folder")
    assert "time course walks: 30 genes, 7 origins" in lab.preflight()
    make(lab, "leaderboard", "plot_leaderboard", f"{RESULTS}/report/figures/skill.mrna.svg")

    evaluation = read(lab, "evaluation/mrna/evaluation.tsv")
    skill = evaluation[evaluation["metric"] == "skill"].set_index("model")
    kinds = skill["kind"]
    assert kinds["damped"] == kinds["stack_with_damped"] == "given function"
    assert kinds["theirs"] == kinds["stack_with_theirs"] == "causality unverified"
    assert skill.loc["theirs", "value"] == pytest.approx(0, abs=1e-5)
    verdict = read(lab, "evaluation/mrna/verdict.tsv").set_index("comparison")["sentence"]
    assert {f"damped - {other}" for other in ("persistence", "stack")} <= {*verdict.index}
    assert "damped" in verdict["stack_with_damped - stack"]

    board = read(lab, "leaderboard/leaderboard.tsv").set_index("model")
    assert {"mrna", "walks", "others"} < {*board.columns}
    assert board.loc["damped", "mrna"] == pytest.approx(skill.loc["damped", "value"], abs=1e-9)
    assert board.loc[["damped", "stack", "persistence"], "rank"].notna().all()
    assert board.loc[["theirs", "stepmr"], "rank"].isna().all()
    assert board.loc["theirs", ["walks", "others"]].isna().all()
    for figure in ("leaderboard", "skill.mrna"):
        drawn = lab.read(f"{RESULTS}/report/figures/{figure}.svg")
        assert "causality unverified" in drawn and "base forecast with damped" in drawn
    on_page = charts.skill(evaluation)["figure"]["data"]
    (marked,) = [each for each in on_page if "causality unverified" in each["name"]]
    assert {*marked["y"]} == {"theirs", "base forecast with theirs"}
    tables = Tables({"e": lab.path(f"{RESULTS}/evaluation/mrna/evaluation.tsv")}, lab.folder)
    shown = score_table(tables, "e", {"forecast": ("-", "stack")})
    rows = {row["name"]: row["kind"] for row in shown}
    assert rows["theirs"] == rows["base forecast with theirs"] == "causality unverified"
    assert rows["damped"] == rows["base forecast with damped"] == "given function"
