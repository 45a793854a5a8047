"""Writing a map: whole or not at all, and the same bytes for the same map."""

from collections.abc import Callable, Iterable
from pathlib import Path

import cooler
import h5py
import numpy as np
import pandas as pd

from foldcast.files import atomic, scratch_folder


def store_map(
    target: str | Path,
    bins: pd.DataFrame,
    pixels: pd.DataFrame | Iterable[dict[str, np.ndarray]],
    dtype: np.dtype,
    weigh: Callable[[cooler.Cooler], None],
    metadata: dict | None = None,
) -> None:
    """Write a cooler, with the weights that ``weigh`` gives it.

    Args:
        bins: chrom, start, end; pixels: bin1_id, bin2_id, count, sorted; dtype: of the counts.
        weigh: checks the map and adds its column `weight`.
        metadata: kept in the file.
    """
    with scratch_folder(target) as scratch:
        draft = f"{scratch}/draft.cool"
        cooler.create_cooler(
            draft, bins, pixels, dtypes={"count": dtype}, ordered=True, metadata=metadata
        )
        weigh(cooler.Cooler(draft))
        _copy(draft, target)


def _copy(draft: str, target: str | Path) -> None:
    """Copy without the creation date (and the space of what was replaced): same map, same bytes."""
    with atomic(target) as temporary, h5py.File(draft) as old, h5py.File(temporary, "w") as new:
        for name in old:
            old.copy(name, new)
        new.attrs.update({k: v for k, v in old.attrs.items() if k != "creation-date"})
