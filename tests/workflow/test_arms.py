"""Two arms in one sheet: each a dataset, one held against the other; what was planted is said."""

import numpy as np
import pandas as pd
import pytest

import in_one_process
import small_lab
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.verdicts_in_words import verdicts

ARMS = "results/lab/evaluation/drug/arms"
PLANTED = slice(3, 8)  # genes that rise at time 12 in the treated arm


@pytest.fixture
def lab(made_once, tmp_path) -> small_lab.Lab:
    """The treated samples stand behind those of control, noisier, in the same table and sheet."""
    lab = small_lab.copy_of(made_once("small_lab", small_lab.make), tmp_path / "lab")
    header, *genes = lab.rows()
    values = np.array([row[1:] for row in genes], float)
    treated = values + np.random.default_rng(1).normal(0, 0.3, values.shape)
    treated[PLANTED, 12:] += 2
    both = zip(genes, np.concatenate([values, treated], axis=1).round(5), strict=True)
    lab.put([[*header, *(f"{name}_d" for name in header[1:])],
             *([row[0], *map(str, cells)] for row, cells in both)])  # fmt: skip
    first, *samples = lab.rows(small_lab.SHEET)
    rows = [[*first, "arm"], *([*row, "control"] for row in samples)]
    for name, column, time, replicate in samples:
        rows.append([f"{name}_d", str(int(column) + 24), time, replicate, "treated"])
    lab.put(rows, small_lab.SHEET)
    about = lab.config["datasets"].pop("mrna")
    lab.set("datasets.ctrl", {**about, "arm": "control"})
    lab.set("datasets.drug", {**about, "arm": "treated", "against": "ctrl"})
    lab.set("evaluation.folding", {"shifts": 99, "planted": 10})
    return lab


def read(lab: small_lab.Lab, name: str) -> pd.DataFrame:
    return pd.read_csv(lab.path(f"{ARMS}/{name}.tsv"), sep="\t")


@pytest.mark.slow
def test_arms_are_compared_from_one_sheet(lab):
    said = lab.preflight()
    assert "drug against ctrl: 34 genes, 12 common times of 12 and 12" in said
    assert said.count("12 times from 0 to 22 (hour), 2 replicates each") == 2
    for job in in_one_process.plan(lab.folder, small_lab.CONFIG, f"{ARMS}/verdict.tsv"):
        in_one_process.call(job, lab.folder)
    names = [row[0] for row in lab.rows()[1:]]
    changes = read(lab, "changes")
    called = changes[changes["q"] <= 0.05]
    assert {*called["gene"]} == {*names[PLANTED]}
    assert (called["from"] == 10).all() and (called["to"] == 12).all()

    table = read(lab, "verdict")
    assert table["comparison"].tolist() == [
        "changes: drug - ctrl",
        "contact on folded: drug - ctrl",
    ]
    assert table["sentence"][0].startswith("5 genes change differently in drug than in ctrl")
    assert "shifted maps" in table["sentence"][1] and "exploratory" in table["sentence"][1]
    tables = Tables({"arms.drug": lab.path(f"{ARMS}/verdict.tsv")}, lab.folder / "results/lab")
    on_page = verdicts(tables, "arms.drug")
    assert [row["verdict"] for row in on_page] == table["verdict"].tolist()

    own, other = (
        pd.read_csv(lab.path(f"results/lab/expression/{name}/course.tsv"), sep="\t", index_col=0)
        for name in ("drug", "ctrl")
    )
    table = read(lab, "other_arm")
    forecasts = table[table["target_time"] == 12].set_index("gene")["predicted"]
    # Times 10 and 12 are the sixth and the seventh.
    expected = own.iloc[:, 5] + other.iloc[:, 6] - other.iloc[:, 5]
    np.testing.assert_allclose(forecasts[expected.index], expected, atol=1e-6)


def test_either_arm_is_stale_by_its_sheet_alone(lab):
    """One plan: each arm's table is read for itself, and the comparison reads both."""
    lab.save()
    jobs = in_one_process.plan(lab.folder, small_lab.CONFIG, f"{ARMS}/verdict.tsv")
    imported = {
        job.wildcards.dataset: job.params.arm for job in jobs if job.rule == "import_expression"
    }
    assert imported == {"ctrl": "control", "drug": "treated"}
    (compared,) = [job for job in jobs if job.rule == "compare_arms"]
    assert {path.split("/")[3] for path in compared.input} == {"ctrl", "drug"}
    assert [job.wildcards.graph for job in jobs if job.rule == "differ_together"] == ["folded"]
