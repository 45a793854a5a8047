"""What is compared with what, and the words that a comparison allows."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from foldcast.spex.run_settings import ALL, EXPECTO, PROMOTER

BETTER, WORSE, UNDECIDED = "better", "worse", "cannot be decided"
CONTROLS = ("shuffled", "degree", "expected", "random")
DEPTH, MATCHED, MISMATCHED = "depth", "matched", "mismatched"


class FeatureSet(NamedTuple):
    """kind: expecto, promoter, all, features, map, or the name of a control; map: whose."""

    name: str
    kind: str
    map: str

    @classmethod
    def of(cls, name: str) -> "FeatureSet":
        """From its name: ``<map>``, ``<map>+<control><seed>``, ``features+<name>``, …"""
        base, _, control = name.partition("+")
        if name in (EXPECTO, PROMOTER, ALL):
            return cls(name, name, "")
        if base == "features":
            return cls(name, base, "")
        return cls(name, control.rstrip("0123456789") or "map", base)


@dataclass(frozen=True)
class Comparison:
    """first − second; draws: [1 + draws], the difference and its draws.

    low, high: 95 % interval of this difference alone; low_all, high_all: 95 % for all comparisons
    of the question together, which decide the verdict.
    """

    first: str
    second: str
    kind: str
    model: str
    place: str
    draws: np.ndarray
    low: float = np.nan
    high: float = np.nan
    low_all: float = np.nan
    high_all: float = np.nan
    verdict: str = UNDECIDED

    @property
    def value(self) -> float:
        return float(self.draws[0])

    @property
    def winner(self) -> str:
        return self.first if self.value > 0 else self.second

    @classmethod
    def columns(cls, difference: str) -> list[str]:
        """Names of what `row` gives."""
        return list(cls("", "", "", "", "", np.zeros(1)).row(difference))

    def row(self, difference: str) -> dict:
        """What every table says of it, under the name ``difference``."""
        return {
            "model": self.model,
            "tissue": self.place,
            difference: self.value,
            "low": self.low,
            "high": self.high,
            "low_simultaneous": self.low_all,
            "high_simultaneous": self.high_all,
            "verdict": self.verdict,
        }
