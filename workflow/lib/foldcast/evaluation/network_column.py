"""A network in the stack: what it adds to the base forecast by what it has earned in the past.

Its column is its forecast less what it corrects, with prior weight 0
(`foldcast.forecast.forecast_stack`). Only forecasts by fits that had not seen the target count:
those from the origins of the protocol, block by block. A forecaster that the user brings enters
alike; it corrects the stack itself.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from foldcast.evaluation.forecast_scores import Truth
from foldcast.evaluation.forecast_verdict import Score
from foldcast.evaluation.skill_judgement import SAME, UNDECIDED, Judgement
from foldcast.forecast.base_forecaster import CourseForecasts, forecast_course
from foldcast.forecast.corrected_bases import NO_BASE, STACK, base_forecasts
from foldcast.forecast.forecast_names import STACK_WITH
from foldcast.forecast.forecast_stack import FurtherForecasts, stack
from foldcast.forecast.forecast_tables import Forecasts
from foldcast.forecast.replicated_course import ReplicatedCourse
from foldcast.graph.rewiring import MATCHED


@dataclass(frozen=True)
class Stacked:
    """The stack with a network's column.

    weights: [seeds, origins] of the column.
    """

    forecasts: Forecasts
    weights: np.ndarray


def stack_with(
    base: CourseForecasts, network: Forecasts, corrected: np.ndarray, origins: Sequence[int]
) -> Stacked:
    """The base forecaster's stack with a network's column, seed by seed.

    Args:
        base: of the time course, one step ahead.
        network: its forecasts from the origins.
        corrected: [genes, times] the forecasts that it corrects.
        origins: those of the protocol.
    """
    course, at = base.course, np.asarray(origins)
    members = [base.local_level, base.trends, base.panel_ridge]
    values, weights = [], []
    for own in network.values:
        whole = np.full((1, *course.means.shape), np.nan)
        whole[0][:, at] = own
        further = FurtherForecasts(network.model, whole, corrected[None], origins[0])
        forecasts, earned = stack(course, members, [further.correction(1)])
        values.append(forecasts[:, at])
        weights.append(earned[at, -1])
    named = Forecasts(f"{STACK_WITH}{network.model}", network.graph, np.stack(values))
    return Stacked(named, np.stack(weights))


def stack_with_each(
    course: ReplicatedCourse,
    networks: Sequence[Forecasts],
    base: str,
    origins: Sequence[int],
    given: Sequence[Forecasts] = (),
) -> dict[tuple[str, str], Stacked]:
    """(model, graph) → the stack with the column of a network, or of a forecaster of the user's.

    Args:
        course: means and design.
        networks: their forecasts from the origins.
        base: what they correct (`foldcast.forecast.corrected_bases`); without a base a column is
            what a network says beyond the stack.
        origins: those of the protocol.
        given: forecasts of the user's forecasters.
    """
    (found,) = forecast_course(course)
    corrected = found.stack if base in (STACK, NO_BASE) else base_forecasts(course, base)
    columns = [(one, np.asarray(corrected)) for one in networks]
    columns += [(one, found.stack) for one in given]
    return {
        (one.model, one.graph): stack_with(found, one, starts_from, origins)
        for one, starts_from in columns
    }


def additions(
    truth: Truth,
    scored: Sequence[Score],
    stacked: Mapping[tuple[str, str], Stacked],
    made: Mapping[str, Mapping[str, str]],
) -> list[dict]:
    """Rows of ``verdict.tsv``: what each column added to the base forecast, beside rewired graphs.

    Args:
        scored: everything, the stack and the stacks with a column among it.
        stacked: those with a column.
        made: rewired graph → ``of`` and ``how``.
    """
    by_name = {(score.model, score.graph): score for score in scored}
    base, rows = by_name[STACK, "-"], []
    for (model, graph), one in stacked.items():
        if graph not in made:
            whole = by_name[f"{STACK_WITH}{model}", graph]
            others = [g for g, how in made.items() if how == {"of": graph, "how": MATCHED}]
            rewired = [by_name[f"{STACK_WITH}{model}", other] for other in others]
            rows.append(added(truth, whole, base, one.weights, rewired))
    return rows


def added(
    truth: Truth,
    whole: Score,
    base: Score,
    weights: np.ndarray,
    rewired: Sequence[Score] = (),
) -> dict:
    """A row of ``verdict.tsv``: what a network added to the base forecast, also if it is nothing.

    Args:
        whole: the stack with the column of a network, or of a forecaster of the user's.
        base: the stack.
        weights: [seeds, origins] that the column had.
        rewired: the stack with the column of the same network on rewired graphs.
    """
    judged = Judgement.of(truth, whole.errors, base.errors)
    name = replace(whole, model=whole.model.removeprefix(STACK_WITH)).name
    last = f"weight {weights.mean():+.2f} on average, {weights[:, -1].mean():+.2f} at last"
    evidence = (
        f"skill over persistence {whole.values['skill']:.3f} with its column, "
        f"{base.values['skill']:.3f} without, difference {judged.value:+.4f} "
        f"({judged.interval}); {last}"
    )
    if rewired:
        others = ", ".join(f"{one.values['skill'] - base.values['skill']:+.4f}" for one in rewired)
        evidence += f"; with the pairs of {', '.join(o.graph for o in rewired)}: {others}"
    words = {
        "better": f"{name} makes the base forecast better",
        "worse": f"{name} makes the base forecast worse",
        SAME: f"{name} added nothing to the base forecast",
        UNDECIDED: f"what {name} adds to the base forecast cannot be told from nothing",
    }
    sentence = f"{words[judged.word]}: {evidence}{judged.reach}."
    return judged.row(f"{whole.label} - {STACK}", sentence)


def with_weights(fits: pd.DataFrame, stacked: Mapping[tuple[str, str], Stacked]) -> pd.DataFrame:
    """The table of fits with the weight that a fit's network had earned at its block's last origin.

    Args:
        fits: of all blocks, models and graphs (`foldcast.step.saved_fits.fits_table`).
        stacked: (model, graph) → the stack with its column, seeds in the order of the table's.
    """
    fits = fits.assign(stack_weight=np.nan)
    for (model, graph), one in stacked.items():
        own = fits[(fits["model"] == model) & (fits["graph"] == graph)]
        seeds, first = np.unique(own["seed"]), own["first_origin"].min()
        for row in own.itertuples():
            seed = np.searchsorted(seeds, row.seed)
            weight = one.weights[seed, row.last_origin - first]
            fits.loc[row.Index, "stack_weight"] = weight
    return fits
