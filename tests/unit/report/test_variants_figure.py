"""Variants by their effect: ranks, z against the run's own, and a figure that can be read."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from figure_checks import cut, overlapping, without_unit
from foldcast.files import read_table, write_table
from scripts.report import plot_variants
from scripts.report.plot_variants import COLUMNS, ranks, variants, z_in_words


def effects(n: int, tissues=("liver", "lung")) -> pd.DataFrame:
    """Effects of n variants, small but for the third's in the last tissue."""
    rng = np.random.default_rng(1)
    rows = [
        {
            "variant": f"chr1:{1000 + k} A>G", "id": f"rs{k}", "gene": f"ENSG{k}",
            "symbol": f"SYM{k}", "tissue": tissue, "feature_set": "expecto", "model": "linear",
            "distance": 10, "where": "local", "effect": rng.normal(0, 0.01), "spread": 0.0,
            "fits": 1,
        }
        for k in range(n)
        for tissue in tissues
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    table.loc[table["variant"].eq("chr1:1002 A>G") & table["tissue"].eq("lung"), "effect"] = -0.5
    other = table.assign(feature_set="folded", effect=9.0)
    return pd.concat([table, other], ignore_index=True)


def test_the_largest_effect_comes_first_with_its_z():
    ranked = ranks(effects(60))
    assert list(ranked.columns) == COLUMNS and len(ranked) == 120  # the first feature set alone
    first = ranked[ranked["rank"] == 1]
    assert set(first["symbol"]) == {"SYM2"} and len(first) == 2
    lung = ranked[ranked["tissue"] == "lung"]
    middle = lung["effect"].median()
    spread = 1.4826 * (lung["effect"] - middle).abs().median()
    z = first.set_index("tissue").loc["lung", "z"]
    assert z == pytest.approx((-0.5 - middle) / spread) and z < -20
    assert (lung["n_background"] == 60).all()


@pytest.mark.parametrize("n", [0, 1, 29])
def test_few_variants_have_no_z(n):
    ranked = ranks(effects(n)) if n else ranks(effects(1).iloc[:0])
    assert ranked["z"].isna().all()
    assert variants(ranked).axes


def test_how_rough_z_is_of_few_variants_is_said():
    assert "30 effects of this run in a tissue, no random variants; of so few" in z_in_words(30)
    assert "21%" in z_in_words(30) and z_in_words(5000).endswith("no random variants.")


@pytest.mark.slow
def test_many_tissues_are_drawn_so_wide_that_each_can_be_read():
    names = tuple(f"GTEx tissue number {k}" for k in range(53))
    figure = variants(ranks(effects(6, names)))
    assert overlapping(figure) == [] and cut(figure) == [] and without_unit(figure) == []


@pytest.mark.slow
def test_the_script_writes_a_tidy_figure_and_its_table(tmp_path, tidy_figures):
    write_table(effects(40), tmp_path / "variants.tsv")
    output = {name: tmp_path / f"figure.{name}" for name in ("png", "svg")}
    plot_variants.main(
        SimpleNamespace(
            input=SimpleNamespace(variants=tmp_path / "variants.tsv"),
            output=SimpleNamespace(**output, table=tmp_path / "ranked.tsv"),
        )
    )
    assert read_table(tmp_path / "ranked.tsv")["rank"].max() == 40 and tidy_figures
