"""Ask mygene.info for the orthologs of a panel's genes, but for those that were asked before."""

from collections.abc import Iterable
from pathlib import Path

import pandas as pd

from foldcast.enrichment.gene_identifiers import COLUMNS, panel_genes
from foldcast.errors import InputError
from foldcast.files import read_table, write_table
from foldcast.genes.mygene_client import ask
from foldcast.genes.mygene_records import Answers, listed
from foldcast.genes.species import taxon_of
from foldcast.job import log, run

REMEDY = (
    "run again later; or bring a table of orthologs (gene, name) as `enrichment.names`; or take "
    "gene sets of the panel's own species"
)


def main(snakemake) -> None:
    params, kept = snakemake.params, Path(snakemake.output.names)
    rows = read_table(snakemake.input.panel, usecols=["gene"], dtype=str)["gene"]
    loci = read_table(snakemake.input.loci, dtype={"gene": str, "symbol": str, "gene_id": str})
    genes = panel_genes(loci, rows)["gene"]
    known = pd.DataFrame(columns=[*COLUMNS, "explanation"])
    if kept.exists():
        known = read_table(kept, dtype=str).fillna("")
        known = known[known["gene"].isin(genes)]
    asked = sorted(set(genes) - set(known["gene"]))
    log.info("%d genes, %d not yet answered", len(genes), len(asked))
    if asked:
        answers = ask_orthologs(asked, params.species, params.other, params.url)
        known = pd.concat([known, answers], ignore_index=True)
    write_table(known.sort_values("gene", ignore_index=True), kept)
    unique = known["name"].ne("") & ~known["name"].str.contains("|", regex=False)
    log.info("%d genes have one ortholog in %s", unique.sum(), params.other)


def ask_orthologs(
    genes: Iterable[str],
    species: str,
    other: str,
    url: str,
    *,
    backoff: float = 1.0,
    delay: float = 1.0,
) -> pd.DataFrame:
    """What another species calls the orthologs of some genes, by NCBI's HomoloGene groups.

    A gene is taken for the one record whose symbol it is (else whose alias). All genes of the
    other species in its group are its orthologs; where these are several nothing is chosen here.

    Args:
        genes: symbols.
        species: theirs, as mygene.info calls it.
        other: the species that is asked for.
        url: of the service.

    Returns:
        `COLUMNS` and explanation, one row per gene about which the service was not silent.

    Raises:
        InputError: a species without a known taxon number; and as `mygene_client.ask`.
    """
    taxon = taxon_of(other)
    if taxon is None:
        raise InputError(
            "the config",
            place="enrichment.sets",
            found=f"the species {other}",
            expected="mygene.info's name of a species, or its NCBI taxon number",
            remedy="give the number, for example 9913 for cattle",
        )
    fields = ["symbol", "alias", "entrezgene", "homologene"]
    known = ask(
        genes, species, ["symbol", "alias"], fields, url,
        remedy=REMEDY, backoff=backoff, delay=delay,
    )  # fmt: skip
    groups = {gene: _group(gene, hits, taxon) for gene, hits in known.items()}
    ids = {id for group, _ in groups.values() for id in group}
    fields = ["symbol", "alias", "entrezgene", "ensembl.gene"]
    there: Answers = (
        ask(ids, other, ["entrezgene"], fields, url, remedy=REMEDY, backoff=backoff, delay=delay)
        if ids
        else {}
    )
    rows = [_row(gene, group, said, there, other) for gene, (group, said) in groups.items()]
    return pd.DataFrame(rows, columns=[*COLUMNS, "explanation"])


def _group(gene: str, hits: list[dict], taxon: int) -> tuple[list[str], str]:
    """NCBI ids of a gene's orthologs, or why there are none."""
    own = [hit for hit in hits if hit.get("symbol") == gene]
    own = own or [hit for hit in hits if gene in listed(hit.get("alias"))]
    if not own:
        return [], "mygene.info knows no such symbol"
    if len(own) > 1:
        ids = ", ".join(str(hit["_id"]) for hit in own)
        return [], f"mygene.info knows several genes of that name: {ids}"
    group = own[0].get("homologene") or {}
    members = [str(id) for taxid, id in group.get("genes", []) if int(taxid) == taxon]
    return members, "" if members else "no HomoloGene group with a gene of that species"


def _row(gene: str, group: list[str], said: str, there: Answers, other: str) -> tuple[str, ...]:
    hits = [hit for id in group for hit in there.get(id, []) if str(hit.get("entrezgene")) == id]
    if group and not hits:
        said = f"mygene.info knows no {other} gene {', '.join(group)}"
    symbols = [str(hit["symbol"]) for hit in hits if "symbol" in hit]
    if len(symbols) > 1:
        said = f"several orthologs: {', '.join(symbols)}"
    aliases = [str(text) for hit in hits for text in listed(hit.get("alias"))]
    ensembl = [str(entry["gene"]) for hit in hits for entry in listed(hit.get("ensembl"))]
    entrez = [str(hit["entrezgene"]) for hit in hits]
    return (gene, *("|".join(texts) for texts in (symbols, aliases, entrez, ensembl)), said)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
