"""Does folding matter? What all maps and datasets of a run say together."""

from foldcast.evaluation.folding_verdict import judge
from foldcast.files import read_table, write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    asked = map(tuple, params.asked)
    effects = dict(zip(asked, map(read_table, given.effects), strict=True))
    verdicts = judge(effects)
    write_table(verdicts, snakemake.output.verdict)
    for sentence in verdicts["sentence"]:
        log.info(sentence)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
