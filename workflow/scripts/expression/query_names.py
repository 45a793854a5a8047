"""Ask mygene.info what it knows of each gene name, but for those that were asked before."""

from pathlib import Path

from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.genes.mygene_answers import read_records, texts_of, write_answers
from foldcast.genes.mygene_query import ask
from foldcast.genes.mygene_records import Answers
from foldcast.genes.species import species_of
from foldcast.job import log, run


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
    wanted = {text for gene in genes for text in texts_of(gene)}
    asked = sorted(wanted - known.keys())
    log.info("%d texts of %d names, %d not yet answered", len(wanted), len(genes), len(asked))
    answers = {text: known[text] for text in wanted & known.keys()}
    if asked:
        answers |= ask(asked, species, params.assembly, params.url)
    write_answers(answers, species, params.assembly, params.url, kept)
    log.info("%d texts are known to mygene.info", sum(map(bool, answers.values())))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
