"""Beluga's outputs of variants as ExPecto's first step writes them, in place of Beluga itself.

Nine files ``<prefix>.shift_<bp>.diff.h5``: alternative − reference in the window so far from the
variant, of both strands: row i and row n + i of ``pred`` [2 n, F] are variant i.
"""

from collections.abc import Sequence
from pathlib import Path

import h5py
import numpy as np

from foldcast.errors import InputError
from foldcast.variants.published_settings import AROUND
from foldcast.variants.variant_rows import Variants


def read_differences(paths: Sequence[str], variants: int) -> np.ndarray:
    """The mean of both strands, [variants, 9, F] float32.

    Args:
        paths: the nine files, by growing distance of their window.
        variants: how many the VCF file has.

    Raises:
        InputError: a file that is not there, is no such file, or is of other variants.
    """
    found = [_read(path, variants) for path in paths]
    widths = {one.shape[1] for one in found}
    if len(widths) > 1:
        raise _refused(paths[0], f"files of {' and '.join(map(str, sorted(widths)))} outputs")
    return np.stack(found, axis=1)


def check_records(variants: Variants, path: str | Path) -> list[int]:
    """The row of the differences that each variant has; each row of the VCF file has one.

    Raises:
        InputError: rows of several alleles; a list of ids, or a table whose effect allele may be
            the genome's own.
    """
    if variants.split or not variants.oriented:
        raise InputError(
            path,
            found=variants.count(),
            expected="a VCF file with one alternative allele per row, beside `differences`",
            remedy="give the VCF file that the differences were made from",
        )
    return variants.table["record"].tolist()


def _read(path: str, variants: int) -> np.ndarray:
    if not Path(path).is_file():
        raise _refused(path, "no such file")
    try:
        with h5py.File(path) as file:
            if "pred" not in file:
                raise _refused(path, f"a file that holds {', '.join(file) or 'nothing'}")
            outputs = file["pred"][:]
    except OSError as error:
        raise _refused(path, str(error).split("(")[0].strip()) from None
    if outputs.ndim != 2 or len(outputs) != 2 * variants:
        raise _refused(path, f"`pred` of shape {outputs.shape}", f"[{2 * variants:,}, outputs]")
    if not np.isfinite(outputs).all():
        raise _refused(path, "outputs that are no finite numbers")
    return (outputs[:variants] + outputs[variants:]) / 2


def _refused(path: str | Path, found: str, shape: str = "[2 × variants, outputs]") -> InputError:
    return InputError(
        path,
        found=found,
        expected=f"Beluga's differences as ExPecto writes them: `pred` {shape}, one file for "
        f"each of {', '.join(map(str, AROUND))} bp, of the variants of the VCF file",
        remedy="give what stands before .shift_… in their names, made from this VCF file; or "
        "leave `differences` out, and Beluga is asked",
    )
