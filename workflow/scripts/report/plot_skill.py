"""Figure: skill of models, baselines and bounds, with intervals."""

from foldcast.files import read_table
from foldcast.job import run
from foldcast.report.figure_style import save
from foldcast.report.skill_figure import skill


def main(snakemake) -> None:
    figure = skill(
        read_table(snakemake.input.evaluation),
        read_table(snakemake.input.verdict)["sentence"].tolist(),
    )
    save(figure, [snakemake.output.png, snakemake.output.svg])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
