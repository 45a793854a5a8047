"""Sample sheets and override sheets: what they give and what they refuse."""

import pytest

from foldcast.errors import InputError
from foldcast.expression.sample_sheets import check_times, read_overrides, read_samples

SHEET = "sample\tcolumn\ttime\treplicate\n"


def write(tmp_path, text, name="samples.tsv"):
    path = tmp_path / name
    path.write_bytes(text.encode())
    return path


def refused(path, reader=read_samples):
    with pytest.raises(InputError) as caught:
        reader(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


def test_samples_are_ordered_by_time_then_replicate(tmp_path):
    path = write(tmp_path, SHEET + "b\t4\t10\t2\na\t3\t-4.5\t1\nc\t2\t10\t1\n")
    samples = read_samples(path)
    assert samples["sample"].tolist() == ["a", "c", "b"]
    assert samples["column"].tolist() == [3, 2, 4]
    assert samples["time"].tolist() == [-4.5, 10.0, 10.0]
    assert samples["batch"].tolist() == ["", "", ""]


def test_an_arm_is_chosen_and_each_numbers_its_own_replicates(tmp_path):
    text = "sample\ttime\treplicate\tarm\n"
    rows = [f"{arm}{time}\t{time}\t1\t{arm}\n" for time in (2, 1) for arm in ("drug", "none")]
    path = write(tmp_path, text + "".join(rows))
    assert read_samples(path, "drug")["sample"].tolist() == ["drug1", "drug2"]
    assert "2 arms: 'drug', 'none'" in refused(path)
    one = write(tmp_path, text + "".join(rows[::2]), "one.tsv")
    assert read_samples(one).equals(read_samples(one, "drug"))
    again = write(tmp_path, text + "".join([*rows, rows[0].replace("drug2", "other")]))
    assert "line 6, column replicate" in refused(again)


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_any_line_end_and_a_comma_sheet(tmp_path, end):
    text = "sample,time,replicate,batch,,\nNA,0,1,x\n\nb,1,1,,,\n"
    samples = read_samples(write(tmp_path, text.replace("\n", end)))
    assert samples["sample"].tolist() == ["NA", "b"]
    assert samples["column"].isna().all()
    assert samples["batch"].tolist() == ["x", ""]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "sample\tTime\treplicate\na\t1\t1\n",
            ["samples.tsv, header", "'Time'", "did you mean time?"],
        ),
        ("sample\ttime\treplicate\tnote\na\t1\t1\tx\n", ["unknown column 'note'"]),
        (
            "sample\ttime\na\t1\n",
            ["samples.tsv, header", "sample, time", "add the column replicate"],
        ),
        ("sample\ttime\ttime\treplicate\na\t1\t1\t1\n", ["two columns 'time'"]),
        (SHEET + "a\t2\t1\t1\na\t3\t2\t1\n", ["line 3", "sample a", "line 2"]),
        (SHEET + "a\t2\t1\t1\nb\t2\t2\t1\n", ["line 3", "column 2", "line 2"]),
        (SHEET + "a\t2\t1\t1\nb\t3\t1.0\t1\n", ["line 3", "replicate 1 at time 1.0", "line 2"]),
        (SHEET + "a\t2\tE16.5\t1\n", ["line 2, column time", "'E16.5'", "a number"]),
        (SHEET + "a\t2\tnan\t1\n", ["line 2, column time", "'nan'"]),
        (SHEET + "a\t2\t1\tA\n", ["line 2, column replicate", "'A'"]),
        (SHEET + "a\t1\t1\t1\n", ["line 2, column column", "from 2"]),
        (SHEET + "a\t2\t1\t1\nb\t\t2\t1\n", ["line 3, column column", "''"]),
        (SHEET + "\t2\t1\t1\n", ["line 2, column sample", "blank"]),
        (SHEET + "a\t2\t1\t1\tx\ty\n", ["line 2", "6 cells"]),
        (SHEET, ["no samples"]),
        ("", ["an empty file"]),
        (SHEET + 'a\t"2\t1\t1\n', ["quotes that do not match"]),
    ],
)
def test_faults_of_a_sample_sheet(tmp_path, text, said):
    message = refused(write(tmp_path, text))
    for part in said:
        assert part in message


def test_a_missing_sheet(tmp_path):
    assert "no such file" in refused(tmp_path / "none.tsv")


def test_too_few_times_says_how_many_are_needed(tmp_path):
    samples = read_samples(write(tmp_path, SHEET + "a\t2\t1\t1\nb\t3\t1\t2\nc\t4\t2\t1\n"))
    check_times(samples.assign(time=[1.0, 2.0, 3.0]), "sheet.tsv")
    with pytest.raises(
        InputError, match=r"sheet.tsv, column time\n.*2 different times\n.*at least 3.*\n.*longer"
    ):
        check_times(samples, "sheet.tsv")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gene\tsymbol\treason\nRAGE\tAger\n", ["line 2, column reason", "blank"]),
        ("gene\tsymbol\treason\nA\tB\tx\nA\tC\ty\n", ["line 3", "line 2 has already"]),
        ("gene\tsymbol\nRAGE\tAger\n", ["a column reason"]),
    ],
)
def test_faults_of_an_override_sheet(tmp_path, text, said):
    message = refused(write(tmp_path, text, "names.tsv"), read_overrides)
    for part in said:
        assert part in message


def test_the_mouse_lung_sheet(mouse_lung):
    samples = read_samples(mouse_lung / "samples.tsv")
    assert samples["column"].tolist() == list(range(2, 176))
    assert samples["time"].nunique() == 43
    assert samples["sample"].iloc[[0, 7, -1]].tolist() == ["e16.5_r1", "d0.5_r1", "d28_r4"]
