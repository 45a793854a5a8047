"""What the tiny demo gives to take away: it opens, agrees with the tables, and links resolve."""

import shutil
import subprocess
import sys
import zipfile
from urllib.parse import unquote

import anndata
import numpy as np
import pandas as pd
import pybigtools
import pytest
import yaml

from cited import Page
from foldcast.files import read_table

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def results(complete):
    return complete.project.folder / complete.project.results


@pytest.fixture(scope="module")
def taken(results):
    return results / "report/take_away"


def test_every_link_of_the_page_leads_to_a_file(results):
    page = results / "report/index.html"
    addresses = Page(page.read_text()).addresses
    near = [one for one in addresses if not one.startswith(("#", "data:"))]
    assert len(near) > 30
    assert [one for one in near if not (page.parent / unquote(one)).is_file()] == []


def test_tracks_hold_the_scores(results, taken):
    table = read_table(results / "hic/folded/10000/insulation.tsv")
    column = next(name for name in table if name.startswith("log2_insulation_score_"))
    path = sorted(taken.glob("folded.10000.insulation.*.bw"))[0]
    own = table[table["chrom"] == "chr1"].dropna(subset=column)
    rows = list(pybigtools.open(str(path)).records("chr1"))
    np.testing.assert_allclose([row[2] for row in rows], own[column], rtol=1e-6)
    track = pybigtools.open(str(taken / "folded.50000.compartments.bw"))
    assert track.info()["summary"]["basesCovered"] > 0


def test_the_panel_holds_forecasts_skill_and_places(results, taken):
    data = anndata.read_h5ad(taken / "mrna.h5ad")
    panel = read_table(results / "expression/mrna/panel.tsv").set_index("gene")
    np.testing.assert_allclose(data.to_df().T, panel[data.obs_names])
    made = read_table(results / "evaluation/mrna/baselines.tsv")
    made = made[made["model"] == data.uns["forecast"]["model"]]
    row = made.iloc[-1]
    column = data.var_names.get_loc(row["gene"])
    at = data.obs["time"].to_numpy() == row["target_time"]
    assert at.any()
    np.testing.assert_allclose(data.layers["forecast"][at, column], row["predicted"])
    assert np.isnan(data.layers["forecast"][0]).all()  # before the first origin
    scores = read_table(results / "evaluation/mrna/scores.tsv", dtype={"graph": str})
    own = scores[scores["model"] == data.uns["forecast"]["model"]].set_index("gene")["skill"]
    np.testing.assert_allclose(data.var["skill"], own[data.var_names])
    assert (data.var["chrom"] != "").any() and data.var["compartment_score"].notna().any()
    assert len(data.uns["verdict"])


def test_the_archive_holds_the_files_as_they_lie(results):
    with zipfile.ZipFile(results / "report/take_away.zip") as archive:
        names = archive.namelist()
        assert archive.testzip() is None
        for name in ("tiny/report/take_away/methods.md", "tiny/evaluation/mrna/scores.tsv"):
            assert archive.read(name) == (results.parent / name).read_bytes()
    kinds = {"bw", "bed", "bedpe", "h5ad", "png", "svg"}
    assert {name.rpartition(".")[2] for name in names} >= kinds


def test_the_archive_is_read_by_its_own_python(results, tmp_path):
    with zipfile.ZipFile(results / "report/take_away.zip") as archive:
        archive.extractall(tmp_path)
    script = tmp_path / "tiny/report/take_away/read_results.py"
    done = subprocess.run([sys.executable, script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    verdict = read_table(results / "evaluation/mrna/verdict.tsv")["sentence"][0]
    assert verdict in done.stdout and "AnnData object" in done.stdout


@pytest.mark.skipif(not shutil.which("Rscript"), reason="no Rscript on this machine")
def test_the_results_are_read_by_their_own_r(results, taken):
    done = subprocess.run(
        ["Rscript", taken / "read_results.R"], capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert read_table(results / "evaluation/mrna/verdict.tsv")["sentence"][0] in done.stdout


def test_what_a_paper_says_is_of_this_run(results, taken):
    methods = (taken / "methods.md").read_text()
    samples = read_table(results / "expression/mrna/samples.tsv")
    loci = read_table(results / "expression/mrna/loci.tsv")
    assert f"{len(loci):,} genes in {len(samples)} samples" in methods
    assert "cooler 0." in methods and "bins of 10,000 bp" in methods
    assert "node2vec" in (taken / "how_to_cite.md").read_text()
    assert "xgboost" not in (taken / "references.bib").read_text()  # no sequence half in this run
    assert yaml.safe_load((taken / "config.yaml").read_text())["name"] == "tiny"


def test_multiqcs_tables_hold_skill_and_maps(results, taken):
    scores = read_table(results / "evaluation/mrna/evaluation.tsv")
    text = (taken / "multiqc/foldcast_datasets_mqc.tsv").read_text().splitlines()
    rows = pd.DataFrame([line.split("\t") for line in text if not line.startswith("#")])
    rows = rows.T.set_index(0).T
    skill = scores[(scores["model"] == "stack") & (scores["metric"] == "skill")]["value"].iloc[0]
    assert float(rows["skill"].iloc[0]) == pytest.approx(skill)
    assert "foldcast_maps_mqc.tsv" in {path.name for path in (taken / "multiqc").iterdir()}
