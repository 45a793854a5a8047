"""Genes that variants are asked about: a list of genes, or of variants with a gene each."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.files import read_columns
from foldcast.resources.chromosomes import harmonise
from foldcast.spex.models.gene_table import ids_of
from foldcast.variants.summary_tables import PLACED, called

# Names of columns in small letters, in the order in which they are preferred.
GENE = ("gene", "gene_id", "phenotype_id", "ensembl", "molecular_trait_id", "symbol")
PLACE = ["chrom", "position", "ref", "alt"]
EXPECTED = (
    "genes, one a line; or a table with a header: a column `gene`, and for pairs the variant "
    "(chromosome, position, effect and other allele; chr_pos_other_effect; or its id)"
)
NAMES = (
    "name them as `genes.tsv` of the run does (ids, or symbols that one gene has); genes of other "
    "chromosomes, and those without expression, are not of the run"
)


@dataclass(frozen=True)
class Asked:
    """Whom variants are scored for.

    genes: ids of the run, for every variant. by_variant: of pairs, the ids by label of the table of
    variants; None: `genes` for each. said: who is asked about, and what matches nothing, in words.
    """

    genes: frozenset[str]
    by_variant: Mapping[int, frozenset[str]] | None
    said: str

    @property
    def pairs(self) -> int:
        """How many pairs of variant and gene are listed; 0 where genes alone are."""
        return sum(map(len, (self.by_variant or {}).values()))

    def rows(self, genes: Collection[str]) -> Callable[[int], Collection[int]]:
        """For a variant, by its label, the rows of its genes among those of a chromosome."""
        row = {gene: k for k, gene in enumerate(genes) if gene in self.genes}
        if self.by_variant is None:
            every = {*row.values()}
            return lambda variant: every
        of = self.by_variant
        return lambda variant: {row[gene] for gene in of.get(variant, ()) if gene in row}


def ask_for(
    path: str | Path, genes: pd.DataFrame, variants: pd.DataFrame | None, *, strict: bool = False
) -> Asked:
    """Whom a list asks about.

    Args:
        path: genes, one a line; or a table with a header that has a column for the gene, and for
            pairs columns for the variant, as tables of known effects have them.
        genes: of the run: gene, symbol.
        variants: placed on the genome (`placed_variants.place_variants`); None: of haplotypes,
            which are asked about for genes alone.
        strict: refuse names that match nothing, which else are said.

    Raises:
        InputError: no such list, pairs for haplotypes, nothing that matches; where strict, any
            name that does not.
    """
    listed, of_pairs = _read(path)
    if of_pairs and variants is None:
        raise InputError(
            path,
            found="variants beside the genes",
            expected="genes alone: a haplotype is all variants of a copy together",
            remedy="leave the columns of the variants out",
        )
    listed["own"] = ids_of(listed["gene"], genes)
    unknown = listed.loc[listed["own"].isna(), "gene"].drop_duplicates()
    known = listed.dropna(subset=["own"])
    asked = frozenset(known["own"])
    some = f"{first_few(genes['gene'], 3)}; {first_few(genes['symbol'].dropna(), 3)}"
    said = [f"{len(asked):,} genes are asked about"]
    missed = _missed(unknown, "names", "no gene of the run", NAMES)
    if not asked or (strict and missed):
        raise _refused(path, missed or ["no names"], f"genes of the run: {some}", NAMES)
    if not of_pairs or variants is None:
        return Asked(asked, None, ", ".join([*said, *missed]))
    met = _met(listed, variants)
    unmet = listed.loc[~listed.index.isin(met["row"]), "written"].drop_duplicates()
    remedy = "name them as the file of the variants does: place and alleles, or its id"
    others = _missed(unmet, "variants", "none of the file of variants", remedy)
    pairs = met.merge(known["own"], left_on="row", right_index=True)
    if pairs.empty or (strict and others):
        found = others or ["no pair of a variant and a gene that both match"]
        raise _refused(path, found, "variants of the file, and genes of the run", remedy)
    by_variant = pairs.groupby("label")["own"].agg(frozenset).to_dict()
    said = [
        f"{sum(map(len, by_variant.values())):,} pairs of {len(by_variant):,} variants and "
        f"{pairs['own'].nunique():,} genes are asked about",
        f"{len(variants) - len(by_variant):,} variants have no pair",
    ]
    return Asked(frozenset(pairs["own"]), by_variant, ", ".join([*said, *missed, *others]))


def _read(path: str | Path) -> tuple[pd.DataFrame, bool]:
    """Rows of a list, and whether it is of pairs: gene, and of these written and `PLACE` or id."""
    cells = read_columns(path)
    cells = cells.rename(columns=lambda name: str(name).strip().strip('"')).reset_index(drop=True)
    if cells.shape[1] == 1 and len(names := cells.columns[0].split()) > 1:  # parted by spaces
        # What is last may have spaces in it, as notes do.
        parts = cells.iloc[:, 0].str.split(n=len(names) - 1, expand=True)
        cells = parts.reindex(columns=range(len(names))).fillna("").set_axis(names, axis=1)
    by_name = {name.casefold(): name for name in cells}
    gene = next((by_name[name] for name in GENE if name in by_name), None)
    if gene is None:
        if cells.shape[1] > 1:
            raise InputError(
                path,
                place="line 1",
                found=f"columns {first_few(cells.columns)}",
                expected=EXPECTED,
                remedy=f"name the column of the genes: {', '.join(GENE)}",
            )
        return pd.DataFrame({"gene": [*cells, *cells.iloc[:, 0]]}).map(str.strip), False
    cells = cells.apply(lambda column: column.str.strip())
    # A column `id` beside `symbol` is the gene's.
    found = called([name for name in cells if name != gene and name.casefold() != "id"])
    listed = cells[[gene]].set_axis(["gene"], axis=1)
    if {*PLACE} <= found.keys():
        place = cells[[found[key] for key in PLACE]].set_axis(PLACE, axis=1)
        written = place["chrom"] + ":" + place["position"] + " " + place["ref"] + ">" + place["alt"]
        return listed.assign(written=written, id="", **place), True
    if "id" not in found:
        return listed, False
    ids = cells[found["id"]]
    place = ids.str.extract(f"^{PLACED.pattern}$", PLACED.flags).fillna("")
    return listed.assign(written=ids, id=ids.where(place["chrom"].eq("")), **place), True


def _met(listed: pd.DataFrame, variants: pd.DataFrame) -> pd.DataFrame:
    """Rows of the list (row) and variants (label) that are the same, either allele the new one."""
    known = pd.Index(variants["chrom"].unique())
    rows = listed.assign(row=listed.index, chrom=harmonise(listed["chrom"], known))
    rows["position"] = pd.to_numeric(rows["position"].str.replace(",", ""), "coerce") - 1
    own = variants.assign(label=variants.index)
    keys = ["chrom", "position", "first", "second"]
    placed = rows.dropna(subset=["chrom", "position"])
    by_place = _sorted_alleles(placed).merge(_sorted_alleles(own), on=keys)
    own["id"] = own["id"].str.split("[;,]")
    own = own.explode("id").loc[lambda each: each["id"].fillna("").ne("")]
    by_id = rows.loc[rows["id"].fillna("").ne("")].merge(own[["label", "id"]], on="id")
    return pd.concat([by_place, by_id])[["row", "label"]].drop_duplicates()


def _sorted_alleles(table: pd.DataFrame) -> pd.DataFrame:
    ref, alt = table["ref"].str.upper(), table["alt"].str.upper()
    return table.assign(first=ref.where(ref < alt, alt), second=alt.where(ref < alt, ref))


def _missed(names: pd.Series, what: str, none: str, remedy: str) -> list[str]:
    """What is said of names that match nothing; nothing where all do."""
    if names.empty:
        return []
    return [f"{len(names):,} {what} match {none} ({first_few(names, 5)}): {remedy}"]


def _refused(path: str | Path, found: Collection[str], expected: str, remedy: str) -> InputError:
    said = "; ".join(each.removesuffix(f": {remedy}") for each in found)
    return InputError(path, found=said, expected=expected, remedy=remedy)
