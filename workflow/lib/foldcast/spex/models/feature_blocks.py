"""The features of one feature set: blocks of columns from several files, joined by gene id."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import h5py
import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.job import log
from foldcast.spex.contacts.tss_contacts import read_feature_sets
from foldcast.spex.models.touching_genes import touching_features, touching_width
from foldcast.spex.models.user_features import UserTable, open_user_table
from foldcast.spex.run_settings import ALL, EXPECTO, PROMOTER

DISTAL = 2  # rows of the 3D block: downstream, upstream
TABLE = "features+"  # begins the names of users' tables
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

    contacts: of sources (``<source>.h5``). features: the user's table, and the list of its genes
    where it has none itself.
    """

    local: Mapping[str, str] = field(default_factory=dict)
    distal: Mapping[str, str] = field(default_factory=dict)
    contacts: Sequence[str] = ()
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
    feature_set: str,
    genes: pd.DataFrame,
    maps: Sequence[str],
    files: Files,
    base: str = EXPECTO,
) -> Features:
    """Put a feature set's features together, chromosome by chromosome, in one array.

    Args:
        feature_set: ``expecto``, ``promoter``, a map, ``all``, ``<map>+<control>``,
            ``features+<name>``.
        genes: gene, chrom of the run's genes (and tss, where maps are added to another base than
            ``expecto``); those that a user's table lacks are left out.
        maps: the run's maps in the config's order, for ``all``.
        files: where the features are.
        base: the feature set that maps are added to.

    Raises:
        InputError: a file without one of the genes, or with values that are no numbers.
    """
    blocks, known = _blocks(feature_set, genes, maps, files, base)
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
    feature_set: str, genes: pd.DataFrame, maps: Sequence[str], files: Files, base: str
) -> tuple[list[Block], pd.Index | None]:
    """Blocks of a feature set, and its genes where these may be fewer than the run's."""
    if feature_set == PROMOTER:
        return [_promoter_block(str(files.promoter))], None
    if feature_set.startswith(TABLE):
        block, has = _user_block(feature_set, genes, files)
        return [block], has
    name, _, control = feature_set.partition("+")
    known = None
    if base == EXPECTO:
        own, outputs = _local_block(files.local)
        width = DISTAL * outputs
        if feature_set == EXPECTO:
            return [own], None
    else:
        (own,), known = _blocks(base, genes, maps, files, base)
        width = touching_width(own.width)
    if control == "degree":
        added = [_degree_block(_contacts_of(feature_set, files), name)]
    elif control.startswith("random"):
        added = [noise_block(width, feature_set)]
    elif base == EXPECTO:
        sets = maps if feature_set == ALL else [feature_set]
        added = [_distal_block(files.distal, each, outputs) for each in sets]
    else:
        sets = maps if feature_set == ALL else [feature_set]
        added = [_touching_block(own, _contacts_of(each, files), each, genes) for each in sets]
    return [own, *added], known


def _promoter_block(path: str) -> Block:
    table = read_table(path, dtype={"gene": str}).set_index("gene")
    values = table.to_numpy(dtype=np.float32)
    return _table_block(UserTable(table.index, values.shape[1], lambda at: values[at]), path)


def _user_block(feature_set: str, genes: pd.DataFrame, files: Files) -> tuple[Block, pd.Index]:
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
    return _table_block(brought, files.features[0]), has


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


def _contacts_of(feature_set: str, files: Files) -> str:
    """The file that holds the contacts of a map, its control, or its thinned copy."""
    name, _, control = feature_set.partition("+")
    source = feature_set if control == "depth" else name
    return next(path for path in files.contacts if Path(path).stem == source)


def _touching_block(base: Block, path: str, feature_set: str, genes: pd.DataFrame) -> Block:
    """The base's features of the genes that a TSS touches, see `touching_genes`."""
    tss = genes.set_index("gene")["tss"]

    def fill(chrom: str, genes: list[str], out: np.ndarray) -> None:
        found, ids, attrs = read_feature_sets(path, chrom)
        rows = _positions(ids, genes, path)
        x = np.empty((len(genes), base.width), dtype=np.float32)
        base.fill(chrom, genes, x)
        of = tss.loc[genes].to_numpy(np.int64)
        out[:] = touching_features(found[feature_set], rows, of, x, attrs)

    return Block(touching_width(base.width), fill)


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
