"""The features of one feature set: blocks of columns from several files, joined by gene id."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import h5py
import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.job import log
from foldcast.spex.models.user_features import UserTable, open_user_table
from foldcast.spex.run_settings import ALL, EXPECTO, PROMOTER

DISTAL = 2  # rows of the 3D block: downstream, upstream
Fill = Callable[[str, list[str], np.ndarray], None]


@dataclass(frozen=True)
class Block:
    """Some columns of a feature set.

    fill: writes the rows of genes of one chromosome into an array [genes, width].
    """

    width: int
    fill: Fill


@dataclass(frozen=True)
class Files:
    """Where a feature set's features are; files per chromosome, none where it needs no such.

    features: the user's table, and the list of its genes where it has none itself.
    """

    local: Mapping[str, str] = field(default_factory=dict)
    distal: Mapping[str, str] = field(default_factory=dict)
    contacts: str | None = None
    promoter: str | None = None
    features: Sequence[str] = ()


@dataclass(frozen=True)
class Features:
    """A feature set's features of all its genes.

    genes: gene, chrom; sorted by both, so that the order in a table changes no result.
    rows: those of each chromosome.
    x: [genes, features] float32, NaN where missing.
    """

    genes: pd.DataFrame
    rows: dict[str, slice]
    x: np.ndarray


def read_features(
    feature_set: str, genes: pd.DataFrame, maps: Sequence[str], files: Files
) -> Features:
    """Put a feature set's features together, chromosome by chromosome, in one array.

    Args:
        feature_set: ``expecto``, ``promoter``, a map, ``all``, ``<map>+<control>``,
        ``features+<name>``. genes: gene, chrom of the run's genes; those that a user's table lacks
        are left out. maps: the run's maps in the config's order, for ``all``.

    Raises:
        InputError: a file without one of the genes, or with values that are no numbers.
    """
    blocks, known = _blocks(feature_set, genes, maps, files)
    if known is not None:
        genes = genes[genes["gene"].isin(known)]
    genes = genes[["gene", "chrom"]].sort_values(["chrom", "gene"], ignore_index=True)
    x = np.empty((len(genes), sum(block.width for block in blocks)), dtype=np.float32)
    rows = {}
    for chrom, here in genes.groupby("chrom", sort=False):
        rows[str(chrom)] = slice(int(here.index[0]), int(here.index[-1]) + 1)
        start = 0
        for block in blocks:
            part = x[rows[str(chrom)], start : start + block.width]
            block.fill(str(chrom), here["gene"].tolist(), part)
            start += block.width
    return Features(genes, rows, x)


def _blocks(
    feature_set: str, genes: pd.DataFrame, maps: Sequence[str], files: Files
) -> tuple[list[Block], pd.Index | None]:
    """Blocks of a feature set, and its genes where these may be fewer than the run's."""
    name, _, control = feature_set.partition("+")
    if feature_set == PROMOTER:
        table = read_table(str(files.promoter), dtype={"gene": str}).set_index("gene")
        values = table.to_numpy(dtype=np.float32)
        own = UserTable(table.index, values.shape[1], lambda at: values[at])
        return [_table_block(own, str(files.promoter))], None
    if name == "features":
        brought = open_user_table(*files.features)
        has = brought.genes.intersection(genes["gene"])
        if has.empty:
            raise InputError(
                files.features[0],
                found=f"no gene of the run; its ids are such as {', '.join(brought.genes[:3])}",
                expected=f"ids such as {', '.join(genes['gene'].iloc[:3])}",
                remedy="name the genes as the gene table does",
            )
        log.info(
            "%s: %d of the run's %d genes, %d features; the others are left out of this set",
            *(feature_set, len(has), len(genes), brought.width),
        )
        return [_table_block(brought, files.features[0])], has
    local, outputs = _local_block(files.local)
    if feature_set == EXPECTO:
        return [local], None
    if feature_set == ALL:
        return [local, *(_distal_block(files.distal, each, outputs) for each in maps)], None
    if control == "degree":
        return [local, _degree_block(str(files.contacts), name)], None
    if control.startswith("random"):
        return [local, noise_block(DISTAL * outputs, feature_set)], None
    return [local, _distal_block(files.distal, feature_set, outputs)], None


def _local_block(paths: Mapping[str, str]) -> tuple[Block, int]:
    with h5py.File(next(iter(paths.values()))) as file:
        width, outputs = file["x"].shape[1], int(file.attrs["outputs"])
    return _store_block(paths, "x", width), outputs


def _distal_block(paths: Mapping[str, str], feature_set: str, outputs: int) -> Block:
    return _store_block(paths, f"{feature_set}/x", DISTAL * outputs)


def _store_block(paths: Mapping[str, str], name: str, width: int) -> Block:
    def fill(chrom: str, genes: list[str], out: np.ndarray) -> None:
        with h5py.File(paths[chrom]) as file:
            rows = _positions(file["genes"].asstr()[:], genes, paths[chrom])
            if not len(rows):
                return
            if (rows == np.arange(rows[0], rows[0] + len(rows))).all():
                out[:] = file[name][rows[0] : rows[-1] + 1]
            else:
                out[:] = file[name][:][rows]
        if not np.isfinite(out).all():
            raise ValueError(f"{paths[chrom]}: {name} holds values that are no numbers")

    return Block(width, fill)


def _degree_block(path: str, feature_set: str) -> Block:
    """log1p of how many contacts there are upstream and downstream."""

    def fill(chrom: str, genes: list[str], out: np.ndarray) -> None:
        with h5py.File(path) as file:
            rows = _positions(file[f"{chrom}/genes"].asstr()[:], genes, path)
            out[:] = np.log1p(file[f"{chrom}/{feature_set}/degree"][:][rows])

    return Block(2, fill)


def noise_block(width: int, name: str) -> Block:
    """Standard normal numbers, the same for a gene whatever other genes there are.

    As wide as the block that it stands for: a tree that looks at a random share of all columns
    then sees as many others as it does there.
    """

    def fill(chrom: str, genes: list[str], out: np.ndarray) -> None:
        for row, gene in zip(out, genes, strict=True):
            seed = hashlib.blake2b(f"{name}\t{gene}".encode(), digest_size=16).digest()
            stream = np.random.Generator(np.random.Philox(int.from_bytes(seed, "little")))
            row[:] = stream.standard_normal(width, dtype=np.float32)

    return Block(width, fill)


def _table_block(table: UserTable, path: str) -> Block:
    def fill(chrom: str, genes: list[str], out: np.ndarray) -> None:
        out[:] = table.rows(_positions(table.genes, genes, path))

    return Block(table.width, fill)


def _positions(has: Sequence[str] | pd.Index, genes: list[str], path: str) -> np.ndarray:
    """Where the genes are among those that a file has.

    Raises:
        InputError: one of them is not.
    """
    rows = pd.Index(has).get_indexer(genes)
    if (rows < 0).any():
        raise InputError(
            path,
            found=f"no gene {genes[int(np.flatnonzero(rows < 0)[0])]}",
            expected="the genes of genes.tsv",
            remedy="delete the file and run again",
        )
    return rows
