"""Score models, baselines and bounds on the same origins; say what the scores allow to say."""

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.evaluation.bounds import interpolation, noise_floor, oracle_local_level
from foldcast.evaluation.metrics import Truth, gene_scores
from foldcast.evaluation.tables import (
    Course,
    Forecasts,
    read_course,
    read_forecasts,
    read_origins,
    read_replicates,
)
from foldcast.evaluation.verdict import Score, Scorer
from foldcast.files import read_table, write_table
from foldcast.job import log, progress, run

TARGETS = (
    " The nodes are target genes, known by the load of the miRNAs that regulate them and not by "
    "their own expression: this is no evidence on folding."
)


def main(snakemake) -> None:
    paths, params, output = snakemake.input, snakemake.params, snakemake.output
    course = read_course(paths.course)
    origins = read_origins(paths.course, course, params.first_origin)
    try:
        truth = Truth.of(course.values, origins)
    except ValueError as error:
        raise InputError(
            paths.course,
            found=str(error),
            expected="genes that change",
            remedy="check that the samples of the sheet are those of the expression table",
        ) from None
    models = read_forecasts(paths.forecasts, course, origins)
    baselines = read_forecasts([paths.baselines], course, origins)

    scorer = Scorer.of(truth, params.draws, params.bootstrap_seed)
    entries = [(entry, "model") for entry in models] + [(entry, "baseline") for entry in baselines]
    scored = [scorer.score(*entry) for entry in progress(entries, what="scored")]
    scored += bounds(scorer, course, origins, paths.variance, paths.samples)
    rows = [row for score in scored for row in scorer.rows(score)]
    write_table(pd.DataFrame(rows), output.evaluation)
    per_gene = [gene_table(entry, truth, course) for entry in models + baselines]
    write_table(pd.concat(per_gene, ignore_index=True), output.scores)
    of_kind = {kind: [s for s in scored if s.kind == kind] for kind in ("model", "baseline")}
    verdicts = pd.DataFrame(
        scorer.contrasts(of_kind["model"], params.control_of)
        + scorer.verdicts(of_kind["model"], of_kind["baseline"])
    )
    if params.nodes == "target":
        verdicts["sentence"] += TARGETS
    write_table(verdicts, output.verdict)
    for sentence in verdicts["sentence"]:
        log.info(sentence)


def bounds(
    scorer: Scorer, course: Course, origins: list[int], variance: str, samples: str
) -> list[Score]:
    """What could be reached by looking ahead; the noise floor only where there are replicates."""
    seeing = {"oracle_local_level": oracle_local_level, "interpolation": interpolation}
    scored = [
        scorer.score(Forecasts(name, "-", bound(course.values, origins)[None]), "bound")
        for name, bound in seeing.items()
    ]
    spread = read_table(variance, dtype={"gene": str}).set_index("gene").loc[course.genes]
    try:
        floor = noise_floor(spread.to_numpy(dtype=float), read_replicates(samples, course))
    except ValueError as error:
        log.warning("No bound noise_floor: %s", error)
        return scored
    return [scorer.score_errors("noise_floor", floor[:, np.asarray(origins) + 1]), *scored]


def gene_table(forecasts: Forecasts, truth: Truth, course: Course) -> pd.DataFrame:
    """Each gene's scores, the mean over seeds."""
    each = [gene_scores(values, truth) for values in forecasts.values]
    return pd.DataFrame(
        {
            "model": forecasts.model,
            "graph": forecasts.graph,
            "gene": course.genes,
            **{name: np.mean([scores[name] for scores in each], axis=0) for name in each[0]},
            "n": truth.observed.shape[1],
        }
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
