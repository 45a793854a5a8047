"""Contacts from other sources than coolers: triples, loop lists, 3D models → one map."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import bioframe
import cooler
import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.hic.balancing import has_trans
from foldcast.hic.contact_text import told_size
from foldcast.hic.loop_lists import read_loops
from foldcast.hic.map_sources import LOOPS
from foldcast.hic.map_writing import store_map
from foldcast.hic.models_3d import read_models
from foldcast.hic.triples import read_triples
from foldcast.job import log

FORMATS = ("triples", LOOPS, "coordinates")


def read_contacts(
    files: Mapping[str, str | Path], options: Mapping[str, Any], resolution: int, sizes: pd.Series
) -> pd.DataFrame:
    """The contacts of a map that is no cooler.

    Args:
        files: by chromosome (triples) or model (coordinates); one file under any name.
        options: the map's `format`, `bin_size`, `label`, `score_column` and `exponent`.
        resolution: bin size, bp; triples and models have it already.
        sizes: lengths (bp) of the genome's chromosomes.

    Returns:
        chrom1, bin1, chrom2, bin2 (bins of a chromosome from 0), count (float, > 0).

    Raises:
        InputError: as the readers; nothing within the genome; another resolution.
    """
    source = next(iter(files.values()))
    if options["format"] == LOOPS:
        table = read_loops(source, resolution, sizes, options["score_column"])
    else:
        bin_size, label = options["bin_size"], options["label"] or "start"
        told_size(source, bin_size, resolution)
        if options["format"] == "triples":
            table = read_triples(files, bin_size, label, sizes)
        else:
            table = read_models(files, bin_size, label, options["exponent"], sizes)
    if table.empty:
        raise InputError(
            source,
            place="chromosomes",
            found="no contacts on those of the genome",
            expected=f"names of the genome: {first_few(sizes.index)}",
            remedy="give a map of this genome, or set `genome` to the map's",
        )
    return table


def import_contacts(
    contacts: pd.DataFrame,
    format: str,
    resolution: int,
    sizes: pd.Series,
    target: str | Path,
    ignore_diags: int,
) -> None:
    """Write contacts as a map that counts as balanced: what they are is what their source made.

    All weights are 1. Bins without any contact are bad in triples and models; in a loop list they
    are bins without loops, and good. Pairs that occur several times add. The same contacts give
    the same bytes.

    Args:
        contacts: as from `read_contacts`.
        format: of their source; kept in the map.
        resolution: bin size, bp.
        sizes: lengths (bp) of the genome's chromosomes, by name.
        target: the .cool file to write.
        ignore_diags: diagonals that features leave out, as in a map that is balanced here.
    """
    present = set(contacts["chrom1"]) | set(contacts["chrom2"])
    chroms = [chrom for chrom in sizes.index if chrom in present]
    if absent := [chrom for chrom in sizes.index if chrom not in present]:
        log.info("the map has no contacts of %s", first_few(absent))
    lengths = sizes[chroms]
    bins = bioframe.binnify(lengths, resolution)
    offsets = pd.Series(np.cumsum([0, *-(-lengths // resolution)])[:-1], chroms)
    ends = [contacts[f"chrom{k}"].map(offsets) + contacts[f"bin{k}"] for k in (1, 2)]
    low, high = np.sort(np.array(ends, dtype="int64"), axis=0)
    pixels = pd.DataFrame({"bin1_id": low, "bin2_id": high, "count": contacts["count"].to_numpy()})
    pixels = pixels.groupby(["bin1_id", "bin2_id"], as_index=False)["count"].sum()
    weights = np.ones(len(bins))
    if format != LOOPS:
        empty = ~np.isin(np.arange(len(bins)), pixels[["bin1_id", "bin2_id"]])
        weights[empty] = np.nan
    if format == "triples" and (pixels["count"] % 1 == 0).all():
        log.warning("all values are whole: if these are raw counts, give a cooler instead")
    log.info(
        "taken as balanced already: weights of 1; %.1f %% of bins are bad",
        100 * np.isnan(weights).mean(),
    )

    def weigh(made: cooler.Cooler) -> None:
        attributes = {
            "origin": "given",
            "ignore_diags": ignore_diags,
            "cis_only": not has_trans(made),
            "converged": True,
            "divisive_weights": False,
        }
        with made.open("r+") as group:
            group["bins"].create_dataset("weight", data=weights, compression="gzip")
            group["bins/weight"].attrs.update(attributes)

    dtype = np.dtype(float)
    store_map(target, bins, pixels.astype({"count": dtype}), dtype, weigh, {"format": format})
