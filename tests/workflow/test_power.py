"""`snakemake power`: after a run, by its files alone; only what it hangs on makes it stale."""

import pandas as pd
import pytest

from project import Project


@pytest.mark.slow
def test_power_is_weighed_drawn_and_only_then_there(project: Project):
    results = project.folder / "results/tiny"
    assert not (results / "power").exists()
    project.configure("power", {"times": [3, 8], "replicates": [1, 2], "shifts": 99, "planted": 20})
    # The config as it ran is taken away.
    assert project.stale() <= {"describe_run", "take_away", "report_page"}
    project.snakemake("power")
    designs = pd.read_csv(results / "power/mrna/folded/designs.tsv", sep="\t")
    assert {3, 8} <= {*designs["times"]}
    assert designs["own"].sum() == 1
    assert (results / "report/figures/power.mrna.folded.png").is_file()
    assert project.stale("power") == set()
    project.configure("power.genes", 200)
    assert set(project.stale("power")) == {"weigh_designs", "plot_power"}
    project.configure("graphs", None)
    project.configure("maps", None)
    project.configure("datasets.mrna.graphs", [])
    status, said = project.start("power")
    assert status
    assert "no dataset with genes on a graph of maps" in said and "Traceback" not in said
