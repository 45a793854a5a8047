"""Test every list and every ranking of genes against every gene set."""

from foldcast.enrichment.questions import ask_all, collections_of
from foldcast.files import read_table, write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    given, params, output = snakemake.input, snakemake.params, snakemake.output
    collections = collections_of(
        read_table(given.sets, dtype={"collection": str, "set": str, "genes": str}),
        read_table(given.identifiers, dtype={"collection": str, "gene": str}),
    )
    rankings = read_table(given.rankings, dtype={"gene": str, "list": str})
    lists, ranks, summary = ask_all(rankings, collections, params.minimum, params.seed, params.kind)
    summary["sentence"] += params.remark
    write_table(lists, output.overrepresentation)
    write_table(ranks, output.prerank)
    write_table(summary, output.enrichment)
    for row in summary.itertuples():
        log.info("%s: %s", row.question, row.sentence)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
