"""Say how much of a panel is loading, before and after scaling (once where there is none)."""

import pandas as pd

from foldcast.expression.control_probes import control_table, two_groups, wild
from foldcast.expression.sample_loading import diagnose, warnings_of
from foldcast.expression.sample_sheets import past_samples
from foldcast.files import read_table, write_table
from foldcast.job import log, run


def main(snakemake) -> None:
    paths, params = snakemake.input, snakemake.params
    samples = read_table(paths.samples, dtype={"sample": str})
    levels = read_table(paths.scaling, dtype={"sample": str}).set_index("sample")
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
        table, each = diagnose(shown, samples, levels, params.first_origin)
        metrics.append(table.assign(stage=stage))
        scores.append(each.assign(stage=stage))
        for sentence in warnings_of(table.set_index("metric")["value"].to_dict()):
            log.warning("%s: %s", stage, sentence)
    order = ["stage", "metric", "value", "meaning"]
    write_table(pd.concat(metrics, ignore_index=True)[order], snakemake.output.loading)
    each = pd.concat(scores, ignore_index=True)
    write_table(each, snakemake.output.samples)
    past = past_samples(samples, params.first_origin, paths.samples)
    controls = describe_controls(paths.controls, each, past, detection)
    write_table(controls, snakemake.output.controls)
    for row in controls.dropna(subset="note").itertuples():
        log.info("%s control %s: %s", row.role, row.control, row.note)


def describe_controls(
    path: str, each: pd.DataFrame, past: list[str], detection: pd.DataFrame
) -> pd.DataFrame:
    """`control_probes.control_table` against time, the rows' mean as measured and PC1 as forecast.

    And a note on the controls that do not do what they are there for.
    """
    rows = read_table(path, dtype={"role": str, "control": str}).set_index("control")
    role, values = rows["role"], rows.drop(columns="role").astype(float)
    first, last = (each[each["stage"] == stage] for stage in each["stage"].iloc[[0, -1]])
    first, last = first.set_index("sample"), last.set_index("sample")
    others = {"time": last["time"], "mean": first["mean"], "pc1": last["pc1"]}
    table = control_table(values, role, two_groups(last["positive"]), pd.DataFrame(others))
    table["note"] = pd.NA
    found, calm = int(detection["detected"].sum()), detection["without_wild"].sum()
    negative = values[role == "negative"]
    for name in wild(negative, past) if len(negative) > 1 else ():
        table.loc[name, "note"] = (
            f"far above the other negative controls: {found} rows are detected with such, "
            f"{calm:.0f} without"
        )
    return table


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
