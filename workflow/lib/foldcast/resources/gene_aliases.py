"""Further names of genes: lists of aliases against the symbols of an annotation."""

from pathlib import Path

import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_columns
from foldcast.job import log

ENSEMBL_XREF = r"Ensembl:([A-Za-z]+\d+)"


def read_pairs(path: str | Path) -> pd.DataFrame:
    """Two columns under a header, alias and approved symbol → columns alias, symbol."""
    pairs = read_columns(path)
    if pairs.shape[1] != 2:
        raise InputError(
            path,
            place="line 1",
            found=f"columns {', '.join(pairs)}",
            expected="two: alias and approved symbol",
            remedy="cut the file down to these columns, or set the format of the aliases",
        )
    return pairs.set_axis(["alias", "symbol"], axis=1)


def read_gene_info(path: str | Path) -> pd.DataFrame:
    """NCBI ``gene_info`` (one species) → columns alias, symbol.

    Aliases are a symbol's Synonyms, its number (GeneID, Entrez') and its Ensembl gene (dbXrefs).
    """
    table = read_columns(path)
    if missing := {"Symbol", "Synonyms"} - set(table):
        raise InputError(
            path,
            place="line 1",
            found=f"columns {', '.join(table)}; no {', '.join(sorted(missing))}",
            expected="NCBI's gene_info, with Symbol and Synonyms",
            remedy="take it from ftp.ncbi.nlm.nih.gov/gene/DATA/GENE_INFO, or set the format",
        )
    synonyms = table["Synonyms"].replace("-", "").str.split("|")
    pairs = pd.DataFrame({"alias": synonyms, "symbol": table["Symbol"]}).explode("alias")
    own = pd.DataFrame({"alias": table["Symbol"], "symbol": table["Symbol"]})
    ids = [
        pd.DataFrame({"alias": texts, "symbol": table["Symbol"]}).explode("alias")
        for texts in (
            table.get("GeneID", pd.Series("", index=table.index)),
            table.get("dbXrefs", pd.Series("", index=table.index)).str.findall(ENSEMBL_XREF),
        )
    ]
    pairs = pd.concat([own, pairs, *ids], ignore_index=True)
    return pairs[pairs["alias"].fillna("") != ""].reset_index(drop=True)


READERS = {"pairs": read_pairs, "gene_info": read_gene_info}


def names_of(symbols: pd.Series, pairs: pd.DataFrame) -> pd.DataFrame:
    """Which aliases each symbol of an annotation has.

    An annotation may be older than the list, so that its symbol X is listed as an alias of the
    approved Y. Then Y and Y's other aliases are names of X, provided that the annotation lacks Y,
    X stands for no other gene in the list, and no second old symbol claims Y. A symbol of the
    annotation is never an alias of another.

    Args:
        symbols: the annotation's symbols.
        pairs: columns alias, symbol (approved); a symbol may be listed as its own alias.

    Returns:
        Columns symbol (as in the annotation) and alias, each pair once, sorted.
    """
    pairs = pairs[pairs["alias"].ne("") & pairs["symbol"].ne("")]
    present, approved = set(symbols), set(pairs["symbol"])

    current = pairs["symbol"].isin(present)
    old = pairs[pairs["alias"].isin(present - approved)].drop_duplicates()
    old = old[~old["alias"].duplicated(keep=False)]
    old = old[~old["symbol"].isin(present) & ~old["symbol"].duplicated(keep=False)]
    renamed = old.set_index("symbol")["alias"]

    here = pairs["symbol"].where(current, pairs["symbol"].map(renamed))
    names = pd.DataFrame({"symbol": here, "alias": pairs["alias"]}).dropna()
    new = pd.DataFrame({"symbol": renamed.to_numpy(), "alias": renamed.index})
    names = pd.concat([names, new]).drop_duplicates()
    names = names[~names["alias"].isin(present)]
    log.info(
        "aliases: %d for %d symbols of the annotation; %d of these are old names of approved ones",
        len(names),
        names["symbol"].nunique(),
        len(renamed),
    )
    return names.sort_values(["symbol", "alias"], ignore_index=True)
