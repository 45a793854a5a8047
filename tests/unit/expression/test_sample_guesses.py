"""Names of samples as labs write them: their times, replicates and courses, or none of these."""

import pytest

from foldcast.expression.sample_guesses import guess_course

TIMES = [0, 1, 2, 4, 8, 12, 24, 48]
# A way to write time t and replicate r (or its letter l; i numbers samples) → the unit it tells.
WAYS = {
    "aln/lung_{t:02d}h_rep{r}.bam": "hour",
    "X{t}h_{r}": "hour",
    "{t}hr{r}": "hour",
    "{t}h{l}": "hour",
    "{t}h {l}": "hour",
    "lung.{t}h.{r}": "hour",
    "S{i}_{t}h_rep{r}_L001": "hour",
    "{l}_{t}hpf": "hour",
    "ZT{t}_{r}": "hour",
    "Day{t}_{r}": "day",
    "d{t}-{l}": "day",
    "D{t}R{r}": "day",
    "P{t}_{r}": "day",
    "mouse{r}_day{t}": "day",
    "mouse{r}day{t}": "day",
    "week {t} rep {r}": "week",
    "WT_rep{r}_{t}min": "minute",
    "T{t}_R{r}": None,
    "T{t}R{r}Aligned.sortedByCoord.out.bam": None,
    "rep{r}.t{t}": None,
    "t{t}.{r}": None,
    "lung{t}_{r}": None,
    "{t}.{r}": None,
    "{t}": None,
}


@pytest.mark.parametrize("way", WAYS)
def test_times_and_replicates(way):
    wanted = [(t, r) for t in TIMES for r in (1, 2, 3)]
    names = [way.format(t=t, r=r, l="ABC"[r - 1], i=i) for i, (t, r) in enumerate(wanted, 101)]
    course = guess_course(names)
    found = course.samples
    assert list(zip(found["time"], found["replicate"], strict=True)) == wanted
    assert course.unit == WAYS[way]
    assert set(found["group"]) == {""} and found["sample"].is_unique
    assert not course.left_out and not course.doubts


def test_units_that_differ_are_brought_to_the_smallest():
    course = guess_course(["30min_1", "1h_1", "3.5h_1", "0p5h_2", "2d_1"])
    assert course.unit == "minute"
    assert course.samples["time"].tolist() == [30, 60, 210, 30, 2880]


def test_decimals_are_times_where_they_are_no_replicates():
    found = guess_course([f"E{age}_r{r}" for age in ("16.5", "17.5", "18.5") for r in (1, 2)])
    assert found.unit == "day" and set(found.samples["time"]) == {16.5, 17.5, 18.5}
    assert guess_course(["6.5", "7.5"]).samples["time"].tolist() == [6.5, 7.5]


def test_headers_that_are_times_are_taken_as_they_are():
    found = guess_course(["-4.5", "-4.5", "-1", "0.5", "0.5"]).samples
    assert found["time"].tolist() == [-4.5, -4.5, -1, 0.5, 0.5]
    assert found["replicate"].tolist() == [1, 2, 1, 1, 2]


def test_two_courses_are_told_apart():
    names = [f"{of}_{t}h_{r}" for of in ("ctrl", "dex") for t in TIMES for r in (1, 2)]
    found = guess_course(names).samples
    assert found.groupby("group")["time"].nunique().to_dict() == {"ctrl": 8, "dex": 8}
    assert set(found["replicate"]) == {1, 2}


def test_what_is_no_course_is_left_out_and_said():
    found = guess_course(["input", "0h_1", "0h_2", "6h_1", "6h_2"])
    assert found.left_out == ["input"] and found.samples["at"].tolist() == [1, 2, 3, 4]
    found = guess_course(["ctrl_0h_1", *(f"dex_{t}h_1" for t in (1, 2, 3))])
    assert found.left_out == ["ctrl_0h_1"] and "ctrl belongs to" in found.doubts[0]


def test_barcodes_are_no_courses():
    names = [f"ACGT{letter}_{t}h" for letter, t in zip("BDEFHK", [0, 0, 6, 6, 12, 12], strict=True)]
    found = guess_course(names).samples
    assert set(found["group"]) == {""} and found["replicate"].tolist() == [1, 2] * 3


@pytest.mark.parametrize("name", ["GSM{}", "sample_{}", "S{}", "SRR{}", "control"])
def test_names_without_times(name):
    course = guess_course([name.format(i) for i in range(101, 109)])
    assert course.samples.empty and "do not hold them" in course.doubts[0]


@pytest.mark.parametrize(("eldest", "born"), [("E18.5", 19), ("E20.5", 22)])
def test_ages_after_birth_are_counted_from_conception_too(eldest, born):
    course = guess_course(["E16.5_1", f"{eldest}_1", "P0_1", "P7_1"])
    assert course.samples["time"].tolist() == [16.5, float(eldest[1:]), born, born + 7]
    assert f"P0 is taken as E{born}" in course.doubts[0]


def test_an_unknown_day_of_birth_is_asked_for():
    course = guess_course(["E60_1", "E90_1", "P0_1", "P7_1"])
    assert course.samples.empty and "two clocks" in course.doubts[0]


def test_ages_after_birth_alone_stay():
    course = guess_course(["P0_1", "P7_1"])
    assert course.samples["time"].tolist() == [0, 7] and not course.doubts
