"""Time courses as they are read: what is kept, and what is refused in which words."""

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.expression.expression_tables import summarise
from foldcast.files import write_table
from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.forecast.time_course import (
    read_origins,
    read_replicates,
    read_time_course,
    replicated,
)

GENES = ["Actb", "NA", "7"]
TIMES = [-4.5, 0.5, 1.0, 2.5, 4.0, 8.0]


@pytest.fixture
def time_course(tmp_path):
    values = np.random.default_rng(1).normal(size=(3, 6))
    table = pd.DataFrame(values, columns=TIMES)
    table.insert(0, "gene", GENES)
    write_table(table, tmp_path / "time_course.tsv")
    return read_time_course(tmp_path / "time_course.tsv")


def test_names_and_times_are_kept(time_course):
    assert list(time_course.genes) == GENES
    assert time_course.times.tolist() == TIMES


def test_a_gap_in_the_time_course_is_refused(tmp_path):
    (tmp_path / "gap.tsv").write_text("gene\t1.0\t2.0\nActb\t3\t\n")
    with pytest.raises(InputError, match=r"gap.tsv, gene Actb, time 2.0"):
        read_time_course(tmp_path / "gap.tsv")


def test_a_short_time_course_says_what_it_needs(time_course):
    with pytest.raises(InputError, match="needs 10"):
        read_origins("time_course.tsv", time_course, 0.9)
    assert read_origins("time_course.tsv", time_course, 0.3) == [1, 2, 3, 4]


def test_replicates_are_counted_by_time(tmp_path, time_course):
    sheet = pd.DataFrame({"sample": range(13), "time": np.repeat(TIMES, [3, 2, 2, 1, 2, 3])})
    sheet["copy_of"] = pd.NA
    write_table(sheet, tmp_path / "samples.tsv")
    assert read_replicates(tmp_path / "samples.tsv", time_course).tolist() == [3, 2, 2, 1, 2, 3]
    sheet.loc[2, "copy_of"] = 0
    write_table(sheet, tmp_path / "samples.tsv")
    assert read_replicates(tmp_path / "samples.tsv", time_course).tolist() == [2, 2, 2, 1, 2, 3]
    write_table(sheet[sheet["time"] < 8], tmp_path / "samples.tsv")
    with pytest.raises(InputError, match="5 times, from -4.5 to 4"):
        read_replicates(tmp_path / "samples.tsv", time_course)


def test_a_course_with_its_replicates_is_the_one_of_its_samples(tmp_path):
    """Also where a time has one sample, and where one is the copy of another."""
    sampled = np.repeat(TIMES, [3, 2, 2, 1, 2, 3])
    values = np.random.default_rng(2).normal(size=(3, 13))
    panel = pd.DataFrame(values, index=pd.Index(GENES, name="gene"), columns=range(13))
    panel[13] = panel[0]
    copies = [*[None] * 13, 0]
    sheet = pd.DataFrame({"sample": range(14), "time": [*sampled, TIMES[0]], "copy_of": copies})
    means, variance = summarise(panel, sheet)
    write_table(sheet, tmp_path / "samples.tsv")
    write_table(means, tmp_path / "time_course.tsv", index=True)
    write_table(variance.iloc[::-1], tmp_path / "variance.tsv", index=True)
    time_course = read_time_course(tmp_path / "time_course.tsv")
    course = replicated(time_course, tmp_path / "variance.tsv", tmp_path / "samples.tsv")
    expected = ReplicatedCourse.of_samples(values, sampled)
    for name in ("means", "times", "samples", "within", "counts"):
        assert getattr(course, name) == pytest.approx(getattr(expected, name), abs=1e-8), name
