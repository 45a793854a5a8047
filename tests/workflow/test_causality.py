"""No forecast sees what comes after its origin: tried on the table that a user brings."""

import h5py
import numpy as np
import pandas as pd
import pytest

from foldcast.files import read_table

pytestmark = pytest.mark.slow

# The last origin of the block 005-007; time indices count from 0.
ORIGIN = 7
STEP = "step/mrna/folded/stepmr"
BASELINES = "evaluation/mrna/baselines.tsv"
FURTHER = f"{STEP}/005-007/further.tsv"  # of the block's origins, up to five times on
EARLIER, LATER = f"{STEP}/005-007/forecasts.tsv", f"{STEP}/008-010/forecasts.tsv"


@pytest.fixture(scope="module")
def rewritten(complete, tmp_path_factory):
    """The workflow on a table whose every value after the origin is another one."""
    project = complete.project.copy(tmp_path_factory.mktemp("causality") / "foldcast")
    sheet = read_table(project.folder / "sheets/mrna.tsv")
    table = read_table(project.folder / "resources/demo/expression.tsv")
    times = np.unique(sheet["time"])
    future = sheet.loc[sheet["time"] > times[ORIGIN], "sample"]
    values = np.random.default_rng(0).uniform(1.0, 15.0, table[future].shape)
    table[future.to_list()] = values
    project.write("data/expression.tsv", table.to_csv(sep="\t", index=False))
    project.configure("datasets.mrna.expression.path", "data/expression.tsv")
    targets = [str(project.results / path) for path in (EARLIER, LATER, BASELINES)]
    project.snakemake(*targets)
    return project


@pytest.fixture(scope="module")
def both(complete, rewritten):
    """A file of the run on the true table, and of the run on the other."""
    return lambda path: [p.folder / p.results / path for p in (complete.project, rewritten)]


def rows(path, origins) -> list[str]:
    """Lines as they are written, of these origins; the column `origin` is the fourth."""
    return [
        line for line in path.read_text().splitlines()[1:] if int(line.split("\t")[3]) in origins
    ]


def test_the_other_table_is_another_from_the_origin_on(both):
    before, after = (read_table(p).set_index("gene") for p in both("expression/mrna/course.tsv"))
    same = (before == after).all()
    assert same.tolist() == [k <= ORIGIN for k in range(len(same))]
    assert not (before == after).iloc[:, ORIGIN + 1 :].any().any()


@pytest.mark.parametrize("path", [EARLIER, FURTHER, BASELINES])
def test_forecasts_up_to_the_origin_do_not_change_by_a_bit(both, path):
    before, after = (rows(p, range(ORIGIN + 1)) for p in both(path))
    assert len(before) >= 3 * 44
    assert before == after


@pytest.mark.parametrize("path", [LATER, BASELINES])
def test_later_forecasts_do(both, path):
    before, after = (rows(p, range(ORIGIN + 1, 11)) for p in both(path))
    assert len(before) == len(after) >= 3 * 44
    assert not set(before) & set(after)


def test_the_forecasts_compared_are_the_networks(both):
    """Else equal forecasts would say nothing about training, graphs and embeddings."""
    ours = pd.read_csv(both(EARLIER)[0], sep="\t")
    base = pd.read_csv(both(BASELINES)[0], sep="\t").query("model == 'stack'")
    merged = ours.merge(base, on=["origin", "gene"], suffixes=("", "_base"))
    assert len(merged) == len(ours)
    assert ((merged["predicted"] - merged["predicted_base"]).abs() > 1e-6).mean() > 0.9


def test_graphs_and_embeddings_up_to_the_origin_do_not_change_by_a_bit(both):
    files = [h5py.File(path) for path in both("graph/mrna/folded/graph.h5")]
    for k in range(12):
        before, after = (file[f"t/{k}/edge_weight"][:] for file in files)
        assert np.array_equal(before, after) == (k <= ORIGIN), k
    before, after = (h5py.File(path)["x"][:] for path in both("graph/mrna/folded/embedding.h5"))
    assert np.array_equal(before[: ORIGIN + 1], after[: ORIGIN + 1])
    assert not np.array_equal(before[ORIGIN + 1 :], after[ORIGIN + 1 :])
