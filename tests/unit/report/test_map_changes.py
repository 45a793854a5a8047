"""The figure of what changes from map to map: counts, boundaries, and a real time course."""

from pathlib import Path
from types import SimpleNamespace

import cooler
import numpy as np
import pandas as pd
import pytest

from foldcast.files import write_table
from foldcast.hic.insulation import boundaries, insulation
from foldcast.report.map_changes_figure import (
    REACH,
    around,
    boundaries_of_any,
    map_changes,
    told_by_all,
)
from scripts.report import plot_map_changes

ARMS = {"arm": ["q"], "chrom": ["chr1"], "start": [0], "end": [1000]}


def titles(figure):
    return [axes.get_title(loc="left") for axes in figure.axes]


def texts(axes):
    return [text.get_text() for text in axes.texts]


def compartments_of(score, chosen="E1", weak=False):
    """A map's tables: bins of 10 on an arm of 1000."""
    start = np.arange(len(score)) * 10
    table = pd.DataFrame({"chrom": "chr1", "start": start, "end": start + 10, "score": score})
    return table, pd.DataFrame(ARMS).assign(chosen=chosen, weak=weak)


def changes(*maps):
    tables, choices = zip(*maps, strict=True)
    return told_by_all(tables, choices)


def test_switching_bins_are_counted_where_every_map_tells():
    first = [1.0, 1.0, 1.0, -1.0, -1.0, np.nan]
    last = [1.0, -1.0, -1.0, 1.0, -1.0, 1.0]
    scores, left_out = changes(compartments_of(first), compartments_of(last))
    assert len(scores) == 5 and not left_out
    empty = pd.DataFrame(columns=["a", "b"], index=pd.MultiIndex.from_arrays([[], []]), dtype=float)
    borders = pd.DataFrame({"chrom": [], "start": []})
    figure = map_changes(["a", "b"], scores, empty, borders, 100, 10)
    assert titles(figure)[:2] == ["3 of 5 bins (60.0%) switch from a to b", "r = -0.17, n = 5 bins"]
    assert {"A\n3", "B\n2", "A\n2", "B\n3", "A→B 2", "B→A 1"} == set(texts(figure.axes[0]))
    assert "no boundary" in texts(figure.axes[2])[0]


@pytest.mark.parametrize("other", [{"weak": True}, {"chosen": "E2"}])
def test_arms_that_are_not_told_alike_are_left_out(other):
    score = [1.0, -1.0]
    scores, left_out = changes(compartments_of(score), compartments_of(score, **other))
    assert scores.empty and left_out == ["q"]


def test_boundaries_of_any_map_count_once():
    strong = pd.DataFrame(
        {"chrom": "chr1", "start": [0, 50], "end": [10, 60], "boundary_strength": [1.0, 1.0]}
    )
    beside = strong.assign(start=[10, 500], end=[20, 510], boundary_strength=[2.0, 0.1])
    assert boundaries_of_any([strong, beside])["start"].tolist() == [10, 50, 500]
    assert boundaries_of_any([strong.iloc[:0], strong.iloc[:0]]).empty


def test_changes_of_real_maps_from_files_to_figure(shared, tmp_path):
    """RAD21 comes back after its degradation: boundaries grow stronger (Rao 2017)."""
    files = {name: [] for name in ("map", "compartments", "choices", "insulation", "boundaries")}
    size = 50_000
    for k in (1, 4):
        path = shared / f"hic/HCT116_RAD21_timemats_{k}of4.hg19.chr22.50kb.cool"
        clr = cooler.Cooler(str(path))
        scores = insulation(clr, [10])
        bins = clr.bins()[:][["chrom", "start", "end"]].assign(score=np.nan)
        tables = {
            "compartments": bins,
            "choices": pd.DataFrame(ARMS).assign(chosen=None, weak=None),
            "insulation": scores,
            "boundaries": boundaries(scores, [10 * size]),
        }
        files["map"].append(str(path))
        for name, table in tables.items():
            write_table(table, tmp_path / f"{k}.{name}.tsv")
            files[name].append(tmp_path / f"{k}.{name}.tsv")
    made = []
    for order in ([0, 1], [1, 0]):  # as the config has them: times decide
        output = SimpleNamespace(png=tmp_path / "x.png", svg=tmp_path / "x.svg")
        params = {"names": ["m20", "m180"], "map_times": [20, 180]}
        plot_map_changes.main(
            SimpleNamespace(
                input=Inputs({name: [paths[k] for k in order] for name, paths in files.items()}),
                params=SimpleNamespace(
                    window=10,
                    **{name: [values[k] for k in order] for name, values in params.items()},
                ),
                output=output,
            )
        )
        made.append(Path(output.svg).read_text())
    assert made[0] == made[1]
    assert "no bin has a compartment in every map" in made[0]
    columns = [
        pd.read_csv(path, sep="\t").set_index(["chrom", "start"])["log2_insulation_score_500000"]
        for path in files["insulation"]
    ]
    borders = boundaries_of_any([pd.read_csv(p, sep="\t") for p in files["boundaries"]])
    at = around(pd.concat(columns, axis=1), borders, size)[:, :, REACH]
    change = np.median(at[:, 1] - at[:, 0])
    assert change < -0.15 and len(at) >= 20
    assert f"{change:+.2f}" in made[0] and f"n = {len(at)}" in made[0]


class Inputs(dict):
    """Inputs that are asked for by attribute and by name, as Snakemake's are."""

    __getattr__ = dict.__getitem__
