"""Whether the values of a map are contacts that were counted, and so say how sure they are."""

import cooler
import numpy as np

from foldcast.pixels import read_pixels


def are_whole(counts: np.ndarray) -> bool:
    """Whether all values are whole numbers, as counts are; balanced values and ratios are not."""
    return counts.dtype.kind in "iu" or bool((counts % 1 == 0).all())


def holds_counts(clr: cooler.Cooler) -> bool:
    """Whether a map of `map_import` holds raw counts.

    Not so are triples, loops and 3D models, whose values their source made (`contact_formats`),
    and coolers whose values are no whole numbers: balanced, ratios, corrected otherwise.
    """
    if (clr.info.get("metadata") or {}).get("format"):
        return False
    if clr.pixels()[:0]["count"].dtype.kind in "iu":
        return True
    return all(are_whole(count) for _, _, count in read_pixels(clr))
