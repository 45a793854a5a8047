"""Score models, baselines and bounds on the same origins; say what the scores allow to say."""

from typing import Any

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.evaluation.bounds import bounds
from foldcast.evaluation.forecast_scores import Truth, gene_table, skill_over
from foldcast.evaluation.forecast_verdict import (
    BROUGHT,
    FROM_OTHER_ARM,
    GIVEN,
    LOCAL_LEVEL,
    UNVERIFIED,
    Scorer,
    best_in_words,
    contrasts_of_neighbours,
)
from foldcast.evaluation.network_column import (
    additions,
    stack_with_each,
    with_weights,
)
from foldcast.files import read_table, write_table
from foldcast.forecast.forecast_names import OTHER_ARM, STACK_WITH
from foldcast.forecast.forecast_tables import Forecasts, read_forecasts
from foldcast.forecast.time_course import (
    read_origins,
    read_replicates,
    read_time_course,
    read_variance,
    replicated,
)
from foldcast.job import log, progress, run

TARGETS = (
    " The nodes are target genes, known by the load of the miRNAs that regulate them and not by "
    "their own expression: this is no evidence on folding."
)


def main(snakemake) -> None:
    paths, params, output = snakemake.input, snakemake.params, snakemake.output
    time_course = read_time_course(paths.time_course)
    origins = read_origins(paths.time_course, time_course, params.first_origin)
    try:
        truth = Truth.of(time_course.values, origins)
    except ValueError as error:
        raise InputError(
            paths.time_course,
            found=str(error),
            expected="genes that change",
            remedy="check that the samples of the sheet are those of the expression table",
        ) from None
    models = read_forecasts(paths.forecasts, time_course, origins) if paths.forecasts else []
    course = replicated(time_course, paths.variance, paths.samples)
    networks = [entry for entry in models if entry.model == params.network]
    given = read_forecasts([*paths.given, *paths.other_arm], time_course, origins)
    stacked = stack_with_each(course, networks, params.base, origins, given)
    models += [*given, *(one.forecasts for one in stacked.values())]
    baselines = read_forecasts([paths.baselines], time_course, origins)

    scorer = Scorer(truth)
    kinds = [kind_of(entry, params) for entry in models]
    entries = [*zip(models, kinds, strict=True), *((entry, "baseline") for entry in baselines)]
    scored = [scorer.score(*entry) for entry in progress(entries, what="scored")]
    spread = read_variance(paths.variance, time_course)
    limits = bounds(course.means, origins, spread, read_replicates(paths.samples, time_course))
    for limit in limits:
        if isinstance(limit, Forecasts):
            scored.append(scorer.score(limit, "bound"))
        else:
            scored.append(scorer.score_errors(*limit))
    rows = [row for score in scored for row in scorer.rows(score)]
    write_table(pd.DataFrame(rows), output.evaluation)
    every = [*entries, *((limit, "bound") for limit in limits)]
    per_gene = [gene_table(*entry, truth, time_course.genes) for entry in every]
    level = next(table["mse"] for table in per_gene if table["model"].iloc[0] == LOCAL_LEVEL)
    for table in per_gene:
        over = skill_over(table["mse"].to_numpy(), level.to_numpy())
        table.insert(table.columns.get_loc("skill") + 1, "skill_over_local_level", over)
    write_table(pd.concat(per_gene, ignore_index=True), output.scores)
    fitted, fixed, brought = (
        [score for score in scored if score.kind in kinds]
        for kinds in (("model",), ("baseline",), BROUGHT)
    )
    pairs = dict(zip(params.graphs, map(read_table, paths.pairs), strict=True))
    tables = [read_table(path, dtype={"gene": str}) for path in paths.genes]
    neighbours = {
        graph: table.set_index("gene").loc[time_course.genes, "neighbours"].to_numpy()
        for graph, table in zip(params.graphs, tables, strict=True)
    }
    chosen = [score for score in fixed if score.model == params.forecast]
    alone = [score for score in [*fitted, *brought] if not score.model.startswith(STACK_WITH)]
    verdicts = pd.DataFrame(
        scorer.verdicts(chosen, fixed)
        + additions(truth, scored, stacked, params.rewired)
        + contrasts_of_neighbours(truth, entries, params.rewired, pairs, neighbours)
        + scorer.verdicts(alone, fixed)
    )
    verdicts["sentence"] += f" {best_in_words(fixed)}"
    if params.nodes == "target":
        verdicts["sentence"] += TARGETS
    write_table(verdicts, output.verdict)
    fits = pd.DataFrame(columns=["model", "graph", "seed"])  # where no network is fitted
    if paths.fits:
        fits = pd.concat(map(read_table, paths.fits), ignore_index=True)
    write_table(with_weights(fits, stacked), output.fits)
    for sentence in verdicts["sentence"]:
        log.info(sentence)
    for graph in dict.fromkeys(made["of"] for made in params.rewired.values()):
        log.info("graph %s: %s", graph, "; ".join(in_words(pairs[graph])))


def kind_of(entry: Forecasts, params: Any) -> str:
    """What a row of scores is of; the stack with a forecaster of the user's is of its kind."""
    if entry.graph in params.rewired:
        return "rewired graph"
    if entry.graph == "-":
        name = entry.model.removeprefix(STACK_WITH)
        if name == OTHER_ARM:
            return FROM_OTHER_ARM
        return UNVERIFIED if name in params.unverified else GIVEN
    parts = (f"{params.network}_linear_path", f"{params.network}_network")
    return "part" if entry.model in parts else "model"


def in_words(pairs: pd.DataFrame) -> list[str]:
    """How many pairs there are at each distance."""
    return [
        f"{row.pairs} pairs "
        + ("without a distance" if np.isnan(low) else f"{low / 1e6:g} to {high / 1e6:g} Mb apart")
        for row, low, high in zip(
            pairs.itertuples(), pairs["from"], pairs["to"].fillna(np.inf), strict=True
        )
        if row.pairs
    ]


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
