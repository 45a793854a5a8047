"""Score forecasts of one and more steps ahead, and what became of genes forecast to change."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from foldcast.evaluation.horizon_scores import horizon_scores
from foldcast.evaluation.past_calls import past_calls
from foldcast.files import write_table
from foldcast.forecast.base_forecaster import ROWS, CourseForecasts, forecast_course
from foldcast.forecast.baseline_horizons import NAMES, baseline_ahead
from foldcast.forecast.beyond_the_data import called_changes, with_later
from foldcast.forecast.forecast_intervals import half_widths
from foldcast.forecast.forecast_tables import forecasts_of, read_parts
from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.forecast.time_course import TimeCourse, read_origins, read_time_course, replicated
from foldcast.job import log, progress, run


@dataclass(frozen=True)
class Forecaster:
    """Forecasts of one model on one graph: for each horizon [seeds, genes, times]."""

    model: str
    graph: str
    kind: str
    how: str
    ahead: list[np.ndarray]

    @property
    def about(self) -> dict[str, str]:
        return {"model": self.model, "graph": self.graph, "kind": self.kind, "how": self.how}


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    time_course = read_time_course(given.time_course)
    origins = read_origins(given.time_course, time_course, params.first_origin)
    most = params.horizons
    measured = replicated(time_course, given.variance, given.samples)
    # With the design of later times genes are called at the last time too; nothing before changes.
    course = with_later(measured, most, params.interval)
    found = forecast_course(course, most)
    forecasters = [
        *(baseline(name, course, found) for name in (*ROWS, *NAMES)),
        *networks(given, time_course, origins, most, params.network),
    ]
    scores, calls = [], []
    for one in progress(forecasters, what="scored"):
        for base, values in zip(found, one.ahead, strict=False):
            scores += score_rows(one, base, values, origins)
            calls.append(call_row(one, base, values.mean(axis=0), origins, params.level))
    write_table(pd.DataFrame(scores), snakemake.output.horizons)
    write_table(pd.DataFrame(calls), snakemake.output.calls)
    log.info("%d forecasters up to %d steps ahead", len(forecasters), most)


def baseline(name: str, course: ReplicatedCourse, found: Sequence[CourseForecasts]) -> Forecaster:
    """The base forecaster, a part of it, or a recipe."""
    ahead = [values[None] for values in baseline_ahead(course, found, name)]
    return Forecaster(name, "-", "baseline", "direct" if name in ROWS else "iterated", ahead)


def networks(
    given, time_course: TimeCourse, origins: Sequence[int], most: int, network: str
) -> Iterator[Forecaster]:
    """The network on every graph, and as it is without a base; their parts are left out."""
    ahead: dict[tuple[str, str], list[np.ndarray]] = {}
    if not given.forecasts:
        return
    one_step = read_parts(given.forecasts)
    further = read_parts(given.further) if most > 1 else None
    for horizon in range(1, most + 1):
        at = [k for k in origins if k + horizon < len(time_course.times)]
        table = one_step if horizon == 1 else further
        for made in forecasts_of(table, time_course, at, horizon):
            if made.model in (network, f"{network}_without_base"):
                values = np.full((len(made.values), *time_course.values.shape), np.nan)
                values[:, :, at] = made.values
                ahead.setdefault((made.model, made.graph), []).append(values)
    for (model, graph), each in ahead.items():
        yield Forecaster(model, graph, "model", "iterated", each)


def score_rows(
    one: Forecaster, base: CourseForecasts, values: np.ndarray, origins: Sequence[int]
) -> list[dict]:
    """Rows of ``horizons.tsv``, one per metric; without an interval where there is none."""
    return [
        {
            **one.about,
            "horizon": base.horizon,
            "metric": metric,
            "value": score.value,
            "low": score.test.low if score.test else np.nan,
            "high": score.test.high if score.test else np.nan,
            "lowest": score.lowest,
            "highest": score.highest,
            "n_genes": values.shape[1],
            "n_origins": score.n_origins,
            "n_seeds": len(values),
        }
        for metric, score in horizon_scores(base, values, origins).items()
    ]


def call_row(
    one: Forecaster,
    base: CourseForecasts,
    forecasts: np.ndarray,
    origins: Sequence[int],
    interval: float,
) -> dict:
    """A row of ``calls.tsv``: genes forecast to change now, and what became of those before."""
    half = half_widths(base.course, forecasts, base.deviations, interval, base.horizon)
    now = called_changes(forecasts[:, -1], half[:, -1], base.local_level[:, -1])
    known = np.isfinite(half[:, -1] + forecasts[:, -1]).any()
    past = past_calls(base, forecasts, half, origins)
    return {
        **one.about,
        "horizon": base.horizon,
        "interval": interval,
        "n_genes": len(forecasts),
        "up": int((now > 0).sum()) if known else pd.NA,
        "down": int((now < 0).sum()) if known else pd.NA,
        "past_calls": past.calls,
        "n_origins": past.n_origins,
        "right": past.right,
        "low": past.low,
        "high": past.high,
        "direction": past.direction,
        "direction_local_level": past.direction_local_level,
    }


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
