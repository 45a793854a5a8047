"""A difference in skill, with the word and the evidence that its test over origins allows."""

from dataclasses import dataclass

import numpy as np

from foldcast.evaluation.forecast_scores import Truth
from foldcast.evaluation.origin_tests import MIN_ORIGINS, OriginTest, skill_test

UNDECIDED, SAME = "cannot be decided", "the same"


@dataclass(frozen=True)
class Judgement:
    """A paired difference in skill, with the word and the evidence that it allows.

    test: None where there are too few origins for one.
    value: the difference.
    """

    test: OriginTest | None
    value: float

    @classmethod
    def of(cls, truth: Truth, errors: np.ndarray, others: np.ndarray) -> "Judgement":
        """From mean squared errors [seeds, origins]."""
        persistence = truth.persistence.mean(axis=0)
        test = skill_test(errors, others, persistence)
        value = float((others.mean() - errors.mean()) / persistence.mean())
        return cls(test, test.value if test else value)

    @property
    def word(self) -> str:
        """ "better", "worse" only where the interval excludes 0."""
        if self.test is None or not (self.test.is_decided or self.test.is_nothing):
            return UNDECIDED
        return SAME if self.test.is_nothing else "better" if self.value > 0 else "worse"

    @property
    def interval(self) -> str:
        """The interval in words."""
        if self.test is None:
            return f"no interval from fewer than {MIN_ORIGINS} origins"
        return f"95 % interval {self.test.low:+.3f} to {self.test.high:+.3f}"

    @property
    def reach(self) -> str:
        """In words, where nothing was decided: what would have been; nothing elsewhere."""
        if self.word != UNDECIDED:
            return ""
        if self.test is None:
            return "; so few origins are too few for a verdict"
        return f"; a difference of {self.test.seen:.3f} would have been seen with 80 % power"

    def choose(self, *, undecided: str, same: str, decided: str) -> str:
        """The words that the verdict allows."""
        return {UNDECIDED: undecided, SAME: same}.get(self.word, decided)

    def row(self, comparison: str, sentence: str) -> dict:
        """A row of ``verdict.tsv``."""
        low, high, p, seen = (
            (self.test.low, self.test.high, self.test.p, self.test.seen)
            if self.test
            else [np.nan] * 4
        )
        return {
            "comparison": comparison,
            "difference": self.value,
            "low": low,
            "high": high,
            "p": p,
            "detectable": seen,
            "verdict": self.word,
            "sentence": sentence,
        }
