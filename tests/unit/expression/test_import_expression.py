"""The script on the real tables: contracts, and the figures of the design."""

import types

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.evaluation.bounds import interpolation, noise_floor, oracle_local_level
from foldcast.expression.sample_sheets import read_samples
from foldcast.files import read_table
from foldcast.forecast.baselines import causal_forecasts
from foldcast.forecast.time_course import read_replicates, read_time_course
from scripts.expression import build_panel, diagnose_loading, import_expression
from scripts.report import plot_loading
from simulated_counts import simulate_counts, write_counts

CLASSES = {
    "column": 4,
    "endogenous": ["Endogenous1", "Endogenous2"],
    "negative": ["Negative"],
    "positive": ["Positive"],
    "housekeeping": ["Housekeeping"],
    "leave_out": [],
}
OUTPUTS = (
    "samples", "raw", "measured", "detection", "scaling", "controls", "targets", "flags", "panel",
    "time_course", "variance", "report", "loading", "loading_samples", "loading_controls",
)  # fmt: skip
ORIGINS = list(range(12, 42))


def space(**names):
    return types.SimpleNamespace(**names)


def import_table(folder, table, sheet, target_list=None, **params):
    """import_expression, then build_panel on nothing merged: the paths of all outputs."""
    folder.mkdir(exist_ok=True)
    paths = {name: folder / f"{name}.tsv" for name in OUTPUTS}
    defaults = {
        "values": "log2", "nodes": "gene", "name_column": 1, "classes": None, "normalise": "none",
        "detection": {"sd": 2, "share": 0.5, "keep": "all", "low_count": 10}, "targets": None,
        "first_origin": 0.3, "arm": None,
    }  # fmt: skip
    import_expression.main(
        space(
            input=space(table=table, samples=sheet, targets=target_list),
            output=space(**paths),
            params=space(**{**defaults, **params}),
        )
    )
    genes = read_table(paths["measured"], dtype={"gene": str})["gene"]
    report = pd.DataFrame({"gene": genes, "merged_into": None})
    report.to_csv(paths["report"], sep="\t", index=False)
    build_panel.main(space(input=space(**paths), output=space(**paths)))
    return paths


def skills(paths):
    """Persistence MSE, then skill over it of the baselines and the bounds: 30 origins."""
    time_course = read_table(paths["time_course"], index_col="gene").to_numpy()
    variance = read_table(paths["variance"], index_col="gene").to_numpy()
    n = read_replicates(paths["samples"], read_time_course(paths["time_course"]))
    truth = time_course[:, 13:43]
    mse = {
        name: ((causal_forecasts(time_course, name)[:, ORIGINS] - truth) ** 2).mean()
        for name in ("persistence", "smoothing", "smoothing_per_gene")
    }
    mse["floor"] = noise_floor(variance, n)[:, 13:].mean()
    mse["oracle"] = ((oracle_local_level(time_course, ORIGINS) - truth) ** 2).mean()
    mse["interpolation"] = ((interpolation(time_course, ORIGINS) - truth) ** 2).mean()
    persistence = mse.pop("persistence")
    return [persistence, *(1 - error / persistence for error in mse.values())]


def diagnosis(paths, nodes="gene"):
    diagnose_loading.main(
        space(
            input=space(**paths),
            output=space(
                loading=paths["loading"],
                samples=paths["loading_samples"],
                controls=paths["loading_controls"],
            ),
            params=space(nodes=nodes, first_origin=0.3),
        )
    )
    table = read_table(paths["loading"])
    return {stage: t.set_index("metric")["value"] for stage, t in table.groupby("stage")}


@pytest.fixture(scope="module")
def mirna_sheet(mouse_lung):
    return mouse_lung / "mirna_samples.tsv"


DETECTED = {"sd": 2, "share": 0.5, "keep": "detected", "low_count": 10}
MIRNA = {"values": "normalised", "nodes": "mirna", "classes": CLASSES}


def test_the_mrna_table(tmp_path, lung_table, mouse_lung):
    paths = import_table(tmp_path / "mrna", lung_table, mouse_lung / "samples.tsv")
    samples, panel, time_course, variance = (
        read_table(paths[name]) for name in ("samples", "panel", "time_course", "variance")
    )
    assert list(samples) == ["sample", "time", "replicate", "batch", "copy_of"]
    assert list(panel) == ["gene", *samples["sample"]]
    assert list(time_course)[:3] == ["gene", "-4.5", "0.5"] and list(time_course)[-1] == "28.0"
    assert list(variance) == list(time_course) and len(time_course) == 126
    persistence, *_, floor, oracle, between = skills(paths)
    assert persistence == pytest.approx(0.277, abs=5e-4)
    assert (floor, oracle, between) == pytest.approx((0.541, 0.350, 0.442), abs=0.005)
    assert read_table(paths["raw"]).equals(read_table(paths["panel"]))
    assert read_table(paths["detection"])["detected"].eq(1).all()
    found = diagnosis(paths)
    assert list(found) == ["panel"] and found["panel"]["pc1_share"] < 0.5
    assert read_table(paths["loading_controls"]).empty  # the table has none


def test_replicates_that_stand_twice_count_once(tmp_path, lung_table, mouse_lung, caplog):
    """Two of age 1.5 do: as four, their variance would be a third too low, that of their mean by
    two thirds.
    """
    paths = import_table(tmp_path / "mrna", lung_table, mouse_lung / "samples.tsv")
    assert "sample d1.5_r3 is a copy of d1.5_r1, no replicate" in caplog.text
    samples = read_table(paths["samples"]).set_index("sample")
    assert samples["copy_of"].dropna().to_dict() == {"d1.5_r3": "d1.5_r1", "d1.5_r4": "d1.5_r2"}
    panel, variance, time_course = (
        read_table(paths[name], index_col="gene") for name in ("panel", "variance", "time_course")
    )
    two = panel[["d1.5_r1", "d1.5_r2"]]
    assert np.allclose(variance["1.5"], two.var(axis=1, ddof=1), atol=1e-9)
    assert np.allclose(time_course["1.5"], two.mean(axis=1), atol=1e-9)
    four = panel[[f"d1.5_r{k}" for k in (1, 2, 3, 4)]]
    assert np.allclose(four.var(axis=1, ddof=1), variance["1.5"] * 2 / 3, atol=1e-9)
    times = list(time_course)
    counted = read_replicates(paths["samples"], read_time_course(paths["time_course"]))
    assert counted[times.index("1.5")] == 2 and counted.sum() == 174 - 2


def test_what_the_controls_of_the_mirna_table_show(tmp_path, mirna_table, mirna_sheet, caplog):
    """33 samples have ten times the positive controls of the others, but for the weakest; what is
    left of the panel after scaling follows them. NEG_C is no negative control.
    """
    rule = {"detection": DETECTED, "normalise": "median"}
    with caplog.at_level("INFO"):
        paths = import_table(tmp_path / "m", mirna_table, mirna_sheet, **MIRNA | rule)
        panel = diagnosis(paths)["panel"]
    assert (panel["upper_samples"], panel["upper_times"]) == (33, 25)
    assert abs(panel["pc1_r_upper"]) > 0.75
    assert "33 of them high, at 25 times beside others; PC1 follows that" in caplog.text
    controls = read_table(paths["loading_controls"], index_col="control")
    assert list(controls) == [
        "role", "mean", "sd", "r_time", "r_mean", "r_pc1", "upper_fold", "note"
    ]  # fmt: skip
    assert controls["role"].value_counts().to_dict() == {
        "negative": 8, "positive": 6, "housekeeping": 4
    }  # fmt: skip
    fold = controls["upper_fold"]
    assert fold[[f"POS_{k}" for k in "ABCDE"]].between(9, 12).all()
    assert fold["POS_F"] < 1.3 and fold[controls["role"] == "negative"].between(0.8, 1.4).all()
    assert controls["note"].dropna().to_dict() == {
        "NEG_C": "far above the other negative controls: 95 rows are detected with such, 225 "
        "without"
    }


def test_the_sheets_share_their_ages(mouse_lung, mirna_sheet, mirna_table):
    mrna, mirna = read_samples(mouse_lung / "samples.tsv"), read_samples(mirna_sheet)
    assert mrna["time"].unique().tolist() == mirna["time"].unique().tolist()
    header = mirna_table.read_text().split("\n")[0].split("\t")
    blank = [i + 1 for i, text in enumerate(header) if not text.strip()]
    assert len(header) == 164 and blank == [158] == [4 + 154]
    assert set(mirna["column"]) == set(range(5, 165)) - set(blank)
    for row in mirna.itertuples():
        text = header[row.column - 1].strip()
        assert row.time == (-4.5 if text == "E16.5" else float(text.lower().removeprefix("p")))


def test_the_mirna_table_raw(tmp_path, mirna_table, mirna_sheet, caplog):
    with caplog.at_level("INFO"):
        paths = import_table(tmp_path / "raw", mirna_table, mirna_sheet, **MIRNA)
        found = diagnosis(paths)
    assert len(read_table(paths["panel"])) == 599
    assert skills(paths) == pytest.approx([0.764, 0.344, 0.335, 0.615, 0.385, 0.395], abs=0.005)
    raw = found["panel"]  # nothing was scaled
    assert raw["pc1_share"] == pytest.approx(0.77, abs=0.005) and raw["genes"] == 95
    assert raw["pc1_r_mean"] == pytest.approx(1.0, abs=0.005)
    assert raw["pc1_r_age"] == pytest.approx(-0.10, abs=0.005)
    geometric = read_table(paths["raw"], index_col="gene").mean(axis=1)
    assert (geometric > np.log2(20 + 1)).sum() == 284
    assert "NEG_C is far above the others" in caplog.text
    assert "(95 rows are detected, 225 without it)" in caplog.text
    assert "PC1 holds 77% of the variance" in caplog.text
    assert "one-step error is one component" in caplog.text
    assert (
        "599 endogenous, 8 negative, 6 positive, 4 housekeeping" in caplog.text
        and "95 of 599 rows are detected" in caplog.text
    )


def test_the_mirna_table_scaled(tmp_path, mirna_table, mirna_sheet):
    paths = import_table(tmp_path / "s", mirna_table, mirna_sheet, normalise="median", **MIRNA)
    assert skills(paths)[:3] == pytest.approx([0.517, 0.368, 0.365], abs=0.005)
    panel, raw = (read_table(paths[name], index_col="gene") for name in ("panel", "raw"))
    assert panel.median().abs().max() < 1e-9
    level = read_table(paths["scaling"], index_col="sample")["level"]
    assert np.allclose(panel + level, raw, atol=1e-7)


def test_what_comes_after_the_first_origin_changes_nothing_before(
    tmp_path, mirna_table, mirna_sheet
):
    samples = read_samples(mirna_sheet)
    lines = [line.split("\t") for line in mirna_table.read_text().splitlines()]
    rng = np.random.default_rng(1)
    for column in samples.loc[samples["time"] > 6.0, "column"] - 1:
        for cells in lines[1:]:
            cells[column] = str(rng.integers(0, 100_000))
    other = tmp_path / "other.txt"
    other.write_text("\n".join("\t".join(cells) for cells in lines))
    rule = {"detection": DETECTED, "normalise": "median"}
    once = import_table(tmp_path / "a", mirna_table, mirna_sheet, **MIRNA | rule)
    again = import_table(tmp_path / "b", other, mirna_sheet, **MIRNA | rule)
    assert once["detection"].read_bytes() == again["detection"].read_bytes()
    past = ["gene", *samples.loc[samples["time"] <= 6.0, "sample"]]
    panels = [read_table(paths["panel"]) for paths in (once, again)]
    pd.testing.assert_frame_equal(panels[0][past], panels[1][past], check_exact=True)
    assert len(panels[0]) == 95 and not panels[0].equals(panels[1])


def test_targets_of_the_mirna_table(tmp_path, shared, mirna_table, mirna_sheet):
    rule = {"format": "tsv", "weights": "support", "min_support": 1, "min_mirnas": 1}
    paths = import_table(
        tmp_path / "t",
        mirna_table,
        mirna_sheet,
        target_list=shared / "mirna/miRTarBase_mouse.tsv.gz",
        **MIRNA
        | {"nodes": "target", "targets": rule, "normalise": "median"}
        | {"detection": DETECTED},
    )
    panel, pairs = read_table(paths["panel"], index_col="gene"), read_table(paths["targets"])
    assert set(panel.index) == set(pairs["gene"]) and len(panel) > 200
    assert np.allclose(pairs.groupby("gene")["weight"].sum(), 1)
    raw, level = read_table(paths["raw"], index_col="gene"), read_table(paths["scaling"])
    gene = pairs["gene"].value_counts().index[0]
    used = pairs[pairs["gene"] == gene].set_index("mirna")["weight"]
    scaled = raw.loc[used.index] - level.set_index("sample")["level"]
    assert np.allclose(scaled.mul(used, axis=0).sum(), panel.loc[gene], atol=1e-7)
    found = diagnosis(paths, nodes="target")
    assert found["panel"]["genes"] == len(panel) and found["raw"]["genes"] == 95


def test_a_row_to_leave_out(tmp_path, mirna_table, mirna_sheet, caplog):
    classes = {**CLASSES, "leave_out": ["NEG_C"]}
    paths = import_table(tmp_path / "x", mirna_table, mirna_sheet, **MIRNA | {"classes": classes})
    assert "far above" not in caplog.text
    assert read_table(paths["detection"])["detected"].sum() == 225
    classes = {**CLASSES, "leave_out": ["NEG_X"]}
    with pytest.raises(InputError, match=r"(?s)classes.leave_out.*'NEG_X'.*did you mean NEG_"):
        import_table(tmp_path / "y", mirna_table, mirna_sheet, **MIRNA | {"classes": classes})


def test_nothing_detected_is_refused(tmp_path, mirna_table, mirna_sheet):
    rule = DETECTED | {"sd": 1000, "share": 1.0}
    with pytest.raises(InputError, match=r"(?s)mirnanorm.txt.*detection.keep: all"):
        import_table(tmp_path / "x", mirna_table, mirna_sheet, **MIRNA | {"detection": rule})


def test_the_figure_is_the_same_each_time(tmp_path, mirna_table, mirna_sheet):
    paths = import_table(tmp_path / "s", mirna_table, mirna_sheet, normalise="median", **MIRNA)
    assert set(diagnosis(paths)) == {"raw", "panel"}
    figures = []
    for name in ("a", "b"):
        output = space(png=tmp_path / f"{name}.png", svg=tmp_path / f"{name}.svg")
        inputs = space(loading=paths["loading"], samples=paths["loading_samples"])
        plot_loading.main(space(input=inputs, output=output, params=space(time_unit="day")))
        figures.append(output.svg.read_text())
    assert figures[0] == figures[1] and "mostly loading" in figures[0]


COUNTS = {
    "values": "counts",
    "normalise": "median_of_ratios",
    "detection": DETECTED,
}


def test_counts_are_brought_to_one_scale(tmp_path, caplog):
    counts, sheet, depth = simulate_counts(genes=400)
    counts.iloc[:40] = np.random.default_rng(3).poisson(2, counts.iloc[:40].shape)
    given = write_counts(tmp_path / "given", counts, sheet)
    with caplog.at_level("INFO"):
        paths = import_table(tmp_path / "c", given["table"], given["samples"], **COUNTS)
    scaling = read_table(paths["scaling"], index_col="sample")
    assert scaling["library_size"].tolist() == counts.sum().tolist()
    off = np.log2(scaling["size_factor"] / depth)
    assert (off - off.median()).abs().max() < 0.2
    panel = read_table(paths["panel"], index_col="gene")
    kept = counts.loc[panel.index]
    assert np.allclose(panel, np.log2(kept / scaling["size_factor"] + 1), atol=1e-7)
    detection = read_table(paths["detection"], index_col="gene")
    assert list(panel.index) == list(detection.index[detection["detected"] == 1])
    assert not set(panel.index) & set(counts.index[:40]) and len(panel) > 330
    assert "libraries of " in caplog.text and ", by the median of ratios" in caplog.text
    assert "(above least of 10 scaled counts)" in caplog.text
    assert "different scales" not in caplog.text
    raw = import_table(tmp_path / "r", given["table"], given["samples"], values="counts")
    assert "samples are on different scales" in caplog.text
    assert np.allclose(read_table(raw["panel"], index_col="gene"), np.log2(counts + 1), atol=1e-7)


def test_later_counts_change_nothing_before(tmp_path):
    """Bit for bit, from the user's file on: size factors, the genes kept, the panel."""
    counts, sheet, _ = simulate_counts(genes=300)
    counts.iloc[:30] = np.random.default_rng(3).poisson(9, counts.iloc[:30].shape)
    past = sheet.loc[sheet["time"] < 4, "sample"].tolist()  # the first origin is the fourth time
    later = counts.columns.difference(past)
    other = counts.copy()
    other[later] = np.random.default_rng(4).integers(0, 10**6, other[later].shape)
    found = []
    for name, table in {"once": counts, "again": other}.items():
        given = write_counts(tmp_path / name, table, sheet)
        found.append(import_table(tmp_path / name, given["table"], given["samples"], **COUNTS))
    once, again = found
    assert once["detection"].read_bytes() == again["detection"].read_bytes()
    for name in ("measured", "panel"):
        tables = [read_table(paths[name], index_col="gene", dtype=str) for paths in found]
        assert tables[0][past].equals(tables[1][past]) and not tables[0].equals(tables[1])
    sizes = [read_table(paths["scaling"], index_col="sample", dtype=str) for paths in found]
    assert sizes[0].loc[past].equals(sizes[1].loc[past])


def test_counts_of_mirnas_with_control_probes(tmp_path, mirna_table, mirna_sheet):
    """The negative ones say what is detected; few miRNAs are in all past samples."""
    counts = MIRNA | COUNTS
    paths = import_table(tmp_path / "m", mirna_table, mirna_sheet, **counts)
    assert len(read_table(paths["panel"])) == 95
    detection = read_table(paths["detection"])
    assert detection["limit"].unique().tolist() == ["negative control probes"]
    raw, panel = (read_table(paths[name], index_col="gene") for name in ("raw", "panel"))
    size = read_table(paths["scaling"], index_col="sample")["size_factor"]
    values = 2 ** raw.loc[panel.index] - 1
    assert np.allclose(np.log2(values / size + 1), panel, atol=1e-5)
    short = tmp_path / "short.txt"
    short.write_text("\n".join(mirna_table.read_text().splitlines()[:50]))
    with pytest.raises(InputError, match=r"(?s)normalise.* rows with counts.*normalise: none"):
        import_table(tmp_path / "s", short, mirna_sheet, **counts | {"classes": None})
