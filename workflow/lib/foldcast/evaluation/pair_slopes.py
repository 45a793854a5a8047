"""Slopes of the common change of genes on features of a map, over pairs of bins.

Errors are robust within blocks of bins, so all that is needed of a panel are its sums by block.
"""

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from foldcast.evaluation.bin_pairs import BinPairs, PairDesign
from foldcast.evaluation.expression_changes import Changes


@dataclass(frozen=True)
class PanelProducts:
    """A panel over pairs of bins.

    Attributes:
        products: [pairs, changes] sums of products over pairs of genes.
        maps: [changes] the map that each is held against.
        sums: [pairs, maps] of products over the changes of each map, over all changes.
        shares: [maps] of the changes.
    """

    products: np.ndarray
    maps: np.ndarray
    sums: np.ndarray
    shares: np.ndarray

    @classmethod
    def of(cls, pairs: BinPairs, panel: Changes) -> "PanelProducts":
        """Of a panel, one half with the other."""
        return cls.made(pairs, panel, pairs.products(panel.halves))

    @classmethod
    def made(cls, pairs: BinPairs, panel: Changes, products: np.ndarray) -> "PanelProducts":
        """Of products [pairs, changes] in place of the panel's own."""
        maps = pairs.maps_of(panel.begins)
        member = maps[:, None] == np.arange(pairs.n_maps)
        n = panel.n_changes
        return cls(products, maps, products @ member / n, member.sum(axis=0) / n)

    def slopes(self, design: PairDesign) -> np.ndarray:
        """[changes, kinds] by each change alone."""
        slopes = np.zeros((len(self.maps), design.columns.shape[1]))
        for at in np.unique(self.maps):
            columns, weights = design.columns[at], design.weights[at]
            here = self.maps == at
            left = (columns * weights) @ columns.T
            right = (columns * (weights > 0)) @ self.products[:, here]
            slopes[here] = _solve(left, right).T
        return slopes


@dataclass(frozen=True)
class BlockSums:
    """The two sides of the normal equations of panels, by block.

    Attributes:
        right: [blocks, kinds, panels] features with products.
        left: [blocks, kinds, kinds, panels] features with features.
    """

    right: np.ndarray
    left: np.ndarray

    @classmethod
    def of(cls, design: PairDesign, sums: np.ndarray, shares: np.ndarray) -> "BlockSums":
        """Of sums [pairs, maps, panels] and shares [maps, panels] of `PanelProducts`."""
        n_kinds, n_panels = design.columns.shape[1], sums.shape[2]
        right = np.zeros((len(design.blocks), n_kinds, n_panels))
        left = np.zeros((len(design.blocks), n_kinds, n_kinds, n_panels))
        for at, (columns, weights) in enumerate(zip(design.columns, design.weights, strict=True)):
            seen = weights > 0
            starts = np.append(design.blocks, len(weights))
            for j in range(n_kinds):
                by_block = csr_array(
                    (columns[j] * seen, np.arange(len(weights)), starts),
                    shape=(len(design.blocks), len(weights)),
                )
                right[:, j] += by_block @ sums[:, at]
            weighted = columns[:, None] * columns[None] * weights
            blocks = np.add.reduceat(weighted, design.blocks, axis=2)
            left += blocks.transpose(2, 0, 1)[..., None] * shares[at]
        return cls(right, left)

    def estimate(self) -> tuple[np.ndarray, np.ndarray]:
        """Slopes and their errors, robust within blocks: [panels, kinds] each."""
        n_panels = self.right.shape[2]
        values, errors = np.zeros((2, n_panels, self.right.shape[1]))
        for panel in range(n_panels):
            own = self.right[..., panel : panel + 1]
            value, error = slopes_of(own, self.left[..., panel])
            values[panel], errors[panel] = value[:, 0], error[:, 0]
        return values, errors


def slopes_of(right: np.ndarray, left: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """[kinds, panels] slopes and their errors, of panels with one left side.

    Args:
        right: [blocks, kinds, panels].
        left: [blocks, kinds, kinds].
    """
    total = left.sum(axis=0)
    values = _solve(total, right.sum(axis=0))
    scores = right - left @ values
    n_blocks, n_kinds, n_panels = scores.shape
    half = _solve(total, scores.transpose(1, 0, 2).reshape(n_kinds, -1))
    half = half.reshape(n_kinds, n_blocks, n_panels)
    return values, np.sqrt((half**2).sum(axis=1))


def _solve(left: np.ndarray, right: np.ndarray) -> np.ndarray:
    """The slopes; 0 of a feature that the map does not tell apart."""
    known = np.diag(left) > 1e-9 * max(np.trace(left), 1e-300)
    found = np.zeros(right.shape)
    if known.any():
        found[known] = np.linalg.lstsq(left[np.ix_(known, known)], right[known], rcond=None)[0]
    return found
