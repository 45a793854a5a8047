"""What is compared with what, and the words that a comparison allows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from foldcast.spex.run_settings import ALL, EXPECTO, PROMOTER

BETTER, WORSE, UNDECIDED = "better", "worse", "cannot be decided"
CONTROL_CONTACTS = ("shuffled", "degree", "expected", "random")
DEPTH, MATCHED, MISMATCHED = "depth", "matched", "mismatched"


class FeatureSet(NamedTuple):
    """kind: expecto, promoter, all, features, map, or the kind of control contacts; map: whose."""

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


@dataclass(frozen=True)
class Matching:
    """Whether the map of a tissue itself helps more than maps of other tissues.

    Weights of cells, [tissues, maps]: of the matched ones' mean, and matched − mismatched.

    Only tissues that have a map of their own count. The contrast is the coefficient of "matched"
    in a linear model of the cells with an effect of every tissue and of every map: a map that is
    good everywhere does not look matched. Where one map is matched to all those tissues its effect
    cannot be told apart and is left out (confounded).
    """

    mean: np.ndarray
    contrast: np.ndarray
    confounded: bool

    @classmethod
    def of(
        cls, maps: Sequence[str], tissues: Sequence[str], matched: Mapping[str, str]
    ) -> "Matching | None":
        """None where no cell is matched, or none mismatched."""
        is_matched = np.array([[matched.get(t) == m for m in maps] for t in tissues], dtype=float)
        known = np.array([t in matched for t in tissues])
        if not known.any() or len(maps) < 2:
            return None
        rows, columns = np.nonzero(np.broadcast_to(known[:, None], is_matched.shape))
        tissue, own = np.eye(len(tissues))[rows], np.eye(len(maps))[columns]
        target = is_matched[rows, columns]
        left = _residual(target, np.concatenate([tissue, own], axis=1))
        confounded = bool(left @ left < 1e-9)
        if confounded:
            left = _residual(target, tissue)
        contrast = np.zeros(is_matched.shape)
        contrast[rows, columns] = left / (left @ left)
        return cls(is_matched / is_matched.sum(), contrast, confounded)


def _residual(target: np.ndarray, design: np.ndarray) -> np.ndarray:
    return target - design @ np.linalg.lstsq(design, target, rcond=None)[0]
