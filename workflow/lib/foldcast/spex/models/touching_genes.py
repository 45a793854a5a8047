"""What touches a TSS as a base sees it: features of the genes in the places that it touches.

Where no network reads the places themselves, a map can still tell of the genes whose own TSS lie
in them, by whatever features the base has of these. Nothing measured of any gene is read.
"""

import numpy as np
from scipy.sparse import csr_matrix

from foldcast.spex.contacts.distal_features import MEAN, SIDES
from foldcast.spex.contacts.tss_contacts import Contacts


def touching_width(width: int) -> int:
    """Columns that `touching_features` makes of a base's."""
    return SIDES * (1 + width)


def touching_features(
    contacts: Contacts, rows: np.ndarray, tss: np.ndarray, x: np.ndarray, attrs: dict
) -> np.ndarray:
    """Sums over the places that each TSS touches, downstream and then upstream.

    For each side the weight of all places, and the features of the genes whose TSS lie in them,
    by the weight of the place (divided by that of all places where `aggregate` is `mean`). A gene
    is no neighbour of its own, and a feature that is missing counts 0.

    Args:
        contacts: of a chromosome's genes.
        rows: which of these the genes are, [n].
        tss: theirs (0-based, bp), [n].
        x: the base's features of them, [n, width].
        attrs: of the contacts' file: resolution (bp), aggregate.

    Returns:
        [n, `touching_width`], float32.
    """
    n, resolution = len(tss), int(attrs["resolution"])
    of_gene = np.full(len(contacts.indptr) - 1, -1)
    of_gene[rows] = np.arange(n)
    row = of_gene[contacts.gene] * SIDES + contacts.side
    used = row >= 0
    row, start, weight = row[used], contacts.start[used], contacts.weight[used].astype(float)
    total = np.bincount(row, weight, minlength=SIDES * n)
    if attrs["aggregate"] == MEAN:
        weight = weight / total[row]
    # Genes by their bin, so that those of a place are a slice.
    order = np.argsort(tss // resolution, kind="stable")
    bins = (tss // resolution)[order]
    first, last = (np.searchsorted(bins, start // resolution, side) for side in ("left", "right"))
    count = last - first
    at = np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())
    gene, row, weight = order[at], np.repeat(row, count), np.repeat(weight, count)
    other = gene != row // SIDES
    shape = (SIDES * n, n)
    touched = csr_matrix((weight[other], (row[other], gene[other])), shape=shape)
    sums = touched @ np.nan_to_num(x.astype(float))
    return np.hstack([total[:, None], sums]).reshape(n, -1).astype(np.float32)
