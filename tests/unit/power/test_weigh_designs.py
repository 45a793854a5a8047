"""The designs of a table, from its files, as the rule weighs them; and their figure."""

from types import SimpleNamespace

import numpy as np
import pytest

from foldcast.errors import InputError
from foldcast.files import read_table, write_table
from folding_tables import TIMES, Inputs, folding_tables
from scripts.power import weigh_designs
from scripts.report import plot_power

DESIGNS = {"times": [5, 12], "replicates": [1, 2], "depth": [1, 2], "shifts": 24, "planted": 4}


def run(folder, path, **params):
    files = {name: folder / f"{name}.tsv" for name in ("raw", "samples", "loci", "report")}
    given = {
        "values": "counts", "nodes": "gene", "leave_out": [], "genes": None, "seed": 1,
        "map_times": [None], **DESIGNS,
    }  # fmt: skip
    out = SimpleNamespace(designs=folder / "designs.tsv", advice=folder / "advice.tsv")
    weigh_designs.main(
        SimpleNamespace(
            input=Inputs(
                **files, panel=files["raw"], annotation=[], map=[path], tads=[folder / "none.bed"],
                middles=folder / "middles.tsv", interactions=folder / "interactions.csv",
            ),
            output=out,
            wildcards=SimpleNamespace(dataset="mrna", graph="hic"),
            params=SimpleNamespace(**{**given, **params}),
        )
    )  # fmt: skip
    return read_table(out.designs), read_table(out.advice)


def test_designs_have_their_rows_their_advice_and_their_figure(tmp_path):
    path = folding_tables(tmp_path)
    designs, advice = run(tmp_path, path)
    own = designs[designs["own"]].iloc[0]
    assert (own["times"], own["replicates"], own["depth"]) == (len(TIMES), 2, 1)
    assert len(designs) == 2 * 2 * 2 + 1 + 3
    assert (designs["samples"] == designs["times"] * designs["replicates"]).all()
    assert np.isfinite(designs["interval_width"]).all()
    wide = designs.set_index(["times", "replicates", "depth"])["interval_width"]
    assert wide[12, 2, 1] < wide[12, 1, 1]
    assert list(advice["measure"]) == ["change_together", "help_to_forecast", "interval_width"]
    figure = plot_power.power(designs, advice)
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        title for title, _ in plot_power.PANELS.values()
    ]


def test_a_course_of_two_times_is_refused_by_name(tmp_path):
    path = folding_tables(tmp_path)
    samples = read_table(tmp_path / "samples.tsv", dtype={"sample": str})
    write_table(samples[samples["time"] < 2], tmp_path / "samples.tsv")
    with pytest.raises(InputError, match="2 times") as error:
        run(tmp_path, path)
    assert "demo" in error.value.remedy
