"""AnnData files (.h5ad) of pseudobulk: one observation per sample, one variable per gene."""

from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.job import log
from foldcast.spreadsheet_damage import repeated
from foldcast.text_table import close_names

PARTS = {"X", "obs", "var"}
MANY = 10_000  # observations; no time course has as many samples, single cells are more
SUM_UP = "sum the cells of each sample first (scanpy.get.aggregate, decoupler)"


def read_pseudobulk(path: str | Path, samples: pd.DataFrame) -> pd.DataFrame:
    """The values of the sheet's samples in ``X`` of an AnnData file, in its unit.

    Args:
        path: the file; its observations are named as the sheet's samples.
        samples: what `sample_sheets.read_samples` gives, without positions.

    Returns:
        gene × sample (float), genes in the file's order, samples in the sheet's.

    Raises:
        InputError: HDF5 that is no AnnData, or damaged; a sample that is no observation, or has
            another time or replicate in ``obs``; single cells; repeated genes, a missing value.
    """
    import anndata  # slow to import, and only needed here

    _check_layout(path)
    try:
        data = anndata.read_h5ad(path, backed="r")
        _check_samples(path, data.obs, samples)
        rows = data.obs_names.get_indexer(samples["sample"])
        picked = data[np.sort(rows)].to_memory().to_df().loc[samples["sample"]]
        data.file.close()
    except (OSError, KeyError, ValueError) as error:
        raise _unreadable(path, error) from error
    genes = [str(gene) for gene in picked.columns]
    if wrong := repeated(genes):
        raise InputError(
            path,
            place="var_names",
            found=wrong.found,
            expected="each gene once",
            remedy=wrong.remedy,
        )
    values = picked.T.astype(float).set_axis(pd.Index(genes, name="gene"))
    values = values.set_axis(samples["sample"].tolist(), axis=1)
    if (bad := ~np.isfinite(values.to_numpy())).any():
        i, j = np.argwhere(bad)[0]
        raise InputError(
            path,
            place=f"gene {genes[i]}, sample {values.columns[j]}",
            found=f"no finite number; {bad.sum()} such values in all",
            expected="a number for every gene in every sample",
            remedy="fill the values in X, or take the genes out",
        )
    log.info("%s: %d genes of X, %d of %d observations taken as samples: %s", path, len(genes),
             len(samples), len(data.obs), first_few(samples["sample"], 3))  # fmt: skip
    return values


def read_observations(path: str | Path) -> pd.DataFrame:
    """What an AnnData file says of its samples (``obs``), by their names.

    Raises:
        InputError: HDF5 that is no AnnData, or damaged; single cells.
    """
    import anndata

    _check_layout(path)
    try:
        obs = anndata.read_h5ad(path, backed="r").obs
    except (OSError, KeyError, ValueError) as error:
        raise _unreadable(path, error) from error
    if len(obs) >= MANY:
        raise InputError(
            path,
            place="obs_names",
            found=f"{len(obs):,} observations",
            expected="one observation per sample",
            remedy=SUM_UP,
        )
    return obs.set_axis(obs.index.astype(str))


def _unreadable(path: str | Path, error: Exception) -> InputError:
    return InputError(
        path,
        found=f"an AnnData file that cannot be read ({error})",
        expected="an .h5ad file of anndata 0.8 or later",
        remedy="write it again with anndata: read_h5ad(FILE).write_h5ad(FILE)",
    )


def _check_layout(path: str | Path) -> None:
    try:
        with h5py.File(path) as file:
            there = set(file)
    except OSError as error:
        raise InputError(
            path,
            found=f"an HDF5 file that cannot be opened ({error})",
            expected="a whole .h5ad file",
            remedy="get the file again and compare its size and checksum with the source's",
        ) from None
    if not there >= PARTS:
        raise InputError(
            path,
            found=f"HDF5 that holds {first_few(sorted(there)) or 'nothing'}",
            expected="an AnnData file (.h5ad), with X, obs and var; or a text table",
            remedy="write it with anndata (scanpy: read_10x_h5, read_loom), summed per sample",
        )


def _check_samples(path: str | Path, obs: pd.DataFrame, samples: pd.DataFrame) -> None:
    """Refuse samples that are no observations, or are others there."""
    if not samples["column"].isna().all():
        raise InputError(
            path,
            place="obs",
            found="positions as `column` in the sample sheet",
            expected="samples named as the observations: an AnnData file has no columns",
            remedy="take `column` out of the sheet",
        )
    known = obs.index.astype(str)
    for row in samples.itertuples():
        times = int((known == row.sample).sum())
        if times != 1:
            cells = len(obs) >= MANY
            raise InputError(
                path,
                place="obs_names",
                found=f"{len(obs):,} observations, no sample {row.sample}"
                if cells
                else f"sample {row.sample} {times} times"
                if times
                else f"no sample {row.sample}",
                expected="each sample of the sheet as one observation",
                remedy=SUM_UP if cells else close_names(row.sample, known),
            )
    own = obs.set_axis(known).loc[samples["sample"]]
    for column in {"time", "replicate"} & {*obs.columns}:
        theirs = pd.to_numeric(own[column].astype(str), errors="coerce").to_numpy(dtype=float)
        ours = samples[column].to_numpy(dtype=float)
        other = np.flatnonzero(np.isfinite(theirs) & ~np.isclose(theirs, ours))
        if len(other):
            i = int(other[0])
            raise InputError(
                path,
                place=f"obs, sample {samples['sample'].iloc[i]}",
                found=f"{column} {theirs[i]:g}; {len(other)} such samples in all",
                expected=f"{ours[i]:g}, as in the sample sheet",
                remedy="mend the sheet, or `obs` in the file",
            )
