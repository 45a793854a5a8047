"""Every forecaster on every time course of the run, best first."""

from foldcast.errors import InputError
from foldcast.evaluation.leaderboard import in_text, leaderboard
from foldcast.files import read_table, write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    if not snakemake.params.names:
        raise InputError(
            "the config",
            place="datasets, evaluation.courses",
            found="neither",
            expected="time courses to score forecasters on",
            remedy="give `datasets`, or the folder of some as `evaluation.courses`",
        )
    paths = zip(snakemake.params.names, snakemake.input.evaluations, strict=True)
    table = leaderboard({name: read_table(path) for name, path in paths})
    write_table(table, snakemake.output.leaderboard)
    log.info("skill over persistence, the mean first\n%s", in_text(table))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
