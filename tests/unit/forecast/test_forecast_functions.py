"""A function of the user's: told the past and no more, held to its word, refused with its line."""

import os

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.forecast.forecast_functions import SampledCourse, function_forecasts
from foldcast.forecast.time_course import TimeCourse

TIMES = np.array([0.0, 1, 3, 4, 8, 9])
COUNTS = [2, 1, 3, 2, 2, 1]
GENES = pd.Index(["a", "b", "NA", "d"])
ORIGINS = [2, 3, 4]
SAMPLES = [np.random.default_rng(k).normal(7, 1, (4, n)) for k, n in enumerate(COUNTS)]


def sampled(samples=SAMPLES) -> SampledCourse:
    means = np.stack([own.mean(axis=1) for own in samples], axis=1)
    return SampledCourse(TimeCourse(GENES, TIMES, means), samples)


@pytest.fixture
def forecasts(tmp_path):
    def made(body: str, course=None, before: str = "") -> np.ndarray:
        path = tmp_path / "own.py"
        code = f"import numpy as np\n{before}\ndef own(past, next_time):\n    {body}\n"
        path.write_text(code)
        return function_forecasts(path, "own", course or sampled(), ORIGINS)

    return made


def test_it_forecasts_from_what_was_known_and_from_the_design_of_the_next_time(forecasts):
    slope = "(past.means[:, -1] - past.means[:, 0]) / (past.times[-1] - past.times[0])"
    body = f"return past.means[:, -1] + (next_time.time - past.times[-1]) * {slope}"
    means = sampled().course.values
    by_hand = [
        means[:, k] + (TIMES[k + 1] - TIMES[k]) * (means[:, k] - means[:, 0]) / TIMES[k]
        for k in ORIGINS
    ]
    np.testing.assert_allclose(forecasts(body), np.stack(by_hand, axis=1), rtol=1e-12)
    expected = [len(COUNTS[: k + 1]) + sum(COUNTS[: k + 2]) for k in ORIGINS]
    of_samples = "past.samples.sum() + next_time.samples + len(past.replicates)"
    told = forecasts(f"return np.full(len(past.genes), {of_samples})")
    assert (told == expected).all()
    last = forecasts("return past.replicates[-1].max(axis=1)")
    assert np.array_equal(last, np.stack([SAMPLES[k].max(axis=1) for k in ORIGINS], axis=1))


def test_nothing_after_the_origin_is_in_its_reach(forecasts):
    """Whatever it does with all that it is given: later samples change no forecast before them."""
    body = "return sum(own.sum(axis=1) for own in past.replicates) + past.means.sum(axis=1)"
    later = [own if k <= 3 else own - 99 for k, own in enumerate(SAMPLES)]
    before, after = forecasts(body), forecasts(body, sampled(later))
    assert np.array_equal(before[:, :2], after[:, :2])
    assert (before[:, 2] != after[:, 2]).all()


def test_what_it_is_given_is_its_own(forecasts):
    """It may overwrite it: neither the course nor its next call changes."""
    course = sampled()
    spoils = "past.means[:] = 0; past.times[:] = 0; past.replicates[0][:] = 0; past.genes.clear()"
    found = forecasts(f"last = past.means[:, -1].copy(); {spoils}; return last", course)
    assert np.array_equal(found, course.course.values[:, ORIGINS])
    assert np.array_equal(course.course.values, sampled().course.values)


def test_a_series_is_taken_by_the_names_of_its_genes(forecasts):
    body = "return pd.Series(past.means[:, -1], past.genes).sort_values()"
    found = forecasts(body, before="import pandas as pd")
    assert np.array_equal(found, sampled().course.values[:, ORIGINS])


def test_dataclasses_and_seeds_of_its_own_are_welcome(forecasts):
    """A dataclass looks its module up, where its fields are annotated in words."""
    before = "import dataclasses\n@dataclasses.dataclass\nclass Line:\n    slope: 'float' = 2.0"
    found = forecasts("return past.means[:, -1] + Line().slope", before=before)
    np.testing.assert_allclose(found, sampled().course.values[:, ORIGINS] + 2)
    chance = "np.random.default_rng(past.times.size).normal(size=4)"
    expected = [np.random.default_rng(k + 1).normal(size=4) for k in ORIGINS]
    assert np.array_equal(forecasts(f"return {chance}"), np.stack(expected, axis=1))


def test_a_file_that_was_replaced_is_read_anew(tmp_path):
    """Compiled files are kept by time stamps, which `mv` and `cp -p` keep too."""
    path, found = tmp_path / "own.py", []
    for number in (1, 2):
        path.write_text(f"def own(past, next_time):\n    return [{number}.0] * 4\n")
        os.utime(path, (5, 5))
        found.append(function_forecasts(path, "own", sampled(), ORIGINS)[0, 0])
    assert found == [1, 2]


REFUSED = {
    "raise ValueError('what\\nmore')": "ValueError: what, at `raise ValueError",
    "return [1, 2][len(past.times) - 3]": "an array of shape ()",
    "return past.means[:2, -1]": r"an array of shape (2,)",
    "return np.where(past.times[-1] > 5, np.inf, past.means[:, -1])": "inf for gene a",
    "return {'a': 1}": "dict, which is no array of numbers",
    "return past.means[:, -1] + np.random.normal()": "from the same past",
    "seen.append(1); return past.means[:, -1] + (len(seen) > 3)": "from the same past",
}


@pytest.mark.parametrize("body", REFUSED)
def test_what_cannot_be_scored_is_refused(forecasts, body):
    with pytest.raises(InputError) as refused:
        forecasts(body, before="seen = []")
    assert REFUSED[body] in refused.value.found
    assert "own.py, function own, from time " in str(refused.value)


def test_the_line_is_that_of_the_file_where_it_went_wrong(forecasts):
    before = "def inner(values):\n    return np.linalg.inv(values)"
    with pytest.raises(InputError) as refused:
        forecasts("return inner(np.zeros((2, 2)))", before=before)
    assert refused.value.place == "function own, from time 3, line 3"
    assert "Singular matrix, at `return np.linalg.inv(values)`" in refused.value.found
