"""The genes of a table on the annotation's loci, and whether so few are placed that it is wrong."""

from collections.abc import Collection, Sequence
from pathlib import Path

import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.genes.identifier_kinds import (
    ENSEMBL,
    ENTREZ,
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
from foldcast.text_table import close_names

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

REMEDIES = dict.fromkeys(
    (ENTREZ, ENSEMBL),
    "give `genome.aliases` with NCBI's gene_info, which brings Entrez numbers and Ensembl ids; or "
    + REMEDY,
)
REMEDIES[MIRNAS] = "say `nodes: mirna`, which places miRNAs by their hairpins"
HAIRPINS = "miRNAs whose hairpins are in the annotation (mmu-miR-21a-5p for Mir21a)"


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
    unused = [] if overrides is None else _unused(overrides["gene"], names, sheet)
    try:
        return loci, report, unused + check_placed(loci, report, annotation, source, nodes)
    except InputError as error:
        if not asked_later:
            raise
        said = f"{error.found}; mygene.info may know them, and is asked later"
        return loci, report, [*unused, said]


def _unused(by_hand: pd.Series, names: Collection[str], sheet: str | Path) -> list[str]:
    """What is decided by hand of genes that the table does not have: a slip of the pen, perhaps."""
    others = by_hand[~by_hand.isin(set(names))]
    if others.empty:
        return []
    return [
        f"{len(others):,} of {len(by_hand):,} lines of {sheet} are of no gene of the table, such "
        f"as {others.iloc[0]}: {close_names(others.iloc[0], names)}"
    ]


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
            theirs = guess(names)
            other = theirs.kind not in ("", MIRNAS)
            reason = f"these are {theirs}: `nodes: gene` places genes" if other else ""
            raise _few(source, f"none of {len(names):,} miRNAs is placed", names, reason, HAIRPINS)
        return []
    warnings = few_placed(share, counts, names[~placed.to_numpy()], annotation, source)
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


def few_placed(
    share: float,
    counts: str,
    missing: pd.Series,
    annotation: pd.DataFrame,
    source: str | Path,
    expected: str = "symbols, aliases or gene ids of the annotation",
    remedy: str = "",
) -> list[str]:
    """Refuse a table of which too few genes are found; what should be said where it is under half.

    Args:
        share: of its genes; counts: the same in words.
        missing: names that are not found.
        annotation: as for `misfit`.
        source: the table; expected, remedy: where they are others than a time course's.

    Raises:
        InputError: less than 5 %; less than half where another species or kind of id fits better.
    """
    if share >= HALF:
        return []
    reason = misfit(missing, annotation)
    if share < HARDLY_ANY or reason:
        found = f"only {counts}" if share else counts
        raise _few(source, found, missing, reason, expected, remedy)
    return [f"only {counts}, not such as {first_few(missing, 3)}"]


def misfit(names: Collection[str], annotation: pd.DataFrame) -> str:
    """Why names are another kind of id, or of another species, than an annotation's; else empty."""
    theirs = guess(names)
    if not theirs.kind:
        return ""
    if theirs.kind in NO_GENES:
        return f"these are {theirs}, which name no gene of an annotation"
    if theirs.kind == MIRNAS:
        return f"these are {theirs}"
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
            f"{annotation['gene'].iloc[0]})"
        )
    if theirs.species and theirs.species not in kinds[theirs.kind]:
        ours = ", ".join(sorted(filter(None, kinds[theirs.kind]))) or "another species"
        return f"these are {theirs}, and the annotation is of {ours}"
    return ""


def _few(
    source: str | Path, found: str, names: pd.Series, reason: str, expected: str, remedy: str = ""
) -> InputError:
    theirs = guess(names)
    if not reason and theirs.kind:
        reason = f"these are {theirs}"
    return InputError(
        source,
        place="the genes' names",
        found=f"{found}; not such as {first_few(names, 3)}" + (f": {reason}" if reason else ""),
        expected=expected,
        remedy=NO_GENES.get(theirs.kind, remedy or REMEDIES.get(theirs.kind, REMEDY)),
    )
