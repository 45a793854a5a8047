"""Ask mygene.info what it knows of each gene name, but for those that were asked before."""

from collections.abc import Iterable
from pathlib import Path

from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.genes import mygene_client
from foldcast.genes.mygene_answers import UCSC, queries_of, read_records, write_answers
from foldcast.genes.mygene_records import Answers
from foldcast.genes.species import species_of
from foldcast.job import log, run
from foldcast.public_text import public

SCOPES = ["symbol", "alias", "entrezgene", "ensembl.gene"]
FIELDS = ["symbol", "alias", "name", "entrezgene", "ensembl.gene", "genomic_pos"]
REMEDY = (
    "run again later; or bring answers asked for elsewhere as `names.cache`; "
    "or do without, with `names.resolver: annotation`"
)


def main(snakemake) -> None:
    params, kept = snakemake.params, Path(snakemake.output.answers)
    genes = read_table(snakemake.input.measured, usecols=["gene"], dtype=str)["gene"]
    species = str(params.species or species_of(params.assembly))
    known: Answers = {}
    if kept.exists():
        try:
            known |= read_records(kept, species, params.assembly)
        except InputError as error:
            log.info("asking anew, since the answers of the last run do not serve: %s", error)
    if snakemake.input.cache:
        known |= read_records(snakemake.input.cache, species, params.assembly)
    wanted = {text for gene in genes for text in queries_of(gene)}
    asked = sorted(wanted - known.keys())
    log.info("%d texts of %d names, %d not yet answered", len(wanted), len(genes), len(asked))
    answers = {text: known[text] for text in wanted & known.keys()}
    if asked:
        answers |= ask(asked, species, params.assembly, params.url)
    write_answers(answers, species, params.assembly, public(params.url), kept)
    log.info("%d texts are known to mygene.info", sum(map(bool, answers.values())))


def ask(
    texts: Iterable[str],
    species: str,
    assembly: str,
    url: str,
    *,
    backoff: float = 1.0,
    delay: float = 1.0,
) -> Answers:
    """`mygene_client.ask` about names of genes, with positions, in ``assembly`` too."""
    fields = [*FIELDS, f"genomic_pos_{UCSC.get(assembly, assembly)}"]
    return mygene_client.ask(
        texts, species, SCOPES, fields, url, remedy=REMEDY, backoff=backoff, delay=delay
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
