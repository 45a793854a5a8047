"""The genes of a table on the annotation's loci, and whether so few are placed that it is wrong."""

from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.genes.identifier_kinds import (
    MIRNAS,
    NO_GENES,
    SYMBOLS,
    WRITING,
    guess,
    kinds_in,
    writing,
)
from foldcast.genes.mirna_hairpins import Hairpins, main_species
from foldcast.genes.mygene_answers import MyGene
from foldcast.genes.name_resolution import resolve_panel

# Share of a table's genes below which the table is of something else, whatever it is: chance and
# names that two species share place some of any table.
HARDLY_ANY = 0.05
# Share below which another species or kind of id is taken for the reason where it fits better;
# where none does, half is still few enough to be said.
HALF = 0.5
CASE = "but for case"
REMEDY = (
    "check `genome.annotation` (species, assembly), or give `genome.aliases` or `overrides`; "
    "if the genome is a part of one, cut the table down to its genes"
)


def place_genes(
    names: Sequence[str],
    annotation: pd.DataFrame,
    source: str | Path,
    *,
    nodes: str = "gene",
    copies: str = "near",
    overrides: pd.DataFrame | None = None,
    sheet: str | Path = "overrides",
    mygene: MyGene | None = None,
    asked_later: bool = False,
) -> tuple[pd.DataFrame, pd.DataFrame, list[str]]:
    """The loci of a table's genes, how each was found, and what should be said of it.

    Args:
        names: as in the table.
        annotation: as for `Names`.
        source: the table (or list of targets) that the names are from, for messages.
        nodes, copies: the dataset's: ``mirna`` names are looked for among hairpins.
        overrides, sheet: names decided by hand, and where they stand.
        mygene: what mygene.info answered.
        asked_later: mygene.info has not been asked yet: what is unplaced may still be placed.

    Returns:
        loci and report (`name_resolution.resolve_panel`), warnings.

    Raises:
        InputError: as `resolve_panel` and `check_placed`.
    """
    resolve = None
    if nodes == "mirna":
        resolve = Hairpins(annotation, copies, main_species(names)).resolve
    loci, report = resolve_panel(
        names, annotation, overrides, sheet, resolve=resolve, mygene=mygene
    )
    try:
        return loci, report, check_placed(loci, report, annotation, source, nodes)
    except InputError as error:
        if not asked_later:
            raise
        said = f"{error.found}; mygene.info may know them, and is asked later"
        return loci, report, [said]


def check_placed(
    loci: pd.DataFrame,
    report: pd.DataFrame,
    annotation: pd.DataFrame,
    source: str | Path,
    nodes: str = "gene",
) -> list[str]:
    """Refuse a table of which too few genes are placed; what should be said where enough are.

    Args:
        loci, report: of `resolve_panel`.
        annotation: gene, symbol, aliases.
        source: the table, for messages.
        nodes: of the dataset; many miRNAs have no single hairpin, so only none at all is too few.

    Raises:
        InputError: no gene placed; less than 5 %; less than half where another species or kind of
            id fits better, with that guess.
    """
    names, placed = report["gene"], loci["chrom"].notna()
    share = placed.mean() if len(placed) else 0.0
    counts = f"{placed.sum():,} of {len(placed):,} genes placed"
    if nodes == "mirna":
        if share == 0:
            raise _few(source, f"none of {len(names):,} miRNAs is placed", names, "")
        return []
    few, none = share < HALF, share < HARDLY_ANY
    reason = misfit(names, annotation) if few or none else ""
    if none or (few and reason):
        missing = names[~placed.to_numpy()]
        raise _few(source, f"only {counts}" if share else counts, missing, reason)
    warnings = []
    if few:
        missing = first_few(names[~placed.to_numpy()], 3)
        warnings.append(f"only {counts}, not such as {missing}")
    by_case = placed.to_numpy() & report["how"].str.contains(CASE, regex=False).to_numpy()
    if placed.sum() and by_case.sum() > placed.sum() / 2:
        one = report[by_case].iloc[0]
        reason = misfit(names, annotation)
        warnings.append(
            f"{by_case.sum():,} of {placed.sum():,} placed genes only by ignoring case (such as "
            f"{one['query']} for {one['symbol']}): table and annotation may be of two species"
            + (f"; {reason}" if reason else "")
        )
    return warnings


def misfit(names: Collection[str], annotation: pd.DataFrame) -> str:
    """Why names are another kind of id, or of another species, than an annotation's; else empty."""
    theirs = guess(names)
    if not theirs.kind:
        return ""
    if theirs.kind in NO_GENES:
        return f"these are {theirs}, which name no gene of an annotation"
    if theirs.kind == MIRNAS:
        return f"these are {theirs}: `nodes: mirna` places them"
    if theirs.kind == SYMBOLS:
        ours = annotation["symbol"].dropna().astype(str)
        way = writing(ours)
        species = WRITING.get(way, "")
        if theirs.species and species and species != theirs.species:
            return (
                f"these are {theirs}, the annotation's are as those of {species} ({ours.iloc[0]})"
            )
        return ""
    aliases = annotation.get("aliases", pd.Series(dtype=str)).dropna().astype(str)
    texts = annotation["gene"].astype(str), aliases.str.split("|").explode()
    kinds = kinds_in({text for each in texts for text in each})
    if theirs.kind not in kinds:
        return (
            f"these are {theirs}, which the annotation does not have (its ids are such as "
            f"{annotation['gene'].iloc[0]}); `genome.aliases` with NCBI's gene_info brings Entrez "
            "numbers and Ensembl ids"
        )
    if theirs.species and theirs.species not in kinds[theirs.kind]:
        ours = ", ".join(sorted(filter(None, kinds[theirs.kind]))) or "another species"
        return f"these are {theirs}, and the annotation is of {ours}"
    return ""


def _few(source: str | Path, found: str, names: pd.Series, reason: str) -> InputError:
    return InputError(
        source,
        place="the genes' names",
        found=f"{found}; not such as {first_few(names, 3)}" + (f": {reason}" if reason else ""),
        expected="symbols, aliases or gene ids of the annotation",
        remedy=REMEDY,
    )
