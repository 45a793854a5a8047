"""Scores with their intervals, and what may be said of a model in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
import pandas as pd

from foldcast.evaluation.forecast_scores import (
    METRICS,
    OverOrigins,
    Truth,
    error_scores,
    r_gene,
    scores,
)
from foldcast.evaluation.origin_tests import OriginTest, ratio_test
from foldcast.evaluation.skill_judgement import Judgement
from foldcast.forecast.corrected_bases import STACK
from foldcast.forecast.forecast_names import OTHER_ARM
from foldcast.forecast.forecast_tables import Forecasts
from foldcast.graph.rewiring import DISTANCE, IDENTITY, MATCHED

# Fixed in advance; the first is the primary comparator. What is better than the local level knows
# more than how to see through noise.
LOCAL_LEVEL = "local_level"
REFERENCES = {
    "smoothing_per_gene": "exponential smoothing per gene",
    "persistence": "persistence",
    LOCAL_LEVEL: "the local level",
    STACK: "the base forecast",
}
# What a graph is held against, by how it was rewired: in a comparison, and in a sentence.
REWIRED = {
    MATCHED: ("rewired pairs", "other pairs"),
    DISTANCE: ("nearest pairs", "the nearest pairs"),
    IDENTITY: ("no pairs", "no pairs at all"),
}
ENOUGH = 5  # rewired graphs, and seeds, from which on their spread is known
# Kinds of what the user brings: a function saw the past only; what a table saw nobody knows.
GIVEN, UNVERIFIED = "given function", "causality unverified"
FROM_OTHER_ARM = "from the other arm"  # it knows the other arm's next value
BROUGHT = (GIVEN, UNVERIFIED, FROM_OTHER_ARM)
MARKS = {UNVERIFIED: UNVERIFIED, FROM_OTHER_ARM: "its next value known"}


@dataclass(frozen=True)
class Score:
    """What a forecast scores, the mean over its seeds.

    values: of each metric.
    tests: of each metric that has an interval.
    errors: [seeds, origins] mean squared errors.
    """

    model: str
    graph: str
    kind: str
    values: Mapping[str, float]
    tests: Mapping[str, OriginTest | None]
    errors: np.ndarray

    @property
    def n_seeds(self) -> int:
        return len(self.errors)

    @property
    def label(self) -> str:
        """How comparisons name it."""
        return self.model if self.graph == "-" else f"{self.model} on {self.graph}"

    @property
    def name(self) -> str:
        """How sentences name it."""
        name = "the other arm's change"
        if self.model != OTHER_ARM:
            name = self.model.replace("_", " ")
        if self.graph != "-":
            name += f" on graph {self.graph}"
        return f"{name} ({MARKS[self.kind]})" if self.kind in MARKS else name


@dataclass(frozen=True)
class Scorer:
    """Scores anything against one truth."""

    truth: Truth

    def score(self, forecasts: Forecasts, kind: str) -> Score:
        """The mean of the seeds' scores."""
        each = [scores(values, self.truth) for values in forecasts.values]
        found = _over_seeds(forecasts.model, forecasts.graph, kind, each)
        correlations = [r_gene(values, self.truth) for values in forecasts.values]
        return replace(found, values={**found.values, "r_gene": float(np.mean(correlations))})

    def score_errors(self, model: str, squared: np.ndarray) -> Score:
        """A bound that is known by its squared errors [genes, origins] only."""
        return _over_seeds(model, "-", "bound", [error_scores(squared, self.truth)])

    def rows(self, score: Score) -> list[dict]:
        """Rows of ``evaluation.tsv``, one per metric; without an interval where there is none."""
        n_genes, n_origins = self.truth.observed.shape
        rows = []
        for metric in METRICS:
            if metric in score.values:
                test = score.tests.get(metric)
                rows.append(
                    {
                        "model": score.model,
                        "graph": score.graph,
                        "kind": score.kind,
                        "metric": metric,
                        "value": score.values[metric],
                        "low": test.low if test else np.nan,
                        "high": test.high if test else np.nan,
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
            verdict(self.truth, model, by_name[name])
            for model in models
            for name in REFERENCES
            if name != model.model
        ]

    def contrasts(
        self,
        models: Sequence[Score],
        rewired: Sequence[Score],
        made: Mapping[str, Mapping[str, str]],
        pairs: Mapping[str, pd.DataFrame],
    ) -> list[dict]:
        """Rows of ``verdict.tsv``: each graph against the graphs rewired from it, on one model.

        Those that are rewired alike (with several seeds) count as one: the mean of their errors.

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
                rows.append(contrast(self.truth, score, alike, how, said))
        return rows


def contrasts_of_neighbours(
    truth: Truth,
    forecasts: Sequence[tuple[Forecasts, str]],
    made: Mapping[str, Mapping[str, str]],
    pairs: Mapping[str, pd.DataFrame],
    neighbours: Mapping[str, np.ndarray],
) -> list[dict]:
    """`Scorer.contrasts` of each graph, scored on the genes that have neighbours in it.

    The others are forecast alike with any pairs, or differ by chance in fitting, and would outvote
    them.

    Args:
        forecasts: of models on every graph, with their kinds.
        made, pairs: as there.
        neighbours: graph → number of neighbours, [genes].
    """
    rows = []
    for graph in dict.fromkeys(of["of"] for of in made.values()):
        if not (near := neighbours[graph] > 0).any():
            continue
        scorer = Scorer(truth.of_genes(near))
        own, rewired = (
            [
                scorer.score(replace(one, values=one.values[:, near]), kind)
                for one, kind in forecasts
                if kind == wanted and (made[one.graph]["of"] if of_another else one.graph) == graph
            ]
            for wanted, of_another in (("model", False), ("rewired graph", True))
        )
        rows += scorer.contrasts(own, rewired, made, pairs)
    return rows


def best_in_words(baselines: Sequence[Score]) -> str:
    """Which baseline scores best, so that no sentence compares with a weaker one alone."""
    best = max(baselines, key=lambda baseline: baseline.values["skill"])
    name = best.model.replace("_", " ")
    return f"Best baseline, as seen afterwards: {name}, skill {best.values['skill']:.3f}."


def contrast(truth: Truth, score: Score, rewired: Sequence[Score], how: str, pairs: str) -> dict:
    """What the map's own pairs add: the paired difference in skill to rewired graphs.

    An interval, and no p: whether folding matters is asked of pairs of genes, and this beside it.

    Args:
        truth: of the genes that have neighbours.
        how: they were rewired (`REWIRED`).
        pairs: how many there are, in words.
    """
    against, others = REWIRED[how]
    judged = Judgement.of(truth, score.errors, np.mean([one.errors for one in rewired], axis=0))
    several = f"{len(rewired)} rewired graphs" if len(rewired) > 1 else "one rewired graph"
    evidence = (
        f"difference in skill {judged.value:+.3f} ({judged.interval}; "
        f"{_sizes(truth, score, 'genes with neighbours')}, "
        f"{several}: {', '.join(other.graph for other in rewired)}); {pairs}"
    )
    claim = f"the contacts of graph {score.graph} make {score.model} forecast"
    opening = f"{claim[0].upper()}{claim[1:]}"
    said = judged.choose(
        undecided=f"Whether {claim} better or worse than {others} would cannot be decided: ",
        same=f"{opening} what {others} make it forecast: ",
        decided=f"{opening} {judged.word} than {others} would: ",
    )
    few = ""
    if how != IDENTITY and min(len(rewired), score.n_seeds) < ENOUGH:
        few = f"; a hint, as {ENOUGH} rewired graphs and {ENOUGH} seeds are needed to see chance"
    row = judged.row(
        f"{score.model}: {score.graph} - {against}", f"{said}{evidence}{judged.reach}{few}."
    )
    return row | {"p": np.nan}


def _shared(own: pd.DataFrame, *rewired: pd.DataFrame) -> str:
    """How many pairs there are; how many of them rewired graphs kept, so that these tell little."""
    total, shared = own["pairs"].sum(), [int(other["shared"].sum()) for other in rewired]
    if not shared:
        return f"it has {total} pairs"
    said = f"of its {total} pairs the rewired graphs have {', '.join(map(str, shared))} too"
    if np.mean(shared) > total / 2:
        said += ", and so tell little: these genes have few other pairs"
    return said


def verdict(truth: Truth, model: Score, reference: Score) -> dict:
    """The paired difference in skill to a reference, and in words what it allows to say."""
    judged = Judgement.of(truth, model.errors, reference.errors)
    other, name = REFERENCES[reference.model], model.name
    evidence = (
        f"skill over persistence {model.values['skill']:.3f} against "
        f"{reference.values['skill']:.3f}, difference {judged.value:+.3f} ({judged.interval}; "
        f"{_sizes(truth, model)})"
    )
    said = judged.choose(
        undecided=f"Whether {name} forecasts better or worse than {other} cannot be decided: ",
        same=f"{name} forecasts what {other} forecasts: it added nothing; ",
        decided=f"{name} forecasts {judged.word} than {other}: ",
    )
    return judged.row(f"{model.label} - {reference.model}", f"{said}{evidence}{judged.reach}.")


def _sizes(truth: Truth, score: Score, what: str = "genes") -> str:
    n_genes, n_origins = truth.observed.shape
    sizes = f"{n_genes} {what}, {n_origins} origins"
    if score.graph == "-":  # nothing in it is chance
        return sizes
    if score.n_seeds > 1:
        return f"{sizes}, {score.n_seeds} seeds"
    return f"{sizes}, one seed: chance in fitting is not in the interval"


def _over_seeds(
    model: str, graph: str, kind: str, each: Sequence[Mapping[str, OverOrigins]]
) -> Score:
    """From what origins bring to the scores of each seed."""
    tests = {
        metric: ratio_test(
            np.stack([one[metric].above for one in each]),
            np.stack([one[metric].below for one in each]),
        )
        for metric in each[0]
    }
    values = {m: float(np.mean([one[m].value for one in each])) for m in each[0]}
    errors = np.stack([one["mse"].above for one in each])
    return Score(model, graph, kind, values, tests, errors)
