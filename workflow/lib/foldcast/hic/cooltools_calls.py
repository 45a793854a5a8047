"""Making cooltools silent where it warns, repeatable where it is not, and quicker to start."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import numpy as np
import scipy.sparse.linalg
from cooltools.lib import numutils


@contextmanager
def known_warnings() -> Iterator[None]:
    """Silence what cooltools is known to warn about, and nothing else."""
    with warnings.catch_warnings():
        # pandas announces a new default of groupby, on which cooltools does not depend.
        warnings.filterwarnings("ignore", "The default of observed=False", FutureWarning)
        # Sequence that is not known has no GC; chromosomes without any are left out beforehand.
        warnings.filterwarnings("ignore", "less than 50% of valid bins", UserWarning)
        yield


@contextmanager
def repeatable_eigsh() -> Iterator[None]:
    """Give ARPACK a fixed start vector, which cooltools leaves to chance.

    Otherwise the last digits of an eigenvector differ at every run, and files with them.
    """
    original = scipy.sparse.linalg.eigsh

    def eigsh(matrix: np.ndarray, k: int) -> tuple[np.ndarray, np.ndarray]:
        start = np.random.default_rng(0).standard_normal(len(matrix))
        return original(matrix, k, v0=start)

    scipy.sparse.linalg.eigsh = eigsh
    try:
        yield
    finally:
        scipy.sparse.linalg.eigsh = original


def compiled_once() -> None:
    """Have numba keep what it compiles of cooltools beside it, or in the user's cache.

    Compiling the distance decay takes longer than all eigenvectors of a usual map, in every job
    anew. Where no place can be written it stays so.
    """
    with suppress(RuntimeError):
        numutils.observed_over_expected.enable_caching()
