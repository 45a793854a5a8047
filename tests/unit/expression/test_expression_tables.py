"""Expression tables: the same panel from any spelling of a file, and every fault by its place."""

import gzip

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.expression.expression_tables import read_expression, read_labels, summarise, to_log2
from foldcast.expression.sample_sheets import read_samples

TABLE = "id\t0\t0\t1.5\t\nAbc 1 \t1\t2\t3\nxyz(PMID 1)\t4\t5\t6\t\t\n\n\t\t\n"


@pytest.fixture
def samples():
    return pd.DataFrame(
        {
            "sample": ["a", "b", "c"],
            "column": pd.array([2, 3, 4], "Int64"),
            "time": [0.0, 0.0, 1.5],
            "replicate": [1, 2, 1],
            "batch": "",
        }
    )


def read(tmp_path, text, samples):
    path = tmp_path / "table.tsv"
    path.write_text(text)
    return read_expression(path, samples)


def refused(tmp_path, text, samples):
    with pytest.raises(InputError) as caught:
        read(tmp_path, text, samples)
    assert "table.tsv" in str(caught.value)
    return str(caught.value)


def test_positions_pick_repeated_headers_and_names_are_stripped(tmp_path, samples):
    panel = read(tmp_path, TABLE, samples)
    assert panel.index.tolist() == ["Abc 1", "xyz(PMID 1)"]
    assert panel.to_numpy().tolist() == [[1, 2, 3], [4, 5, 6]]
    assert list(panel) == ["a", "b", "c"]


def test_samples_by_name_whatever_the_order_of_columns(tmp_path, samples):
    samples["column"] = pd.array([pd.NA] * 3, "Int64")
    panel = read(tmp_path, "gene,c,note,a,b\nG,3,x,1,2\n", samples)
    assert panel.loc["G"].to_dict() == {"a": 1, "b": 2, "c": 3}


def test_headers_that_are_no_numbers_are_not_compared(tmp_path, samples):
    panel = read(tmp_path, TABLE.replace("id\t0\t0\t1.5", "id\tE16.5\tP0.5\tp1"), samples)
    assert panel.shape == (2, 3)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("xyz(PMID 1)", "Abc 1", ["lines 2 and 3", "gene Abc 1 twice", "average"]),
        ("\t5\t", "\t\t", ["line 3, gene xyz(PMID 1), column 3 (sample b)", "blank"]),
        ("\t5\t6", "\t5", ["line 3", "column 4", "blank"]),
        ("\t5\t", "\tNA\t", ["'NA'"]),
        ("\t5\t", "\tNaN\t", ["line 3, gene xyz(PMID 1), column 3", "'NaN'", "fill"]),
        ("\t4\t5\t", "\tinf\t1,5\t", ["column 2", "'inf'; 2 such cells in all"]),
        ("xyz(PMID 1)", "", ["line 3, column 1", "without a gene"]),
        ("\t6\t", "\t6\t7", ["line 3", "5 cells under a header of 4"]),
        ("id\t", "", ["line 2", "4 cells under a header of 3", "first column"]),
        ("id\t0\t0\t1.5", "id\t0\t1.5\t2", ["column 3 (sample b)", "header 1.5", "0, the time"]),
        ("id\t0\t0\t1.5", "id\tx", ["4 cells under a header of 2"]),
        (TABLE[TABLE.index("Abc") :], "", ["no genes"]),
    ],
)
def test_faults_of_a_table(tmp_path, samples, old, new, said):
    assert old in TABLE
    message = refused(tmp_path, TABLE.replace(old, new), samples)
    for part in said:
        assert part in message


def test_annotation_columns_and_a_name_column_of_its_own(tmp_path, samples):
    samples["column"] = pd.array([3, 5, 6], "Int64")
    text = "class\tname\tE16\t\tE16\tP1\nE\tx\t1\t\t2\t3\n\ty\t4\t\t5\t6\n"
    (tmp_path / "table.tsv").write_text(text)
    panel = read_expression(tmp_path / "table.tsv", samples, name_column=2)
    assert panel.index.tolist() == ["x", "y"] and panel.loc["y"].tolist() == [4, 5, 6]
    assert read_labels(tmp_path / "table.tsv", 1, 2).to_dict() == {"x": "E", "y": ""}
    with pytest.raises(InputError, match=r"column 7\n.*6 columns(.*\n)*.*classes.column"):
        read_labels(tmp_path / "table.tsv", 7, 2)
    with pytest.raises(InputError, match="line 2, column 4"):
        read_expression(tmp_path / "table.tsv", samples, name_column=4)


def test_a_position_past_the_table(tmp_path, samples):
    samples["column"] = pd.array([2, 3, 9], "Int64")
    message = refused(tmp_path, TABLE, samples)
    assert "table.tsv, column 9 (sample c)" in message
    assert "4 columns" in message and "`column`" in message


def test_unknown_and_repeated_sample_headers(tmp_path, samples):
    samples["column"] = pd.array([pd.NA] * 3, "Int64")
    samples["sample"] = ["day1_r1", "b", "c"]
    message = refused(tmp_path, "gene,day1_r2,b,c\nG,1,2,3\n", samples)
    assert "table.tsv, header" in message
    assert "no sample day1_r1" in message and "did you mean day1_r2?" in message
    message = refused(tmp_path, "gene,day1_r1,b,b,c\nG,1,2,3,4\n", samples)
    assert "sample b 2 times" in message and "`column`" in message


def test_counts_become_log2_and_log2_stays():
    values = pd.DataFrame({"a": [0.0, 3.0], "b": [1.0, 1023.0]}, index=["g", "h"])
    assert to_log2(values, "counts").to_numpy().tolist() == [[0, 1], [2, 10]]
    assert to_log2(values / 100, "log2").equals(values / 100)


def test_replicates_are_averaged_by_time_and_a_lone_one_has_no_variance(samples):
    panel = pd.DataFrame([[1.0, 3.0, 7.0]], index=["g"], columns=["a", "b", "c"])
    time_course, variance = summarise(panel, samples.assign(copy_of=pd.NA))
    assert time_course.loc["g"].to_dict() == {0.0: 2.0, 1.5: 7.0}
    assert variance.loc["g", 0.0] == 2.0 and np.isnan(variance.loc["g", 1.5])
    time_course, variance = summarise(panel, samples.assign(copy_of=[pd.NA, "a", pd.NA]))
    assert time_course.loc["g"].to_dict() == {0.0: 1.0, 1.5: 7.0} and variance.isna().all(axis=None)


def test_any_spelling_of_the_file_gives_the_same_panel(tmp_path, lung_table, mouse_lung):
    samples = read_samples(mouse_lung / "samples.tsv")
    panel = read_expression(lung_table, samples)
    assert panel.shape == (126, 174)
    raw = lung_table.read_bytes().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    for spelling in (
        raw,
        raw.replace(b"\n", b"\r"),
        raw.replace(b"\n", b"\r\n"),
        gzip.compress(raw.replace(b"\n", b"\r"), mtime=0),
        b"\xef\xbb\xbf" + raw,
        raw.replace(b"\t", b","),
        raw.replace(b"\n", b"\t\t\n") + b"\n\t\t\n",
    ):
        path = tmp_path / "table"
        path.write_bytes(spelling)
        pd.testing.assert_frame_equal(read_expression(path, samples), panel)
    (tmp_path / "table").write_bytes(gzip.compress(raw, mtime=0)[:1000])
    with pytest.raises(InputError, match="broken gzip"):
        read_expression(tmp_path / "table", samples)


def test_a_shifted_sheet_is_noticed_on_the_real_table(lung_table, mouse_lung):
    samples = read_samples(mouse_lung / "samples.tsv")
    samples["column"] += 1
    with pytest.raises(InputError, match="positions seem shifted"):
        read_expression(lung_table, samples[:-1])
