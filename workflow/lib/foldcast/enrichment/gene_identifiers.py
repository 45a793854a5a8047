"""What gene sets call the genes of a panel: symbols, older names, ids, orthologs.

A gene of a panel is known by its symbol, as resolved; rows of a table that are one gene are one.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_columns
from foldcast.genes.identifier_kinds import guess

COLUMNS = ["gene", "name", "aliases", "entrez", "ensembl"]
SYNONYMS = {"ensgene": "ensembl", "symbol": "gene"}
ENSEMBL = r"ENS[A-Z]*G\d+(?:\.\d+)?"
FEWEST_ALIKE = 3


def panel_genes(loci: pd.DataFrame, rows: Iterable[str] | None = None) -> pd.DataFrame:
    """The genes of a panel: gene (symbol), rows (their names in the table), gene_id.

    Args:
        loci: gene (a row's name), symbol and perhaps gene_id; else a row's name is its id.
        rows: the rows that are in the panel; all of ``loci`` if not given.

    Returns:
        In the order of ``loci``; rows without a symbol are left out. ``|`` joins several.
    """
    known = loci if rows is None else loci[loci["gene"].isin(set(rows))]
    known = known.assign(gene_id=known["gene_id"] if "gene_id" in known else known["gene"])
    known = known.dropna(subset="symbol").astype({"gene_id": "string"})
    grouped = known.groupby("symbol", sort=False)
    joined = grouped[["gene", "gene_id"]].agg(lambda texts: "|".join(dict.fromkeys(texts.dropna())))
    return joined.set_axis(["rows", "gene_id"], axis=1).rename_axis("gene").reset_index()


def own_names(panel: pd.DataFrame, annotation: pd.DataFrame) -> pd.DataFrame:
    """What the annotation knows of the genes of a panel, as `COLUMNS`.

    Ids are those among its gene ids and aliases that look like one: digits are NCBI's (Entrez).

    Args:
        panel: of `panel_genes`.
        annotation: gene (id), symbol, aliases.
    """
    aliases: dict[str, str] = {}
    for column in ("symbol", "gene"):  # the id decides where both know a gene
        known = annotation.dropna(subset=column)
        texts = known["gene"].fillna("") + "|" + known["aliases"].fillna("")
        aliases |= texts.groupby(known[column]).agg("|".join).to_dict()
    names = []
    for row in panel.itertuples():
        ids = row.gene_id.split("|")
        known_as = [aliases[key] for key in ids if key in aliases] or [aliases.get(row.gene, "")]
        texts = [text for text in dict.fromkeys("|".join([*ids, *known_as]).split("|")) if text]
        is_ensembl = pd.Series(texts, dtype=str).str.fullmatch(ENSEMBL).tolist()
        ensembl = [text.split(".")[0] for text, yes in zip(texts, is_ensembl, strict=True) if yes]
        entrez = [text for text in texts if text.isdigit()]
        names.append((row.gene, row.gene, texts, entrez, ensembl))
    table = pd.DataFrame(names, columns=COLUMNS)
    for column in COLUMNS[2:]:
        table[column] = ["|".join(dict.fromkeys(texts)) for texts in table[column]]
    return table


def read_names(path: str | Path) -> pd.DataFrame:
    """A table of names, as `COLUMNS`: what another species, or ids, call the genes of a panel.

    Needs gene (or symbol: the panel's) and one of name (the other species' symbol), entrez and
    ensembl (or ensgene); may have aliases. A gene on several lines has several names.

    Raises:
        InputError: columns are missing.
    """
    table = read_columns(path)
    table = table.rename(columns={old: new for old, new in SYNONYMS.items() if new not in table})
    if "gene" not in table or not {"name", "entrez", "ensembl"} & set(table.columns):
        raise InputError(
            path,
            place="header",
            found=", ".join(table.columns),
            expected="gene, and one of name, entrez and ensembl",
            remedy="name the columns so: gene is the panel's symbol, name the other species'",
        )
    if "name" not in table:
        table["name"] = table["gene"]
    for column in set(COLUMNS) - set(table.columns):
        table[column] = ""
    table["ensembl"] = table["ensembl"].str.replace(r"\.\d+", "", regex=True)
    grouped = table[table["gene"] != ""].groupby("gene", sort=False)[COLUMNS[1:]]
    return grouped.agg(_joined).reset_index()[COLUMNS]


def _joined(texts: pd.Series) -> str:
    parts = [part for text in texts for part in text.split("|") if part]
    return "|".join(dict.fromkeys(parts))


def match(
    panel: Iterable[str],
    names: pd.DataFrame,
    universe: Collection[str],
    identifiers: str = "symbol",
    *,
    ignore_case: bool = False,
    symbols: Collection[str] = (),
) -> pd.DataFrame:
    """Under which name each gene of a panel is in the sets.

    A name is taken where it is the only one of a gene, and of no other gene: first symbols, then
    (where case is ignored) symbols but for case, then aliases that are no gene's symbol.

    Args:
        panel: its genes.
        names: as `COLUMNS`; genes that it lacks have no name.
        universe: every name in the sets.
        identifiers: what they are: symbol, entrez or ensembl.
        ignore_case: whether CDH1 in the sets may be Cdh1.
        symbols: of all genes of the species, where they are known.

    Returns:
        gene, name (missing where no set has the gene), how, explanation, background (whether the
        sets could have it: it has a name of that kind), in the panel's order.
    """
    panel = list(panel)
    known = names.set_index("gene").reindex(panel).fillna("")
    offered = known["name" if identifiers == "symbol" else identifiers]
    background = offered.ne("").tolist()
    exact = _without_version if identifiers == "ensembl" else str
    steps: list[tuple[str, pd.Series, Callable[[str], str]]] = [(identifiers, offered, exact)]
    if identifiers == "symbol":
        if ignore_case:
            steps.append(("symbol, but for case", offered, str.casefold))
        taken = set(symbols)
        aliases = known["aliases"].map(
            lambda texts: "|".join(text for text in texts.split("|") if text not in taken)
        )
        steps.append(("alias", aliases, str))
    found: dict[str, tuple[str | None, str, str]] = {}
    for how, offers, key in steps:
        claimed = {name for name, _, _ in found.values() if name}
        there = pd.Series(sorted(set(universe) - claimed), dtype=object)
        by_key = there.groupby(there.map(key)).agg(list).to_dict() if len(there) else {}
        found |= _take(offers[~offers.index.isin(found)], by_key, how, key)
    rows = []
    for gene, could in zip(panel, background, strict=True):
        nothing = (None, "not in the sets" if could else f"no {identifiers}", "")
        rows.append((gene, *found.get(gene, nothing), could))
    return pd.DataFrame(rows, columns=["gene", "name", "how", "explanation", "background"])


def _without_version(id: str) -> str:
    return id.split(".")[0]


def _take(
    offers: pd.Series, by_key: dict[str, list[str]], how: str, key: Callable[[str], str]
) -> dict[str, tuple[str | None, str, str]]:
    """Genes with names that are there: name, how and explanation; no name where it is unclear."""
    hits = {
        gene: sorted({name for text in texts.split("|") for name in by_key.get(key(text), ())})
        for gene, texts in offers.items()
        if texts
    }
    owners = Counter(name for names in hits.values() for name in names)
    found: dict[str, tuple[str | None, str, str]] = {}
    for gene, names in hits.items():
        if len(names) > 1:
            found[gene] = (None, "ambiguous", f"several names by {how}: {', '.join(names)}")
        elif names and owners[names[0]] > 1:
            others = sorted(other for other, theirs in hits.items() if names[0] in theirs)
            found[gene] = (None, "ambiguous", f"{names[0]} by {how} is all of {', '.join(others)}")
        elif names:
            found[gene] = (names[0], how, "" if names[0] == gene else f"as {names[0]}")
    return found


def check_found(matched: pd.DataFrame, universe: Collection[str], source: str | Path) -> None:
    """Refuse sets that have none of the genes: they are of another species or kind.

    Raises:
        InputError: with what the sets look like.
    """
    if matched["name"].notna().any():
        return
    kinds = guess(matched["gene"]), guess(sorted(universe))
    folded = {name.casefold() for name in universe}
    alike = sum(gene.casefold() in folded for gene in matched["gene"])
    example = ", ".join(sorted(universe)[:3])
    hint = (
        f"; {alike} of them are, but for case: sets of another species?"
        if alike >= FEWEST_ALIKE
        else ""
    )
    if kinds[1].kind and kinds[0].kind != kinds[1].kind:
        hint += f"; these are {kinds[1]}"
    raise InputError(
        source,
        found=f"none of {len(matched)} genes ({', '.join(matched['gene'][:3])}, …); "
        f"the sets hold {example}, …{hint}",
        expected="sets of these genes",
        remedy="say what the sets are: `species` (such as human), or `identifiers` (entrez, "
        "ensembl), or `ignore_case` where they are the same genes in capitals",
    )
