"""Say how much of a panel is loading, before and after scaling (once where there is none)."""

import pandas as pd

from foldcast.expression.loading import diagnose, warnings_of
from foldcast.files import read_table, write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    paths, params = snakemake.input, snakemake.params
    samples = read_table(paths.samples, dtype={"sample": str})
    controls = read_table(paths.scaling, dtype={"sample": str}).set_index("sample")
    detection = read_table(paths.detection, dtype={"gene": str}).set_index("gene")
    detected = set(detection.index[detection["detected"].eq(1)])
    stages = {}
    for stage, path in {"raw": paths.raw, "panel": paths.panel}.items():
        panel = read_table(path, dtype={"gene": str}).set_index("gene")[samples["sample"]]
        # Genes by the load of their miRNAs are no probes: all of them count.
        every = params.nodes == "target" and stage == "panel"
        shown = panel if every else panel[panel.index.isin(detected)]
        stages[stage] = shown if len(shown) > 1 else panel
    if stages["raw"].equals(stages["panel"]):
        del stages["raw"]  # nothing was scaled
    metrics, scores = [], []
    for stage, shown in stages.items():
        table, each = diagnose(shown, samples, controls, params.first_origin)
        metrics.append(table.assign(stage=stage))
        scores.append(each.assign(stage=stage))
        for sentence in warnings_of(table.set_index("metric")["value"].to_dict()):
            log.warning("%s: %s", stage, sentence)
    order = ["stage", "metric", "value", "meaning"]
    write_table(pd.concat(metrics, ignore_index=True)[order], snakemake.output.loading)
    write_table(pd.concat(scores, ignore_index=True), snakemake.output.samples)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
