"""The first page of Snakemake's own report: what was found, in the verdicts' words."""

import re

import yaml

from foldcast.files import atomic, read_table
from foldcast.job import run

MOST = 4  # sentences of a part; the rest is in its table
REST = (
    "report/index.html has all of it, gene by gene; the menu at the left has figures and tables in "
    "the order of the stages, each with its caption, its code and its packages."
)


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    said: dict[str, list[str]] = {}
    for name, path in zip(params.datasets, given.verdicts, strict=True):
        rows = read_table(path)
        graph, model = params.forecasts[name]
        own = rows[rows["comparison"].str.startswith(f"{model} ")]
        said[f"{name}: one-step forecasts"] = list((own if len(own) else rows)["sentence"])
    for path in given.folding:
        rows = read_table(path)
        said["Does folding matter?"] = list(rows.loc[rows["correction"] == "Holm", "sentence"])
    for name, path in zip(params.runs, given.spex, strict=True):
        rows = read_table(path)
        said[f"{name}: expression from sequence"] = list(rows["sentence"])
    said["Where the rest is"] = [REST]
    # One text for each title: a list would be shown as one line with commas.
    shown = {
        title: "\n".join(f"- {escaped(one)}" for one in found[:MOST])
        for title, found in said.items()
        if found
    }
    with atomic(snakemake.output.summary) as path:
        text = yaml.safe_dump(shown, sort_keys=False, allow_unicode=True)
        path.write_text(text, encoding="utf-8")


def escaped(sentence: str) -> str:
    """A sentence as reStructuredText that says what it says."""
    return re.sub(r"([\\*`|_])", r"\\\1", sentence)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
