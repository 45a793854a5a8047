"""Scores with their intervals, and what may be said of a model in words."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from foldcast.evaluation.bootstrap import interval, origin_counts, seed_shares
from foldcast.evaluation.metrics import METRICS, Truth, error_scores, scores
from foldcast.evaluation.tables import Forecasts

# Fixed in advance; the first is the primary comparator.
REFERENCES = {
    "smoothing_per_gene": "exponential smoothing per gene",
    "persistence": "persistence",
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


def verdict(model: Score, reference: Score, n_genes: int, n_origins: int) -> dict:
    """The paired difference in skill, and in words what it allows to say.

    "better" and "worse" only where the interval excludes 0, else "cannot be decided".
    """
    difference = model.values["skill"] - reference.values["skill"]
    value = float(difference[0])
    low, high = interval(difference, n_origins)
    decided = n_origins >= MIN_ORIGINS and (low > 0 or high < 0)
    word = ("better" if low > 0 else "worse") if decided else "cannot be decided"
    return {
        "comparison": f"{model.model} on {model.graph} - {reference.model}",
        "difference": value,
        "low": low,
        "high": high,
        "verdict": word,
        "sentence": _sentence(model, reference, (value, low, high), word, (n_genes, n_origins)),
    }


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
    seeds = f"{model.n_seeds} seeds" if model.n_seeds > 1 else "one seed, whose luck is not in it"
    evidence = (
        f"(95 % interval {low:+.3f} to {high:+.3f}; {n_genes} genes, {n_origins} origins, {seeds})"
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
