"""Which genes change from one time to the next? Every gene of the table that can be tested."""

from foldcast.evaluation.step_changes import step_changes
from foldcast.files import read_table, write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    given, output = snakemake.input, snakemake.output
    samples = read_table(given.samples, dtype={"sample": str, "batch": str})
    own = samples[samples["copy_of"].isna()]
    raw = read_table(given.raw, dtype={"gene": str}).set_index("gene")[list(own["sample"])]
    batches = own["batch"].fillna("").tolist()
    changes, steps = step_changes(raw, own["time"].tolist(), batches, snakemake.params.values)
    write_table(changes, output.changes)
    write_table(steps, output.steps)
    for sentence in steps["sentence"]:
        log.info(sentence)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
