"""Rank the genes of a dataset by how well they are forecast and by where they go next."""

import numpy as np
import pandas as pd

from foldcast.enrichment import gene_lists
from foldcast.enrichment.gene_identifiers import panel_genes
from foldcast.files import read_table, write_table
from foldcast.forecast.forecast_tables import read_forecasts
from foldcast.forecast.time_course import read_origins, read_time_course
from foldcast.job import log, run


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    time_course = read_time_course(given.time_course)
    origins = read_origins(given.time_course, time_course, params.first_origin)
    observed = time_course.values[:, np.asarray(origins) + 1]
    made = read_forecasts(given.forecasts, time_course, origins)
    (model,) = [one for one in made if (one.graph, one.model) == tuple(params.forecast)]
    baselines = {one.model: one for one in read_forecasts([given.baselines], time_course, origins)}
    loci = read_table(given.loci, dtype={"gene": str, "symbol": str, "gene_id": str})
    panel = panel_genes(loci, time_course.genes)
    groups = [time_course.genes.get_indexer(rows.split("|")) for rows in panel["rows"]]
    rankings = []
    for name in params.comparators:
        squared = (model.values - observed) ** 2
        reference = (baselines[name].values[0] - observed) ** 2
        skill = gene_lists.gene_skill(squared, reference, groups)
        rankings.append(
            panel.assign(
                **skill,
                ranking=gene_lists.skill_ranking(name),
                list=gene_lists.skill_lists(skill, name),
            )
        )
    if given.ahead:
        rankings.append(change_ranking(given.ahead, panel, params.share))
    table = pd.concat(rankings, ignore_index=True)[gene_lists.COLUMNS]
    write_table(table, snakemake.output.rankings)
    for name, count in table.loc[table["list"] != "", "list"].value_counts(sort=False).items():
        log.info("%d of %d genes are in the list %s", count, len(panel), name)


def change_ranking(path: str, panel: pd.DataFrame, share: float) -> pd.DataFrame:
    """By how far a gene leaves its level, freed of noise, by the next time, with the interval."""
    ahead = read_table(path, dtype={"gene": str})
    ahead = ahead[ahead["horizon"] == 1].set_index("gene")
    ends = {"value": "predicted", "low": "low", "high": "high"}
    spread = pd.DataFrame({end: ahead[column] - ahead["level"] for end, column in ends.items()})
    means = [spread.loc[rows.split("|")].mean() for rows in panel["rows"]]
    table = panel.join(pd.DataFrame(means, index=panel.index)).assign(ranking=gene_lists.CHANGE)
    return table.assign(list=gene_lists.tail_lists(table["value"], gene_lists.CHANGE, share))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
