"""Sums of outer products and Cholesky factors by tiles, in place, with the same bits for any number
of threads: each tile is one task on one thread, in an order of operations that is fixed.
"""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import numpy as np
from scipy.linalg import solve_triangular
from threadpoolctl import threadpool_limits

TILE = 512


class Pool:
    """Runs tasks on threads; linear algebra within a task uses one thread."""

    def __init__(self, executor: ThreadPoolExecutor) -> None:
        self._executor = executor

    def each(self, task: Callable[..., Any], items: Iterable[tuple[Any, ...]]) -> None:
        for _ in self._executor.map(lambda item: task(*item), items):
            pass


@contextmanager
def pool(threads: int) -> Iterator[Pool]:
    with threadpool_limits(limits=1), ThreadPoolExecutor(threads) as executor:
        yield Pool(executor)


class Gram:
    """A symmetric positive semidefinite matrix [n, n], and factors of it with a penalty added.

    One n × n array holds both: the matrix above the diagonal, the factor below and on it; the
    matrix's diagonal tiles are kept apart.
    """

    def __init__(self, n: int) -> None:
        self.n = n
        self._array = np.zeros((n, n))
        self._tiles = [slice(k, min(k + TILE, n)) for k in range(0, n, TILE)]
        self._diagonal = [np.zeros((tile.stop - tile.start,) * 2) for tile in self._tiles]

    def add(self, z: np.ndarray, workers: Pool) -> None:
        """Add z zᵀ; z: [n, m]."""

        def add_tile(i: int, j: int) -> None:
            product = z[self._tiles[i]] @ z[self._tiles[j]].T
            into = self._diagonal[i] if i == j else self._array[self._tiles[i], self._tiles[j]]
            into += product

        count = len(self._tiles)
        workers.each(add_tile, ((i, j) for i in range(count) for j in range(i, count)))

    def factorise(self, penalty: float, workers: Pool) -> None:
        """Factor of the matrix + penalty · identity, in place of the last one."""
        a, tiles = self._array, self._tiles

        def update(i: int, j: int) -> None:
            if i == j:
                whole = self._diagonal[i] + penalty * np.eye(len(self._diagonal[i]))
            else:
                whole = a[tiles[j], tiles[i]].T
            if j:
                whole = whole - a[tiles[i], : tiles[j].start] @ a[tiles[j], : tiles[j].start].T
            a[tiles[i], tiles[j]] = whole

        def scale(i: int, j: int) -> None:
            corner = a[tiles[j], tiles[j]]
            a[tiles[i], tiles[j]] = solve_triangular(corner, a[tiles[i], tiles[j]].T, lower=True).T

        for j in range(len(tiles)):
            workers.each(update, ((i, j) for i in range(j, len(tiles))))
            a[tiles[j], tiles[j]] = np.linalg.cholesky(a[tiles[j], tiles[j]])
            workers.each(scale, ((i, j) for i in range(j + 1, len(tiles))))

    def solve(self, right: np.ndarray) -> np.ndarray:
        """Solution of (matrix + penalty · identity) u = right, [n, columns], by the factor."""
        a, u = self._array, np.array(right, dtype=float)
        for tile in self._tiles:
            u[tile] -= a[tile, : tile.start] @ u[: tile.start]
            u[tile] = solve_triangular(a[tile, tile], u[tile], lower=True)
        for tile in reversed(self._tiles):
            u[tile] -= a[tile.stop :, tile].T @ u[tile.stop :]
            u[tile] = solve_triangular(a[tile, tile], u[tile], lower=True, trans="T")
        return u
