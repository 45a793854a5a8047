"""Asking mygene.info about the gene names of a table: what to ask, and as what."""

from collections.abc import Iterable

from foldcast.genes import mygene_client
from foldcast.genes.mygene_answers import UCSC
from foldcast.genes.mygene_records import Answers

SCOPES = ["symbol", "alias", "entrezgene", "ensembl.gene"]
FIELDS = ["symbol", "alias", "name", "entrezgene", "ensembl.gene", "genomic_pos"]
REMEDY = (
    "run again later; or bring answers asked for elsewhere as `names.cache`; "
    "or do without, with `names.resolver: annotation`"
)


def ask(
    texts: Iterable[str],
    species: str,
    assembly: str,
    url: str,
    *,
    backoff: float = 1.0,
    delay: float = 1.0,
) -> Answers:
    """As `foldcast.genes.mygene_client.ask`, with positions.

    Args:
        assembly: beside ``genomic_pos``, positions in this assembly are asked for.
    """
    fields = [*FIELDS, f"genomic_pos_{UCSC.get(assembly, assembly)}"]
    return mygene_client.ask(
        texts, species, SCOPES, fields, url, remedy=REMEDY, backoff=backoff, delay=delay
    )
