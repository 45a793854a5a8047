"""Figure: training and held-out loss of every block of origins."""

from pathlib import Path

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import save
from foldcast.report.training_loss import training_loss


def main(snakemake) -> None:
    histories = {Path(path).parent.name: read_table(path) for path in snakemake.input.histories}
    save(training_loss(histories), [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
