"""Which map helps: differences in Spearman's rho, each with its interval and the word it allows.

Two questions, each with intervals that hold together over all of its comparisons:
- the map comparison: every feature set over the base (ExPecto, if nothing else is said), in every
  model, over all tissues and in each;
- the contrasts: a map against its control contacts, maps among each other, matched cells of
  map × tissue against mismatched ones. Nothing is read off a contrast unless its better side
  beats the base, so that where nothing beats it nothing is claimed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from foldcast.resampling import expanded_interval, seed_shares
from foldcast.spex.comparison.locus_bootstrap import (
    MIN_BLOCKS,
    independent_blocks,
    simultaneous_intervals,
)
from foldcast.spex.comparison.map_contrasts import (
    BETTER,
    CONTROL_CONTACTS,
    DEPTH,
    MATCHED,
    MISMATCHED,
    UNDECIDED,
    WORSE,
    Comparison,
    FeatureSet,
    Matching,
)
from foldcast.spex.comparison.prediction_scores import Scores
from foldcast.spex.run_settings import EXPECTO


@dataclass(frozen=True)
class MapComparison:
    """over_base and contrasts: the two questions; places: the headline first, then tissues.

    base: the feature set that maps are added to. feature_sets: by name. sizes: genes of each
    block. confounded: matched cells are all of one map, whose own quality cannot be told from being
    matched.
    """

    base: str
    feature_sets: dict[str, FeatureSet]
    models: list[str]
    places: list[str]
    matched: dict[str, str]
    over_base: list[Comparison]
    contrasts: list[Comparison]
    sizes: np.ndarray
    confounded: bool

    @property
    def headline(self) -> str:
        return self.places[0]

    @property
    def tissues(self) -> list[str]:
        return self.places[1:] or self.places

    def find(
        self, first: str, second: str, model: str, place: str | None = None
    ) -> Comparison | None:
        """A comparison, where it was made; by default over all tissues."""
        key = (first, second, model, place or self.headline)
        for one in self.over_base + self.contrasts:
            if (one.first, one.second, one.model, one.place) == key:
                return one
        return None


def compare(
    scores: Scores,
    maps: Sequence[str],
    matched: Mapping[str, str],
    seed: int,
    base: str = EXPECTO,
) -> MapComparison:
    """Make every comparison of a run.

    Args:
        scores: of all feature sets.
        maps: names of the run's maps.
        matched: tissue → the map that is of that tissue.
        seed: of the draws of seeded control contacts.
        base: the feature set that maps are added to.
    """
    rho = {
        (fit.feature_set, fit.model): values
        for fit, values in zip(scores.held.fits, scores.values["all", "spearman"], strict=True)
    }
    feature_sets = {fit.feature_set: FeatureSet.of(fit.feature_set) for fit in scores.held.fits}
    models = list(dict.fromkeys(fit.model for fit in scores.held.fits))
    sizes = scores.blocks.sizes(np.ones(len(scores.held.genes), dtype=bool))
    matched = {t: m for t, m in matched.items() if t in scores.held.tissues and m in maps}
    weights = Matching.of(maps, scores.held.tissues, matched)
    headline = scores.places[0]
    over_base: list[Comparison] = []
    contrasts: list[Comparison] = []
    for model in models:
        of_model = {name: values for (name, its), values in rho.items() if its == model}
        over = {name: values - of_model[base] for name, values in of_model.items()}
        for name, values in over.items():
            if name != base:
                kind = feature_sets[name].kind
                over_base += _at(scores.places, name, base, kind, model, values)
        for first, second, kind, values in _contrasts(over, feature_sets, maps, seed):
            contrasts += _at(scores.places, first, second, kind, model, values)
        if weights:
            cells = np.stack([over[name][-len(scores.held.tissues) :] for name in maps], axis=1)
            gain = np.einsum("tm,tmd->d", weights.mean, cells)
            over_base.append(Comparison(MATCHED, base, MATCHED, model, headline, gain))
            gain = np.einsum("tm,tmd->d", weights.contrast, cells)
            contrasts.append(Comparison(MATCHED, MISMATCHED, MATCHED, model, headline, gain))
    over_base = _judge(over_base, sizes)
    beats = {
        (_group(one.first), one.model, one.place) for one in over_base if one.verdict == BETTER
    }
    contrasts = [
        one
        if (_group(one.winner), one.model, one.place) in beats
        else replace(one, verdict=UNDECIDED)
        for one in _judge(contrasts, sizes)
    ]
    return MapComparison(
        base,
        feature_sets,
        models,
        scores.places,
        matched,
        over_base,
        contrasts,
        sizes,
        weights.confounded if weights else False,
    )


def _contrasts(
    over: Mapping[str, np.ndarray],
    feature_sets: Mapping[str, FeatureSet],
    maps: Sequence[str],
    seed: int,
) -> list[tuple[str, str, str, np.ndarray]]:
    """first, second, kind and difference [places, 1 + draws] of one model's contrasts."""
    found = []
    for name in maps:
        for kind in CONTROL_CONTACTS:
            controls = [
                values
                for other, values in over.items()
                if (feature_sets[other].map, feature_sets[other].kind) == (name, kind)
            ]
            if controls:
                # Several seeds of control contacts count as one: their mean, and its luck.
                shares = seed_shares(len(controls), controls[0].shape[-1] - 1, seed)
                mean = np.einsum("dk,kpd->pd", shares, np.stack(controls))
                found.append((name, f"{name}+{kind}", kind, over[name] - mean))
    for pair in combinations(maps, 2):
        thinned = [f"{name}+{DEPTH}" for name in pair]
        matched = all(name in over for name in thinned)
        first, second = thinned if matched else pair
        kind = DEPTH if matched else "map"
        found.append((first, second, kind, over[first] - over[second]))
    return found


def _at(
    places: Sequence[str], first: str, second: str, kind: str, model: str, values: np.ndarray
) -> list[Comparison]:
    return [
        Comparison(first, second, kind, model, place, draws)
        for place, draws in zip(places, values, strict=True)
    ]


def _judge(question: list[Comparison], sizes: np.ndarray) -> list[Comparison]:
    """Give the comparisons of one question their intervals and verdicts."""
    if not question:
        return []
    blocks = independent_blocks(sizes)
    ends = simultaneous_intervals(np.stack([one.draws for one in question]), blocks)
    judged = []
    for one, low_all, high_all in zip(question, *ends, strict=True):
        low, high = expanded_interval(one.draws, blocks)
        # Skewed draws: what holds for all comparisons together holds for one alone too.
        low_all, high_all = min(low_all, low), max(high_all, high)
        word = BETTER if low_all > 0 else WORSE if high_all < 0 else UNDECIDED
        judged.append(
            replace(
                one,
                low=low,
                high=high,
                low_all=float(low_all),
                high_all=float(high_all),
                verdict=word if len(sizes) >= MIN_BLOCKS else UNDECIDED,
            )
        )
    return judged


def _group(name: str) -> str:
    """A feature set's name without its seed: seeds of control contacts speak together."""
    seeded = FeatureSet.of(name).kind in CONTROL_CONTACTS
    return name.rstrip("0123456789") if seeded else name
