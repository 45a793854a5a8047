"""Mutagenesis drawn: the logo's letters, what cannot be read, and a figure that can; its tracks."""

from types import SimpleNamespace

import h5py
import numpy as np
import pandas as pd
import pybigtools
import pytest
from matplotlib.patches import PathPatch

from figure_checks import cut, overlapping, without_unit
from foldcast.files import write_table
from foldcast.variants.mutated_bases import BASES, COLUMNS, by_position, mean_size, summed
from scripts.report import plot_mutagenesis
from scripts.take_away import export_mutagenesis

GENE = {"name": "MYC", "strand": "-", "tss": 1050}


def effects(n=100, tissues=("liver", "lung")):
    """Losing base 40 costs 0.6 in the lung, base 70 lowers it; base 3 is unknown."""
    rng = np.random.default_rng(1)
    ref = rng.choice(list(BASES), n)
    ref[3] = "N"
    tables = []
    for feature_set in ("expecto", "folded"):
        for tissue in tissues:
            values = rng.normal(0, 0.005, (n, 4))
            if tissue == tissues[-1]:
                values[40], values[70] = -0.2, 0.1
            values[np.array(list(BASES)) == ref[:, None]] = 0
            values[3] = np.nan
            about = {"chrom": "chr1", "position": 1001 + np.arange(n), "ref": ref}
            about |= {"distance": 49 - np.arange(n), "feature_set": feature_set}
            table = pd.DataFrame(values, columns=list(BASES))
            tables.append(table.assign(**about, model="linear", tissue=tissue)[COLUMNS])
    return pd.concat(tables, ignore_index=True)


def first(table):
    return table[table["feature_set"] == "expecto"].reset_index(drop=True)


def test_a_base_that_raises_expression_stands_above_the_line():
    table = first(effects())
    figure = plot_mutagenesis.mutagenesis(table, GENE)
    logo = figure.axes[0]
    assert "lung" in logo.get_title(loc="left") and "MYC (- strand)" in logo.get_title(loc="left")
    letters = [one for one in logo.patches if isinstance(one, PathPatch)]
    assert len(letters) == 99  # the unknown base has none
    boxes = [one.get_path().get_extents() for one in letters]
    tallest = max(boxes, key=lambda box: box.y1)
    lowest = min(boxes, key=lambda box: box.y0)
    assert tallest.x0 < 1041 < tallest.x1 and tallest.y1 == pytest.approx(0.2)
    assert lowest.x0 < 1071 < lowest.x1 and lowest.y0 == pytest.approx(-0.1)
    assert overlapping(figure) == [] and cut(figure) == [] and without_unit(figure) == []


def test_what_is_shown_of_a_base():
    table = first(effects())
    lung = table[table["tissue"] == "lung"].reset_index(drop=True)
    assert mean_size(lung)[40] == pytest.approx(0.2) and summed(lung)[40] == pytest.approx(-0.6)
    assert np.isnan(mean_size(lung)[3]) and np.isnan(summed(lung)[3])
    assert list(by_position(table, summed(table)).columns) == ["liver", "lung"]


def test_tracks_have_a_value_for_every_known_base(tmp_path):
    write_table(effects(), tmp_path / "effects.tsv")
    (tmp_path / "sizes").write_text("chr1\t5000\n")
    output = SimpleNamespace(size=tmp_path / "size.bw", sum=tmp_path / "sum.bw")
    given = SimpleNamespace(effects=tmp_path / "effects.tsv", sizes=tmp_path / "sizes")
    export_mutagenesis.main(SimpleNamespace(input=given, output=output))
    table = first(effects())
    for path, of in ((output.size, mean_size), (output.sum, summed)):
        rows = list(pybigtools.open(str(path)).records("chr1"))
        want = by_position(table, of(table)).mean(axis=1).dropna()
        assert [start + 1 for start, _, _ in rows] == want.index.tolist()
        np.testing.assert_allclose([value for _, _, value in rows], want, rtol=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(("n", "tissues"), [(30, 1), (200, 53), (1000, 3)])
def test_the_script_draws_short_and_long_regions(tmp_path, tidy_figures, n, tissues):
    table = effects(max(n, 80), [f"GTEx tissue number {k}" for k in range(tissues)])
    write_table(table, tmp_path / "effects.tsv")
    with h5py.File(tmp_path / "effects.h5", "w") as file:
        file.attrs.update(GENE)
    given = SimpleNamespace(effects=tmp_path / "effects.tsv", matrix=tmp_path / "effects.h5")
    output = SimpleNamespace(png=tmp_path / "figure.png", svg=tmp_path / "figure.svg")
    plot_mutagenesis.main(SimpleNamespace(input=given, output=output))
    assert tidy_figures
