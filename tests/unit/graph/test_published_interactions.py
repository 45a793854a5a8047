"""Tables of interactions as input: read, checked against themselves, and made a dataset of."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.files import read_table, write_table
from foldcast.graph.gene_agreement import read_interactions
from foldcast.graph.published_interactions import time_course_sheet
from foldcast.text_table import read_text_table
from scripts.graph import import_interactions, unfold_interactions

GENES = {  # chromosome, start, end, compartment, then two times
    "a": ("1", 100, 200, "A", 1.0, 2.0),
    "b": ("1", 900, 990, "B", 3.0, 4.0),
    "c": ("1", 5000, 5100, "A", 5.0, 6.0),
    "d": ("X", 50, 80, "B", 7.0, 8.0),
}


def row(one: str, two: str, contact: float, records: tuple[str, str] | None = None) -> dict:
    """A row of a pair; ``records`` gives the genes whose records stand there instead."""
    cells: dict = {}
    for side, gene, record in zip(
        ("Gene1", "Gene2"), (one, two), records or (one, two), strict=True
    ):
        chrom, start, end, compartment, *times = GENES[record]
        cells[side] = gene
        cells |= {f"{side}_Chromosome": chrom, f"{side}_Start": start, f"{side}_End": end}
        cells |= {f"{side}_Time_{t}": value for t, value in zip((-4.5, 0.5), times, strict=True)}
        cells[f"{side}_Compartment"] = compartment
    return cells | {"HiC_Interaction": contact}


def write(path, rows: list[dict], **columns):
    write_table(pd.DataFrame(rows).assign(**columns), path, sep=",")
    return path


@pytest.fixture
def good(tmp_path):
    return write(tmp_path / "t.csv", [row("a", "b", 2.0), row("a", "c", 3.0), row("b", "c", 1.0)])


def test_a_table_that_agrees(good):
    given = read_interactions(good, "refuse")
    assert given.findings == []
    assert given.pairs["HiC_Interaction"].tolist() == [2.0, 3.0, 1.0]
    assert given.profiles.loc["c"].tolist() == [5.0, 6.0] and list(given.genes.index) == list("abc")
    assert given.genes.loc["b", "Compartment"] == "B"
    assert given.genes["Insulation_Score"].isna().all()  # a column that the table lacks
    sheet = time_course_sheet(good)[["sample", "time"]]
    assert sheet.values.tolist() == [["-4.5", -4.5], ["0.5", 0.5]]


def test_a_row_with_anothers_record_is_found_and_left_out(tmp_path):
    rows = [row("a", "b", 2.0), row("a", "c", 3.0), row("a", "b", 9.0, ("d", "b"))]
    path = write(tmp_path / "t.csv", rows)
    given = read_interactions(path)
    assert given.pairs["HiC_Interaction"].tolist() == [2.0, 3.0]
    assert given.profiles.loc["a"].tolist() == [1.0, 2.0]
    said = "; ".join(given.findings)
    assert "1 of 3 rows carry another locus" in said and "a in line 4" in said
    assert "another profile" in said and "left out: 1 rows" in said
    kept = read_interactions(path, "keep")
    assert kept.pairs["HiC_Interaction"].tolist() == [3.0, 9.0]  # the strongest of the repeated
    assert "repeated pairs, such as a and b" in kept.findings[-1]
    with pytest.raises(InputError, match=r"another locus[\s\S]*conflicts: majority"):
        read_interactions(path, "refuse")


def test_no_record_is_given_to_two_genes_as_long_as_each_can_have_its_own(tmp_path):
    """Two of c's three rows carry a's record; a has it in most of its own."""
    rows = [row("a", "b", 1.0), row("a", "d", 1.0), row("a", "c", 1.0)]
    rows += [row("c", "b", 1.0, ("a", "b")), row("c", "d", 1.0, ("a", "d"))]
    given = read_interactions(write(tmp_path / "t.csv", rows))
    assert given.genes.loc["c", "Start"] == 5000 and given.genes.loc["a", "Start"] == 100


def test_what_is_no_pair_is_left_out_and_said(tmp_path):
    rows = [row("a", "b", 2.0), row("a", "a", 3.0), row("b", "c", 0.0), row("b", "a", 2.5)]
    given = read_interactions(write(tmp_path / "t.csv", rows))
    assert given.pairs[["Gene1", "Gene2", "HiC_Interaction"]].values.tolist() == [["b", "a", 2.5]]
    said = "; ".join(given.findings)
    assert "1 rows without a contact" in said and "of a gene with itself" in said


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="Gene1_Start"), r"t\.csv, header\n.*no Gene1_Start"),
        (lambda t: t.drop(columns="Gene2_Time_0.5"), r"time 0\.5 for one gene"),
        (lambda t: t.assign(HiC_Interaction="x"), r"line 2, column HiC_Interaction\n.*'x'"),
        (lambda t: t.assign(Gene2=""), r"line 2, column Gene2"),
        (lambda t: t.iloc[:0], "no rows"),
    ],
)
def test_faults_are_named(good, change, message):
    write_table(change(pd.read_csv(good)), good, sep=",")
    with pytest.raises(InputError, match=message):
        read_interactions(good)


def test_labels_that_are_no_times_need_a_sheet(good):
    table = pd.read_csv(good).rename(columns=lambda c: c.replace("-4.5", "E14"))
    write_table(table, good, sep=",")
    with pytest.raises(InputError, match=r"Gene1_Time_E14[\s\S]*`samples`"):
        time_course_sheet(good)


def named(**items):
    class Named(dict):
        __getattr__ = dict.__getitem__

    return Named(items)


def test_scripts_make_a_dataset_and_a_graph_of_it(good, tmp_path, caplog):
    sizes = tmp_path / "chrom.sizes"
    sizes.write_text("chr1\t10000\nchrX\t1000\n")
    made = {name: str(tmp_path / f"{name}.tsv") for name in ("table", "samples", "annotation")}
    unfold_interactions.main(
        SimpleNamespace(
            input=named(table=str(good), samples=[], sizes=str(sizes)),
            output=named(**made),
            params=named(conflicts="majority"),
        )
    )
    annotation = read_table(made["annotation"])
    assert annotation["chrom"].tolist() == ["chr1"] * 3 and annotation["tss"].tolist() == [
        100,
        900,
        5000,
    ]
    assert read_table(made["table"]).columns.tolist() == ["gene", "-4.5", "0.5"]
    assert read_table(made["samples"])["time"].tolist() == [-4.5, 0.5]

    time_course = tmp_path / "course.tsv"
    write_table(pd.DataFrame({"gene": ["c", "a"], "-4.5": [50.0, 10.0]}), time_course)
    out = tmp_path / "interactions.csv"
    import_interactions.main(
        SimpleNamespace(
            input=named(table=str(good), time_course=str(time_course)),
            output=named(interactions=str(out)),
            params=named(conflicts="majority", neighbours=None),
        )
    )
    pairs = pd.read_csv(out)
    assert pairs[["Gene1", "Gene2"]].values.tolist() == [["a", "c"]]
    assert pairs[["Gene1_Time_-4.5", "Gene2_Time_-4.5"]].values.tolist() == [[10.0, 50.0]]
    assert "2 pairs are of genes outside the panel" in caplog.text
    write_table(pd.DataFrame({"gene": ["z"], "-4.5": [50.0]}), time_course)
    with pytest.raises(InputError, match="pairs of the panel's genes"):
        import_interactions.of_panel(read_interactions(good).pairs, pd.Index(["z"]), str(good))


@pytest.fixture
def step(mirror):
    return next(mirror.glob("beyzoskaya/STEP/*"))


def test_published_mrna_table(step):
    """A third of its rows give a gene another's locus or profile; the raw table knows better."""
    path = step / "dataset/mrna/interaction_mrna.csv"
    given = read_interactions(path)
    assert given.profiles.shape == (50, 43) and len(given.pairs) == 64
    said = "; ".join(given.findings)
    assert "38 of 102 rows carry another locus than the gene's own (26 of 50 genes" in said
    assert "39 of 102 rows carry another profile" in said
    assert "4 repeated pairs" in read_interactions(path, "keep").findings[-1]
    header, rows = read_text_table(step / "raw_data_conversion/raw_data_mrna/mRNAnorm.txt")
    raw = pd.DataFrame([cells[1:] for _, cells in rows], index=[cells[0] for _, cells in rows])
    raw = raw.astype(float).T.groupby([float(time) for time in header[1:]]).mean().T
    right = [
        np.abs(raw.loc[gene].to_numpy() - given.profiles.loc[gene].to_numpy()).max() < 1e-6
        for gene in given.profiles.index
        if gene in raw.index
    ]
    assert sum(right) == 44 and len(right) == 49


def test_published_mirna_table(step):
    path = step / "dataset/mirna/interaction_mirna.csv"
    given = read_interactions(path, "refuse")
    assert given.findings == ["left out, blank in every row: time 154.0"]
    assert len(given.pairs) == 967 and given.profiles.shape == (162, 159)
    assert len(time_course_sheet(path)) == 159
