"""Rows that are one gene: kept or merged by their names, whatever their values."""

import numpy as np
import pandas as pd
import pytest

from foldcast.expression.expression_tables import read_expression
from foldcast.expression.sample_sheets import read_overrides, read_samples
from foldcast.files import read_table, write_table
from foldcast.genes.duplicate_genes import mark_merged, merge_rows
from foldcast.genes.name_resolution import resolve_panel
from scripts.expression import build_panel


@pytest.fixture
def resolved():
    genes = ["A", "b", "x", "C", "a (again)", "y"]
    ids = pd.Series(["g1", "g2", None, "g3", "g1", None])
    loci = pd.DataFrame({"gene": genes, "symbol": ids, "gene_id": ids})
    return loci, pd.DataFrame({"gene": genes, "explanation": "said"})


def test_rows_of_one_gene_are_kept_and_said(resolved, caplog):
    with caplog.at_level("INFO", "foldcast"):
        loci, report = mark_merged(*resolved, "keep")
    pd.testing.assert_frame_equal(loci, resolved[0])
    assert report["merged_into"].isna().all() and report["explanation"].eq("said").all()
    assert "one gene, kept apart: rows A, a (again)" in caplog.text


def test_rows_of_one_gene_are_merged_as_the_first(resolved, caplog):
    with caplog.at_level("INFO", "foldcast"):
        loci, report = mark_merged(*resolved, "merge")
    assert loci["gene"].tolist() == ["A", "b", "x", "C", "y"]
    merged = report.set_index("gene")
    assert merged["merged_into"].dropna().to_dict() == {"a (again)": "A"}
    assert merged["explanation"]["a (again)"] == "said; merged into A"
    assert "one gene, merged as A: rows A, a (again)" in caplog.text


def test_merged_rows_are_the_mean_and_the_others_stay(resolved):
    measured = pd.DataFrame(np.random.default_rng(1).normal(size=(6, 4)), index=resolved[0]["gene"])
    _, report = mark_merged(*resolved, "merge")
    panel = merge_rows(measured, report.set_index("gene")["merged_into"])
    assert panel.index.tolist() == ["A", "b", "x", "C", "y"] and panel.index.name == "gene"
    np.testing.assert_allclose(panel.loc["A"], (measured.iloc[0] + measured.iloc[4]) / 2)
    pd.testing.assert_frame_equal(panel.loc["b":], measured.loc[["b", "x", "C", "y"]])
    # A sample that comes later changes nothing in those before.
    measured[3] = 99.0
    again = merge_rows(measured, report.set_index("gene")["merged_into"])
    pd.testing.assert_frame_equal(again[[0, 1, 2]], panel[[0, 1, 2]])


@pytest.mark.parametrize(("rule", "genes"), [("keep", 126), ("merge", 125)])
def test_the_mouse_lung_panel_has_one_gene_twice(
    lung_table, mouse_lung, mm9, rule, genes, tmp_path
):
    samples = read_samples(mouse_lung / "samples.tsv")
    measured = read_expression(lung_table, samples)
    resolved = resolve_panel(measured.index, mm9, read_overrides(mouse_lung / "names.tsv"))
    loci, report = mark_merged(*resolved, rule)
    write_table(measured, tmp_path / "measured.tsv", index=True)
    write_table(report, tmp_path / "report.tsv")
    write_table(samples.assign(copy_of=pd.NA), tmp_path / "samples.tsv")
    job = Job(tmp_path)
    build_panel.main(job)
    panel = read_table(job.output.panel, dtype={"gene": str}).set_index("gene")
    assert panel.index.tolist() == loci["gene"].tolist() and len(panel) == genes
    said = report.set_index("gene")["explanation"]
    assert "shares its locus with RAGE" in said["AGER"]
    assert said["RAGE"].endswith("; merged into AGER") == (rule == "merge")
    if rule == "merge":
        expected = measured.loc[["AGER", "RAGE"]].mean().to_numpy()
        np.testing.assert_allclose(panel.loc["AGER"], expected, rtol=1e-9)
    time_course = read_table(job.output.time_course, dtype={"gene": str}).set_index("gene")
    assert (
        time_course.shape == (genes, 43)
        and list(time_course)[0] == "-4.5"
        and list(time_course)[-1] == "28.0"
    )
    first = job.output.panel.read_bytes()
    build_panel.main(job)
    assert job.output.panel.read_bytes() == first


class Files(dict):
    __getattr__ = dict.__getitem__


class Job:
    def __init__(self, folder):
        names = ("measured", "report", "samples")
        self.input = Files({name: folder / f"{name}.tsv" for name in names})
        self.output = Files({n: folder / f"{n}.tsv" for n in ("panel", "time_course", "variance")})
