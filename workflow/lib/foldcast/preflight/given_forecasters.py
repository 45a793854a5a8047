"""What forecasts are held against, looked at before the work begins.

Forecasters of the user's (a function is called on the first origin; a table is read whole), time
courses to score them on, and other arms.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from foldcast.errors import Attempt
from foldcast.evaluation.arm_differences import check_arms
from foldcast.evaluation.forecast_verdict import UNVERIFIED
from foldcast.evaluation.further_course import read_further_course
from foldcast.expression.expression_tables import summarise
from foldcast.expression.odd_values import copy_of
from foldcast.expression.sample_sheets import read_samples
from foldcast.forecast.brought_forecasts import brought_forecasts
from foldcast.forecast.forecast_functions import SampledCourse, function_forecasts
from foldcast.forecast.time_course import TimeCourse
from foldcast.protocol import origins as origins_of

Forecasters = Mapping[str, Mapping[str, str | None]]


def look_at_forecasters(
    attempt: Attempt,
    forecasters: Forecasters,
    panel: pd.DataFrame,
    samples: pd.DataFrame,
    values: pd.DataFrame,
    first_origin: float | None,
) -> str:
    """The forecasters of a dataset, on its time course as rule build_panel makes it.

    Args:
        forecasters: name → file and function; function is None where the file is a table.
        panel: gene × sample, log2; rows of one gene merged.
        samples: of `read_samples`.
        values: gene × sample as measured, which tells copied samples.
        first_origin: share of the time course.
    """
    if not forecasters:
        return ""
    samples = samples.assign(copy_of=copy_of(values, samples))
    means = summarise(panel, samples)[0]
    course = TimeCourse(means.index, means.columns.to_numpy(float), means.to_numpy())
    sampled = SampledCourse.of(course, panel, samples)
    origins = origins_of(len(course.times), first_origin)
    if not origins:
        return f"\n    not asked, as no time is left to forecast: {', '.join(forecasters)}"
    said = []
    for name, one in forecasters.items():
        kind = attempt(_looked_at, one, sampled, origins)
        said.append(f"\n    forecaster {name}: {kind}")
    return "".join(said)


def look_at_course(
    attempt: Attempt, name: str, path: str, functions: Forecasters, first_origin: float
) -> str:
    """A further time course, and each function on its first origin.

    Args:
        attempt: keeps the mistakes.
        name: of the time course.
        path: of its file.
        functions: name → file and function.
        first_origin: share of the time course.
    """
    course = attempt(read_further_course, path, first_origin)
    if course is None:
        return ""
    for one in functions.values():
        attempt(_looked_at, one, course.sampled, course.origins)
    n_genes, n_origins = course.truth.observed.shape
    return f"time course {name}: {n_genes:,} genes, {n_origins} origins"


def _looked_at(one: Mapping[str, str | None], course: SampledCourse, origins: list[int]) -> str:
    """What kind of forecaster it is: a table is read, a function called on the first origin."""
    path = str(one["file"])
    if one["function"] is None:
        brought_forecasts(path, course.course, origins)
        return f"a table, {UNVERIFIED}"
    function_forecasts(path, one["function"], course, origins[:1])
    return "a function"


def look_at_arms(
    attempt: Attempt,
    name: str,
    against: str,
    sheets: Mapping[str, tuple[str, str | None]],
    genes: Mapping[str, list[str] | None],
) -> str:
    """Two arms: what they have in common, and whether their differences can be tested.

    Args:
        attempt: keeps the mistakes.
        name, against: the datasets.
        sheets: dataset → its sample sheet, and its arm in it.
        genes: dataset → names of its genes; None where they could not be read.
    """
    arms = {}
    for one in (name, against):
        samples, named = attempt(read_samples, *sheets[one]), genes[one]
        if samples is None or named is None:
            return ""
        arms[one] = pd.Index(named), samples["time"].to_numpy()
    found = attempt(check_arms, arms[name], arms[against], name, against)
    if found is None:
        return ""
    common, times = found
    every = [len(np.unique(own)) for _, own in arms.values()]
    said = f"{name} against {against}: {len(common):,} genes, {len(times)} common times "
    said += f"of {every[0]} and {every[1]}"
    if all((own == time).sum() < 2 for _, own in arms.values() for time in times):
        said += "; no replicates, so which changes differ cannot be tested"
    return said
