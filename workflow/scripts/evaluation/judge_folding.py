"""Does folding matter? What all maps and datasets of a run say together."""

from foldcast.evaluation.folding_verdict import judge
from foldcast.files import read_table, write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    asked = [tuple(one) for one in params.asked]
    effects, helps = (
        dict(zip(asked, map(read_table, paths), strict=True))
        for paths in (given.effects, given.helps)
    )
    verdicts = judge(effects, helps)
    write_table(verdicts, snakemake.output.verdict)
    for sentence in verdicts["sentence"]:
        log.info(sentence)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
