"""Whether the map of a tissue itself helps more than maps of other tissues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Matching:
    """Weights of cells, [tissues, maps]: of the matched ones' mean, and matched − mismatched.

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
