"""The base forecaster against smoothing per gene, a whole course with all its origins."""

import time

import numpy as np
import pytest

from foldcast.forecast.base_forecaster import forecast_course
from foldcast.forecast.baselines import causal_forecasts
from foldcast.forecast.replicated_course import ReplicatedCourse

# Goals: 2 s of CPU for the first, 60 s for the second.
SIZES = [(600, 43), (20_000, 20)]


@pytest.mark.parametrize(("genes", "times"), SIZES)
def bench_base_forecaster(genes, times):
    rng = np.random.default_rng(1)
    levels = rng.normal(8, 2, size=(genes, 1)) + rng.normal(size=(genes, times)).cumsum(axis=1)
    values = np.repeat(levels, 3, axis=1) + rng.normal(scale=0.3, size=(genes, 3 * times))
    course = ReplicatedCourse.of_samples(values, np.repeat(np.arange(float(times)), 3))
    base = cpu_seconds(lambda: forecast_course(course))
    smoothing = cpu_seconds(lambda: causal_forecasts(course.means, "smoothing_per_gene"))
    print(
        f"{genes:,} genes, {times} times: base forecaster {base:.1f} s of CPU, "
        f"{base / smoothing:.1f} times smoothing per gene ({smoothing:.1f} s)"
    )


def cpu_seconds(call) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start
