"""Lists of targets, which probe they belong to, and the load on a gene."""

import gzip

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.expression.mirna_targets import assign_targets, read_targets, target_load


def write(tmp_path, text, name="targets.tsv"):
    path = tmp_path / name
    path.write_bytes(
        gzip.compress(text.encode(), mtime=0) if name.endswith("gz") else text.encode()
    )
    return path


def pairs_of(table):
    return {(row.mirna, row.gene): row.support for row in table.itertuples()}


def test_our_own_columns(tmp_path):
    path = write(tmp_path, "gene,miRNA,support\nAbc,mmu-miR-1,2\nAbd,let-7a,\nX,notmir,1\n")
    assert pairs_of(read_targets(path, "tsv")) == {("mmu-miR-1", "Abc"): 2, ("let-7a", "Abd"): 1}


@pytest.mark.parametrize(
    "header",
    [
        "miRTarBase ID,miRNA,Species (miRNA),Target Gene,Support Type,References (PMID)",
        "miRTarBase.ID,miRNA,Species..miRNA.,Target.Gene,Support.Type,References..PMID.",
    ],
)
def test_mirtarbase_counts_publications_of_strong_evidence(tmp_path, header):
    rows = (
        "M1,mmu-miR-1,x,A,Functional MTI,11",
        "M1,mmu-miR-1,x,A,Functional MTI,12",
        "M1,mmu-miR-1,x,A,Functional MTI,12",
        "M2,mmu-miR-1,x,B,Functional MTI (Weak),13",
        "M3,mmu-miR-1,x,C,Non-Functional MTI,14",
    )
    path = write(tmp_path, "\n".join((header, *rows)), "t.csv.gz")
    assert pairs_of(read_targets(path, "tsv")) == {("mmu-miR-1", "A"): 2}


def test_names_that_differ_by_case_are_one_gene(tmp_path):
    text = "mirna\tgene\nmiR-1\tACVR1B\nmiR-2\tAcvr1b\nmiR-3\tAcvr1b\nmiR-1\tAB\nmiR-2\tAb\n"
    genes = read_targets(write(tmp_path, text), "tsv").groupby("gene")["mirna"].agg(list)
    assert genes.to_dict() == {"Acvr1b": ["miR-1", "miR-2", "miR-3"], "Ab": ["miR-1", "miR-2"]}
    text = "MIR_1\turl\tACVR1B\tAcvr1b\nMIR_2\turl\tAcvr1b\n"
    pairs = pairs_of(read_targets(write(tmp_path, text), "gmt"))
    assert pairs == {("MIR-1", "Acvr1b"): 1, ("MIR-2", "Acvr1b"): 1}


def test_sets_of_several_mirnas(tmp_path):
    text = "MIR_103_3P_MIR_107_3P\turl\tA\tB\nLET_7A_1_3P\turl\tC\nHALLMARK_X\turl\tD\n"
    assert set(pairs_of(read_targets(write(tmp_path, text), "gmt"))) == {
        ("MIR-103-3P", "A"), ("MIR-103-3P", "B"), ("MIR-107-3P", "A"), ("MIR-107-3P", "B"),
        ("LET-7A-1-3P", "C"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "format", "said"),
    [
        ("a\tgene\nx\ty\n", "tsv", "name the column mirna so"),
        ("mirna\tgene\tsupport\nmiR-1\tA\tmany\n", "tsv", "line 2, column support"),
        ("mirna\tgene\nActb\tA\n", "tsv", "no pair of a miRNA and a gene"),
        ("HALLMARK\turl\tA\n", "gmt", "no pair of a miRNA and a gene"),
    ],
)
def test_faults(tmp_path, text, format, said):
    with pytest.raises(InputError) as caught:
        read_targets(write(tmp_path, text), format)
    assert "targets.tsv" in str(caught.value) and said in str(caught.value)


def listed(*rows):
    return pd.DataFrame([(*row, 1.0) for row in rows], columns=["mirna", "gene", "support"])


def test_probes_meet_targets_by_stem_and_arm():
    pairs = listed(
        ("mmu-miR-21a-5p", "A"), ("mmu-miR-21a-5p", "B"), ("mmu-miR-21a-3p", "C"),
        ("hsa-miR-21-5p", "H"), ("mmu-miR-7a-1-3p", "D"), ("mmu-miR-22", "E"),
    )  # fmt: skip

    def targets(probe):
        return assign_targets([probe], pairs)["gene"].tolist()

    assert targets("mmu-miR-21") == ["A", "B"]  # the arm with most targets
    assert targets("mmu-miR-21-3p") == ["C"]
    assert targets("mmu-miR-7a-3p") == ["D"] and targets("mmu-miR-7a-2-3p") == []
    assert targets("mmu-miR-22-5p") == ["E"]
    assert targets("mmu-miR-21+mmu-miR-22") == ["A", "B", "E"]
    assert targets("mmu-miR-999") == targets("Actb") == []


PANEL = pd.DataFrame(
    [[1.0, 5.0], [3.0, 6.0], [8.0, 0.0]], index=["m1", "m2", "m3"], columns=["s1", "s2"]
)
TARGETS = pd.DataFrame(
    [("A", "m1", 1.0), ("A", "m2", 3.0), ("B", "m3", 1.0), ("C", "other", 9.0)],
    columns=["gene", "mirna", "support"],
)


def test_load_by_hand():
    load, used = target_load(PANEL, TARGETS, "equal", 1, 1, "t")
    assert load.loc["A"].tolist() == [2, 5.5] and load.loc["B"].tolist() == [8, 0]
    assert used.groupby("gene")["weight"].sum().tolist() == [1, 1]
    load, _ = target_load(PANEL, TARGETS, "support", 1, 1, "t")
    assert load.loc["A"].tolist() == [2.5, 5.75]
    assert target_load(PANEL, TARGETS, "equal", 1, 2, "t")[0].index.tolist() == ["A"]
    assert target_load(PANEL, TARGETS, "equal", 2, 1, "t")[0].loc["A"].tolist() == [3, 6]
    with pytest.raises(InputError, match="min_mirnas"):
        target_load(PANEL, TARGETS, "equal", 1, 3, "t")


def test_the_load_of_a_sample_is_its_own():
    changed = PANEL.assign(s2=[9.0, -9.0, 1e6])
    for weights in ("equal", "support"):
        once, again = (target_load(p, TARGETS, weights, 1, 1, "t")[0] for p in (PANEL, changed))
        assert (once["s1"] == again["s1"]).all()


@pytest.mark.slow
def test_the_real_lists(shared, mirna_probes):
    validated = read_targets(shared / "mirna/miRTarBase_mouse.tsv.gz", "tsv")
    assert 1400 < len(validated) < 1460 and validated["support"].max() >= 4
    found = assign_targets(mirna_probes, validated)
    assert found["mirna"].nunique() > 150 and found["gene"].nunique() > 500
    assert not found.duplicated(["gene", "mirna"]).any()
    assert {"Pten", "Pdcd4"} <= set(found.loc[found["mirna"].eq("mmu-miR-21"), "gene"])
    predicted = read_targets(shared / "mirna/msigdb_mouse_M3_MIRDB_miRNA_targets.gmt", "gmt")
    assert predicted["mirna"].nunique() >= 1769 and np.all(predicted["support"] >= 1)
    assert assign_targets(mirna_probes, predicted)["mirna"].nunique() > 350
