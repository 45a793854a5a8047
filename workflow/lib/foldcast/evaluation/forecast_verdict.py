"""Scores with their intervals, and what may be said of a model in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import pandas as pd

from foldcast.evaluation.forecast_scores import METRICS, Truth, error_scores, scores
from foldcast.evaluation.origin_bootstrap import interval, origin_counts
from foldcast.forecast.forecast_tables import Forecasts
from foldcast.graph.rewiring import DISTANCE, IDENTITY, MATCHED
from foldcast.resampling import seed_shares

# Fixed in advance; the first is the primary comparator. What is better than the local level knows
# more than how to see through noise.
REFERENCES = {
    "smoothing_per_gene": "exponential smoothing per gene",
    "persistence": "persistence",
    "local_level": "the local level",
}
# What a graph is held against, by how it was rewired: in a comparison, and in a sentence.
REWIRED = {
    MATCHED: ("rewired pairs", "other pairs"),
    DISTANCE: ("nearest pairs", "the nearest pairs"),
    IDENTITY: ("no pairs", "no pairs at all"),
}
MIN_ORIGINS = 8  # with fewer, the intervals are too short to be believed


@dataclass(frozen=True)
class Score:
    """values: for each metric [1 + draws], the score first and then its bootstrap draws."""

    model: str
    graph: str
    kind: str
    values: dict[str, np.ndarray]
    n_seeds: int


@dataclass(frozen=True)
class Scorer:
    """Scores anything against one truth on the same draws of origins."""

    truth: Truth
    counts: np.ndarray
    draws: int
    seed: int

    @classmethod
    def of(cls, truth: Truth, draws: int, seed: int) -> "Scorer":
        """With ``draws`` bootstrap draws."""
        return cls(truth, origin_counts(truth.observed.shape[1], draws, seed), draws, seed)

    def score(self, forecasts: Forecasts, kind: str) -> Score:
        """The mean of the seeds' scores; the draws are over origins and seeds."""
        each = [scores(values, self.truth, self.counts) for values in forecasts.values]
        shares = seed_shares(len(each), self.draws, self.seed)
        values = {
            metric: (shares * np.stack([one[metric] for one in each], axis=1)).sum(axis=1)
            for metric in METRICS
        }
        return Score(forecasts.model, forecasts.graph, kind, values, len(each))

    def score_errors(self, model: str, squared: np.ndarray) -> Score:
        """A bound that is known by its squared errors [genes, origins] only."""
        return Score(model, "-", "bound", error_scores(squared, self.truth, self.counts), 1)

    def rows(self, score: Score) -> list[dict]:
        """Rows of ``evaluation.tsv``, one per metric."""
        n_genes, n_origins = self.truth.observed.shape
        rows = []
        for metric in METRICS:
            if metric in score.values:
                low, high = interval(score.values[metric], n_origins)
                rows.append(
                    {
                        "model": score.model,
                        "graph": score.graph,
                        "kind": score.kind,
                        "metric": metric,
                        "value": float(score.values[metric][0]),
                        "low": low,
                        "high": high,
                        "n_genes": n_genes,
                        "n_origins": n_origins,
                        "n_seeds": score.n_seeds,
                    }
                )
        return rows

    def verdicts(self, models: Sequence[Score], references: Sequence[Score]) -> list[dict]:
        """Rows of ``verdict.tsv``: each model against each of `REFERENCES`, in that order."""
        by_name = {reference.model: reference for reference in references}
        return [
            verdict(model, by_name[name], *self.truth.observed.shape)
            for model in models
            for name in REFERENCES
        ]

    def contrasts(
        self,
        models: Sequence[Score],
        rewired: Sequence[Score],
        made: Mapping[str, Mapping[str, str]],
        pairs: Mapping[str, pd.DataFrame],
    ) -> list[dict]:
        """Rows of ``verdict.tsv``: each graph against the graphs rewired from it, on one model.

        Those that are rewired alike (with several seeds) count as one: the mean of their scores,
        draw by draw.

        Args:
            rewired: scores on rewired graphs.
            made: rewired graph → ``of``, the graph that it was rewired from, and ``how``
                (`REWIRED`).
            pairs: graph → pairs, shared; by distance.
        """
        rows = []
        for score, how in product(models, REWIRED):
            alike = [
                other
                for other in rewired
                if other.model == score.model
                and made[other.graph] == {"of": score.graph, "how": how}
            ]
            if alike:
                shares = [pairs[other.graph] for other in alike if how != IDENTITY]
                said = _shared(pairs[score.graph], *shares)
                rows.append(contrast(score, alike, how, said, *self.truth.observed.shape))
        return rows


@dataclass(frozen=True)
class Judgement:
    """A paired difference in skill with its interval, and the word that it allows."""

    value: float
    low: float
    high: float
    word: str

    @classmethod
    def of(cls, difference: np.ndarray, n_origins: int) -> "Judgement":
        """From [1 + draws]. "better", "worse" only where the interval excludes 0."""
        low, high = interval(difference, n_origins)
        decided = n_origins >= MIN_ORIGINS and (low > 0 or high < 0)
        word = ("better" if low > 0 else "worse") if decided else "cannot be decided"
        return cls(float(difference[0]), low, high, word)

    @property
    def detectable(self) -> float:
        """About how large a difference must be to be decided: half of the interval."""
        return (self.high - self.low) / 2

    def row(self, comparison: str, sentence: str) -> dict:
        """A row of ``verdict.tsv``."""
        return {
            "comparison": comparison,
            "difference": self.value,
            "low": self.low,
            "high": self.high,
            "detectable": self.detectable,
            "verdict": self.word,
            "sentence": sentence,
        }


def best_in_words(baselines: Sequence[Score]) -> str:
    """Which baseline scores best, so that no sentence compares with a weaker one alone."""
    best = max(baselines, key=lambda baseline: baseline.values["skill"][0])
    name = best.model.replace("_", " ")
    return f"Best baseline, as seen afterwards: {name}, skill {best.values['skill'][0]:.3f}."


def contrast(
    score: Score, rewired: Sequence[Score], how: str, pairs: str, n_genes: int, n_origins: int
) -> dict:
    """What the map's own pairs add: the paired difference in skill to rewired graphs.

    Args:
        how: they were rewired (`REWIRED`).
        pairs: how many there are, in words.
    """
    against, others = REWIRED[how]
    mean = np.mean([other.values["skill"] for other in rewired], axis=0)
    judged = Judgement.of(score.values["skill"] - mean, n_origins)
    several = f"{len(rewired)} rewired graphs" if len(rewired) > 1 else "one rewired graph"
    evidence = (
        f"difference in skill {judged.value:+.3f} (95 % interval {judged.low:+.3f} to "
        f"{judged.high:+.3f}; {n_genes} genes, {n_origins} origins, {_seeds(score)}, {several}: "
        f"{', '.join(other.graph for other in rewired)}); {pairs}"
    )
    claim = f"the contacts of graph {score.graph} make {score.model} forecast"
    sentence = (
        f"Whether {claim} better or worse than {others} would cannot be decided: {evidence}; with "
        f"such an interval, differences from about {judged.detectable:.3f} on can be told."
        if judged.word == "cannot be decided"
        else f"{claim[0].upper()}{claim[1:]} {judged.word} than {others} would: {evidence}."
    )
    return judged.row(f"{score.model}: {score.graph} - {against}", sentence)


def _shared(own: pd.DataFrame, *rewired: pd.DataFrame) -> str:
    """How many pairs there are; how many of them rewired graphs kept, so that these tell little."""
    total, shared = own["pairs"].sum(), [int(other["shared"].sum()) for other in rewired]
    if not shared:
        return f"it has {total} pairs"
    said = f"of its {total} pairs the rewired graphs have {', '.join(map(str, shared))} too"
    if np.mean(shared) > total / 2:
        said += ", and so tell little: these genes have few other pairs"
    return said


def _seeds(score: Score) -> str:
    if score.n_seeds > 1:
        return f"{score.n_seeds} seeds"
    return "one seed: chance in fitting is not in the interval"


def verdict(model: Score, reference: Score, n_genes: int, n_origins: int) -> dict:
    """The paired difference in skill to a reference, and in words what it allows to say."""
    judged = Judgement.of(model.values["skill"] - reference.values["skill"], n_origins)
    return judged.row(
        f"{model.model} on {model.graph} - {reference.model}",
        _sentence(
            model,
            reference,
            (judged.value, judged.low, judged.high),
            judged.word,
            (n_genes, n_origins),
        ),
    )


def _sentence(
    model: Score,
    reference: Score,
    numbers: tuple[float, float, float],
    word: str,
    sizes: tuple[int, int],
) -> str:
    value, low, high = numbers
    n_genes, n_origins = sizes
    name = f"{model.model} on graph {model.graph}"
    other = REFERENCES[reference.model]
    evidence = (
        f"(95 % interval {low:+.3f} to {high:+.3f}; {n_genes} genes, {n_origins} origins, "
        f"{_seeds(model)})"
    )
    ours, theirs = model.values["skill"][0], reference.values["skill"][0]
    skills = f"skill over persistence {ours:.3f} against {theirs:.3f}, difference {value:+.3f}"
    if word == "cannot be decided":
        reason = (
            f"; fewer than {MIN_ORIGINS} origins are too few for a verdict"
            if n_origins < MIN_ORIGINS
            else ""
        )
        return (
            f"Whether {name} forecasts better or worse than {other} cannot be decided: "
            f"{skills} {evidence}{reason}."
        )
    return f"{name} forecasts {word} than {other}: {skills} {evidence}."
