"""In-silico mutagenesis: which bases are changed, and the effects of all of them as a matrix."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import h5py
import numpy as np
import pandas as pd

from foldcast.errors import InputError, known_name
from foldcast.resources.chromosomes import spelling
from foldcast.spex.features.dna_codes import LETTERS
from foldcast.spex.models.tissue_expression import clean_ids
from foldcast.variants.alleles import Change
from foldcast.variants.mutated_bases import BASES, COLUMNS

HALF = 100  # bp; a promoter is so many upstream of the TSS, and as many from the TSS on
MOST = 20_000  # bp of a region
WRITTEN = re.compile(r"(?P<chrom>[^:\s]+):(?P<start>[0-9,]+)-(?P<end>[0-9,]+)")


@dataclass(frozen=True)
class Region:
    """Bases start to end (0-based, half open) of the chromosome of a gene, which they may be of.

    gene: its row of ``genes.tsv``.
    """

    gene: pd.Series
    start: int
    end: int

    @property
    def chrom(self) -> str:
        return str(self.gene["chrom"])

    @property
    def positions(self) -> np.ndarray:
        return np.arange(self.start, self.end)

    @property
    def distances(self) -> np.ndarray:
        """Of each base from the TSS along the gene's strand (bp)."""
        sign = -1 if self.gene["strand"] == "-" else 1
        return sign * (self.positions - int(self.gene["tss"]))

    def __str__(self) -> str:
        return f"{self.chrom}:{self.start + 1:,}-{self.end:,}"

    def changes(self, codes: np.ndarray) -> Iterator[tuple[int, Change]]:
        """Each base to its three alternatives; an unknown one is left as it is.

        Args:
            codes: of the region.

        Yields:
            the cell (of the position's number × the number of the base in `BASES`), the change.
        """
        for k, (position, code) in enumerate(zip(self.positions.tolist(), codes, strict=True)):
            if code < len(LETTERS):
                for b, base in enumerate(BASES):
                    if base != LETTERS[code]:
                        change = Change(self.chrom, position, position + 1, base)
                        yield k * len(BASES) + b, change


def find_region(
    genes: pd.DataFrame, gene: str, written: str | None, sizes: pd.Series, place: str
) -> Region:
    """The region that a section of the config means.

    Args:
        genes: of the run: gene, symbol, chrom, tss (0-based), strand.
        gene: an id of these, with or without version, or a symbol that one of them has.
        written: ``chrom:start-end`` (1-based, closed); None: the promoter, 200 bp around the TSS.
        sizes: chromosome → length (bp).
        place: the section, for messages.

    Raises:
        InputError: a gene that the run lacks, or a symbol of several; a region on another
            chromosome, past its end, empty or longer than `MOST`.
    """
    own = _gene(genes, gene, place)
    chrom, tss = str(own["chrom"]), int(own["tss"])
    length = int(sizes[chrom])
    if written is None:
        first = tss - HALF if own["strand"] == "+" else tss - HALF + 1
        return Region(own, max(first, 0), min(first + 2 * HALF, length))
    parts = WRITTEN.fullmatch(written.strip())
    expected = f"chrom:start-end on {chrom}, the chromosome of {gene}, from 1 to {length:,}"
    if parts:
        start, end = (int(parts[name].replace(",", "") or 0) for name in ("start", "end"))
        if spelling(parts["chrom"], [chrom]) and 1 <= start <= end <= length:
            if end - start < MOST:
                return Region(own, start - 1, end)
            expected = f"at most {MOST:,} bp"
    raise InputError(
        "the config",
        place=f"{place}.region",
        found=repr(written),
        expected=expected,
        remedy="give positions of the genome's assembly, or leave `region` out: the promoter",
    )


def _gene(genes: pd.DataFrame, name: str, place: str) -> pd.Series:
    named = genes["gene"].eq(clean_ids(pd.Series([name]), "ensembl").iloc[0])
    if not named.any():
        named = genes["symbol"].eq(name)
    if named.sum() > 1:
        raise InputError(
            "the config",
            place=f"{place}.gene",
            found=f"{name!r}, the symbol of {named.sum()} genes",
            expected="one gene",
            remedy=f"give an id: {', '.join(genes.loc[named, 'gene'])}",
        )
    if not named.any():
        known = pd.concat([genes["gene"], genes["symbol"]]).dropna().astype(str)
        _refuse_unknown(name, [one for one in known if one], f"{place}.gene")
    return genes[named].iloc[0]


def _refuse_unknown(name: str, known: list[str], place: str) -> None:
    try:
        known_name([name], known, "the config", place)
    except InputError as error:
        raise InputError(
            "the config",
            place=place,
            found=f"{name!r}, which is no gene of the run",
            expected=f"an id or a symbol such as {', '.join(known[:2])} (spex/<run>/genes.tsv)",
            remedy=error.remedy,
        ) from None


class Matrix:
    """Effects of all bases of a region by one feature set and model.

    effect, spread: [positions, bases in the order of `BASES`, tissues] float32, on the scale of
        the labels. The genome's own base has 0, and so has one that the gene does not read in this
        feature set; an unknown one (N) has none.
    """

    def __init__(self, codes: np.ndarray, tissues: list[str]) -> None:
        self.tissues = tissues
        shape = (len(codes), len(BASES), len(tissues))
        self.effect, self.spread = np.full((2, *shape), np.nan, dtype=np.float32)
        self.effect[codes < len(LETTERS)] = 0

    def add(self, cells: np.ndarray, tissue: str, found: pd.DataFrame) -> None:
        """Effects of a tissue by cells (as `Region.changes` counts them)."""
        row, base = np.divmod(cells, len(BASES))
        column = self.tissues.index(tissue)
        self.effect[row, base, column] = found["effect"]
        self.spread[row, base, column] = found["spread"]


def as_table(matrices: Mapping[str, Matrix], region: Region, codes: np.ndarray) -> pd.DataFrame:
    """``effects.tsv``: a row per position, feature set, model and tissue, bases side by side."""
    tables = []
    for name, matrix in matrices.items():
        feature_set, model = name.split("/")
        for k, tissue in enumerate(matrix.tissues):
            table = pd.DataFrame(matrix.effect[:, :, k], columns=list(BASES))
            about = {
                "chrom": region.chrom,
                "position": region.positions + 1,
                "ref": letters(codes),
                "distance": region.distances,
                "feature_set": feature_set,
                "model": model,
                "tissue": tissue,
            }
            tables.append(table.assign(**about)[COLUMNS])
    return pd.concat(tables, ignore_index=True)


def write_matrices(
    file: h5py.File, matrices: Mapping[str, Matrix], region: Region, codes: np.ndarray
) -> None:
    """The same as arrays: ``<feature set>/<model>/{effect,spread,tissues}`` beside positions."""
    text = h5py.string_dtype()
    file["position"] = region.positions + 1
    file.create_dataset("ref", data=letters(codes), dtype=text)
    file.create_dataset("bases", data=list(BASES), dtype=text)
    symbol = region.gene["symbol"]
    file.attrs["name"] = symbol if isinstance(symbol, str) else region.gene["gene"]
    for key in ("gene", "chrom", "strand"):
        file.attrs[key] = str(region.gene[key])
    file.attrs["tss"] = int(region.gene["tss"]) + 1
    for name, matrix in matrices.items():
        group = file.create_group(name)
        group["effect"], group["spread"] = matrix.effect, matrix.spread
        group.create_dataset("tissues", data=matrix.tissues, dtype=text)


def letters(codes: np.ndarray) -> list[str]:
    """Bases as letters."""
    return [f"{LETTERS}N"[code] for code in codes]
