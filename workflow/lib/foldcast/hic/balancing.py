"""Balancing weights: those that a map brings where they are sound, else new ones.

A weight here always multiplies: balanced = count · weight[i] · weight[j] (cooler's convention).
"""

import warnings
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import cooler
import multiprocess
import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.job import log
from foldcast.pixels import read_pixels

NEAREST = 5  # diagonals that an unlabelled balancing may have left out, at most NEAREST - 1
# Spread of the marginals up to which unlabelled weights count as balancing; iterative correction
# stops at 0.003 (a variance of 1e-5).
FLAT = 0.1


@dataclass(frozen=True)
class Balance:
    """How to balance: the filters and limits of `cooler.balance_cooler`."""

    min_nnz: int = 10
    mad_max: int = 5
    ignore_diags: int = 2
    max_iters: int = 200


def store_weights(
    made: cooler.Cooler,
    source: cooler.Cooler,
    kept: np.ndarray,
    balance: Balance,
    path: str | Path,
    threads: int,
) -> None:
    """Give the map ``made`` its column `weight`: the source's where it is sound, else a new one.

    The column's attributes say what it is: `origin` (kept, inverted, made), `ignore_diags`,
    `cis_only`, `converged`.

    Args:
        made: the imported map, written to.
        source: the map that it was imported from.
        kept: which bins of the source it has, [bins of the source] bool.
        balance: how to balance where the source's weights are not sound.
        path: the source as messages name it.
        threads: processes that balance.

    Raises:
        InputError: contacts too sparse to balance.
    """
    found = existing_weights(source)
    if found is not None and np.isfinite(found[0][kept]).any():
        weights, attributes = found[0][kept], found[1]
    else:
        weights, attributes = new_weights(made, balance, threads)
    if not np.isfinite(weights).any():
        raise too_sparse(path, made.binsize, balance)
    log.info(
        "weights %s%s; %.1f %% of bins are bad",
        attributes["origin"],
        "" if attributes["converged"] else ", NOT CONVERGED (contacts may keep a bias)",
        100 * np.isnan(weights).mean(),
    )
    with made.open("r+") as group:
        group["bins"].create_dataset("weight", data=weights, compression="gzip")
        group["bins/weight"].attrs.update(attributes)


def too_sparse(path: str | Path, resolution: int, balance: Balance) -> InputError:
    """What is said of a map that leaves no bin when it is balanced."""
    return InputError(
        path,
        place=f"resolution {resolution:,} bp",
        found=f"contacts too sparse to balance: no bin has {balance.min_nnz} neighbours",
        expected="a map that can be balanced",
        remedy="take a coarser resolution, or lower `hic.balance.min_nnz`",
    )


def check_neighbours(
    neighbours: np.ndarray,
    clr: cooler.Cooler,
    kept: np.ndarray,
    balance: Balance,
    path: str | Path,
) -> None:
    """Refuse a map that will leave no bin when it is balanced, without balancing it.

    Args:
        neighbours: how many bins each bin touches, less those on the ignored diagonals, [bins].
        clr: the user's map; kept: which of its bins are, bool.
        balance: how it will be balanced, where its own weights are not sound.
        path: the map's file.

    Raises:
        InputError: as `store_weights`.
    """
    if neighbours.max(initial=0) >= balance.min_nnz:
        return
    found = existing_weights(clr)
    if found is None or not np.isfinite(found[0][kept]).any():
        raise too_sparse(path, clr.binsize, balance)


def existing_weights(clr: cooler.Cooler) -> tuple[np.ndarray, dict] | None:
    """The map's own `weight` as multiplicative weights (bins,), with attributes; None if unsound.

    Columns that Juicer or 4DN call KR, VC … are not used: they come in either sense and scale.
    """
    columns = set(clr.bins().columns) - {"chrom", "start", "end"}
    if "weight" not in columns:
        if columns:
            log.info("normalisations %s are not used: balancing anew", ", ".join(sorted(columns)))
        return None
    weights = clr.bins()["weight"][:].to_numpy(dtype=float)
    weights[~(weights > 0) | np.isinf(weights)] = np.nan
    if np.isnan(weights).all():
        log.info("the column `weight` holds no usable value: balancing anew")
        return None
    given = clr._load_attrs("bins/weight")
    attributes: dict[str, str | int | bool]
    if "ignore_diags" in given:
        divisive = bool(given.get("divisive_weights", False))
        attributes = {
            "ignore_diags": int(given["ignore_diags"]),
            "cis_only": bool(given.get("cis_only", False)),
            "converged": bool(np.all(given.get("converged", True))),
        }
    else:
        divisive, attributes, spread = recognise(clr, weights)
        if spread > FLAT:
            log.info("the column `weight` does not balance the map: balancing anew")
            return None
        log.info("unlabelled weights recognised (spread of the marginals %.2g)", spread)
    origin = "inverted" if divisive else "kept"
    attributes = {**attributes, "origin": origin, "divisive_weights": False}
    return (1 / weights if divisive else weights), attributes


def recognise(clr: cooler.Cooler, weights: np.ndarray) -> tuple[bool, dict, float]:
    """What unlabelled weights are: the reading under which the marginals are flattest.

    Older maps say neither whether weights multiply or divide, nor how many diagonals were left
    out, nor whether only cis contacts were balanced; a balanced map has constant marginals under
    the right reading alone.

    Args:
        clr: the map.
        weights: its column `weight`, [bins], NaN where there is none.

    Returns:
        divisive, attributes (`ignore_diags`, `cis_only`, `converged`), and the spread of the
        marginals: the coefficient of variation, within chromosomes when only cis counts.
    """
    chrom = clr.bins()["chrom"][:].cat.codes.to_numpy()
    n = len(weights)
    sums = np.zeros((2, NEAREST, 2, n))  # divisive, diagonal (the last: and beyond), trans, bin
    for bin1, bin2, count in read_pixels(clr):
        diagonal = np.minimum(bin2 - bin1, NEAREST - 1)
        cell = (diagonal * 2 + (chrom[bin1] != chrom[bin2])) * n
        for divisive, factor in enumerate((weights, 1 / weights)):
            value = np.nan_to_num(count * factor[bin1] * factor[bin2])
            for side in (bin1, bin2):
                total = np.bincount(cell + side, value, minlength=sums[0].size)
                sums[divisive] += total.reshape(sums[0].shape)
    good = np.isfinite(weights)
    readings = []
    for divisive in (False, True):
        for ignored in range(NEAREST):
            for cis_only in (False, True):
                part = sums[int(divisive), ignored:, : 1 if cis_only else 2].sum(axis=(0, 1))
                marginals = pd.Series(part[good])
                if cis_only:
                    marginals /= marginals.groupby(chrom[good]).transform("mean")
                spread = float(marginals.std() / marginals.mean())
                readings.append((spread, divisive, ignored, cis_only))
    spread, divisive, ignored, cis_only = min(readings)
    attributes = {"ignore_diags": ignored, "cis_only": cis_only, "converged": True}
    return divisive, attributes, spread


def new_weights(clr: cooler.Cooler, balance: Balance, threads: int) -> tuple[np.ndarray, dict]:
    """Balance by iterative correction; within chromosomes if the map has no trans contacts.

    Args:
        clr: the map, which is not written to.
        threads: processes that balance.

    Returns:
        weights [bins], NaN in bad bins; attributes, as `store_weights` writes them.
    """
    cis_only = not has_trans(clr)
    workers = multiprocess.Pool(threads) if threads > 1 else nullcontext()
    with warnings.catch_warnings(), workers as pool:
        # Convergence is told through `converged`; chromosomes without contacts have no marginals
        # to take means of, and their weights become NaN.
        warnings.filterwarnings("ignore", "Iteration limit reached")
        warnings.filterwarnings("ignore", "Mean of empty slice", RuntimeWarning)
        warnings.filterwarnings("ignore", "invalid value encountered", RuntimeWarning)
        weights, found = cooler.balance_cooler(
            clr,
            cis_only=cis_only,
            min_nnz=balance.min_nnz,
            mad_max=balance.mad_max,
            ignore_diags=balance.ignore_diags,
            max_iters=balance.max_iters,
            map=pool.map if pool else map,
        )
    return weights, {
        "origin": "made",
        "ignore_diags": balance.ignore_diags,
        "cis_only": cis_only,
        "converged": bool(np.all(found["converged"])),
        "divisive_weights": False,
    }


def has_trans(clr: cooler.Cooler) -> bool:
    """Whether any contact joins two chromosomes."""
    chrom = clr.bins()["chrom"][:].cat.codes.to_numpy()
    return any((chrom[bin1] != chrom[bin2]).any() for bin1, bin2, _ in read_pixels(clr))
