"""The published score's own space: what is reached in it without a network, and for expression."""

import pandas as pd

from foldcast.errors import InputError
from foldcast.files import write_table
from foldcast.forecast.time_course import read_time_course
from foldcast.graph.graph_store import read_embedding
from foldcast.job import log, run
from foldcast.step.published_score import (
    EMBEDDING,
    EXPRESSION,
    scored_windows,
    target_and_expression,
    without_network,
)


def main(snakemake):
    x, genes, times = read_embedding(snakemake.input.embedding)
    time_course = read_time_course(snakemake.input.time_course)
    expression = time_course.values[time_course.genes.get_indexer(genes)].T
    target = x[:, :, -1].astype(float)
    options = snakemake.params.options
    try:
        windows = scored_windows(len(times), options["window"], options["share"], options["seed"])
    except ValueError as error:
        raise InputError(
            snakemake.input.time_course,
            found=str(error),
            expected="a window to learn from and one to score",
            remedy="shorten `window` of the model",
        ) from None
    scores = pd.concat(
        [
            without_network(target, windows, EMBEDDING),
            without_network(expression, windows, EXPRESSION),
        ]
    )
    same = {"space": EMBEDDING, "forecast": EXPRESSION} | target_and_expression(target, expression)
    same |= {"windows": len(times), "genes": len(genes)}
    write_table(
        pd.concat([scores, pd.DataFrame([same])], ignore_index=True), snakemake.output.scores
    )
    log.info("the target's correlation with expression: r = %.3f", same["r"])


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
