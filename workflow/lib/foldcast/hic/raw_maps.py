"""A map of raw contacts in any format that is balanced here: cooler, .hic, HiC-Pro."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cooler

from foldcast.files import scratch_folder
from foldcast.hic.hic_files import hic_resolutions, hic_to_cooler, is_hic
from foldcast.hic.hicpro import hicpro_to_cooler
from foldcast.hic.map_sources import map_groups, open_map


@contextmanager
def raw_map(
    source: str | Path,
    resolution: int,
    bins: str | Path | None = None,
    target: str | Path | None = None,
) -> Iterator[cooler.Cooler]:
    """A user's map as a cooler; what is none is converted, and the copy thrown away again.

    A cooler and a .hic file are told apart by their content.

    Args:
        source: the file of the contacts.
        resolution: bin size in bp.
        bins: the BED file of a HiC-Pro matrix; None: the source is a cooler or a .hic file.
        target: what is made of it, beside which a converted map has room; None: where temporary
            files go.

    Raises:
        InputError: as the readers of each format.
    """
    if bins is None and not is_hic(source):
        yield open_map(source, resolution)
        return
    with scratch_folder(target) if target else tempfile.TemporaryDirectory() as scratch:
        draft = f"{scratch}/raw.cool"
        if bins is None:
            hic_to_cooler(source, resolution, draft)
        else:
            hicpro_to_cooler(source, bins, resolution, draft)
        yield open_map(draft, resolution, source)


def resolutions_of(source: str | Path) -> list[int]:
    """Bin sizes (bp) that a cooler or a .hic file holds.

    Raises:
        InputError: as their readers.
    """
    if is_hic(source):
        return hic_resolutions(source)
    return sorted(filter(None, map_groups(source).values()))
