"""ExPecto's features: Beluga's outputs around a TSS, weighted by ten exponentials of distance."""

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.spex.features.dna_codes import STEP, WINDOW, Genome, window_start

REACH = 20_000  # bp; windows are around the positions from -20,000 to 19,800 of a gene's own strand
SHIFTS = np.arange(-REACH, REACH, STEP)
DECAYS = (0.01, 0.02, 0.05, 0.1, 0.2)  # per 200 bp
KERNELS = 2 * len(DECAYS)
GRID = {"reach": REACH, "decays": list(DECAYS)}  # what features depend on beside the outputs


def kernels() -> np.ndarray:
    """Weights [10, 200] of the windows by shift: each decay upstream (shift ≤ 0), then downstream.

    The window around the TSS itself is in both.
    """
    curves = np.exp(-np.outer(DECAYS, np.abs(SHIFTS) / STEP))
    return np.concatenate([curves * (SHIFTS <= 0), curves * (SHIFTS >= 0)]).astype(np.float32)


def stretch(tss: int, strand: str) -> tuple[int, int]:
    """Start and end (0-based, half-open, maybe past an end) of a gene's windows together."""
    sign = -1 if strand == "-" else 1
    centres = tss + sign * SHIFTS[[0, -1]]
    start = window_start(int(centres.min()))
    return start, start + int(np.ptp(centres)) + WINDOW


def local_features(outputs: np.ndarray, strand: str) -> np.ndarray:
    """Features of a gene, float32, flattened weights first.

    Args:
        outputs: of its windows [200, outputs], in the order of the chromosome.

    Returns:
        [10 · outputs]
    """
    by_shift = outputs[::-1] if strand == "-" else outputs
    return (kernels() @ by_shift).ravel()


def check_genes(genes: pd.DataFrame, chrom: str, genome: Genome, source: str) -> int:
    """Check the TSS (0-based) of a chromosome's genes; how many have windows past its ends.

    Args:
        genes: gene, tss, strand.
        source: the file that they are from.

    Raises:
        InputError: a TSS off the chromosome, which means another assembly.
    """
    length = genome.length(chrom)
    off = genes[(genes["tss"] < 0) | (genes["tss"] >= length)]
    if len(off):
        first = off.iloc[0]
        raise InputError(
            source,
            place=f"gene {first['gene']}",
            found=f"a TSS at {chrom}:{first['tss'] + 1:,} ({len(off)} such genes)",
            expected=f"1 to {length:,}, the length of {chrom} in {genome.path}",
            remedy="give genes and genome of the same assembly",
        )
    ends = [stretch(tss, strand) for tss, strand in zip(genes["tss"], genes["strand"], strict=True)]
    return sum(start < 0 or end > length for start, end in ends)
