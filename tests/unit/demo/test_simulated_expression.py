import numpy as np
import pandas as pd
import pytest

from foldcast.demo.simulated_expression import CONTROL_PROBES, read_samples, share_innovations
from foldcast.demo.simulated_folding import read_folding
from foldcast.errors import InputError
from foldcast.files import read_table


def changes(folder):
    time_course = read_table(folder / "truth/course.tsv", index_col="gene")
    steps = time_course.diff(axis=1).iloc[:, 1:] / np.sqrt(
        np.diff(time_course.columns.astype(float))
    )
    return steps.sub(steps.mean(axis=1), axis=0)


def lagged(folder, drivers, lag=1):
    """Correlation of a gene's change with the mean change of its drivers ``lag`` steps before."""
    steps = changes(folder)
    weights = pd.DataFrame(0.0, steps.index, steps.index)
    for row in drivers.itertuples():
        weights.loc[row.gene1, row.gene2] = row.weight
    driven = weights.any(axis=1)
    before = (weights @ steps)[driven].to_numpy()[:, :-lag]
    return np.corrcoef(before.ravel(), steps[driven].to_numpy()[:, lag:].ravel())[0, 1]


def test_table_is_what_the_sheet_says(usual, sheet):
    samples = read_table(sheet)
    table = read_table(usual / "expression.tsv")
    assert list(table.columns) == ["gene", *samples["sample"]]
    assert [table.columns[k - 1] for k in samples["column"]] == samples["sample"].tolist()
    genes = read_table(usual / "truth/genes.tsv")["symbol"].tolist()
    assert table["gene"].tolist() == [*genes, *CONTROL_PROBES]
    assert table.drop(columns="gene").stack().between(0, 14).all()


def test_replicates_scatter_around_the_course(usual, sheet):
    samples = read_table(sheet)
    table = read_table(usual / "expression.tsv", index_col="gene")
    time_course = read_table(usual / "truth/course.tsv", index_col="gene")
    noise = table.to_numpy() - time_course[[f"{time:g}" for time in samples["time"]]].to_numpy()
    assert noise.std() == pytest.approx(0.1, rel=0.03)
    assert abs(noise.mean()) < 0.005


def test_drivers_show_in_folding_and_not_in_none(usual, regime):
    drivers = read_table(usual / "truth/drivers.tsv")
    none = regime("none")
    assert read_table(none / "truth/drivers.tsv").empty
    assert lagged(usual, drivers) > 0.25
    assert abs(lagged(none, drivers)) < 0.05


@pytest.mark.parametrize("name", ["distance", "wrong"])
def test_other_drivers_show_and_the_maps_do_not(usual, regime, name):
    folding = read_table(usual / "truth/drivers.tsv")
    folder = regime(name)
    drivers = read_table(folder / "truth/drivers.tsv")
    assert lagged(folder, drivers) > 0.25
    assert abs(lagged(folder, folding)) < 0.1


def test_lag_arrives_two_times_later(usual, regime):
    folder = regime("lag")
    drivers = read_table(folder / "truth/drivers.tsv")
    pd.testing.assert_frame_equal(drivers, read_table(usual / "truth/drivers.tsv"))
    assert lagged(folder, drivers, lag=2) > 0.25
    assert abs(lagged(folder, drivers, lag=1)) < 0.1


def test_regimes_change_equally_much(usual, regime):
    spread = {"folding": changes(usual).to_numpy().std()}
    for name in ("none", "distance", "wrong", "lag"):
        spread[name] = changes(regime(name)).to_numpy().std()
    assert max(spread.values()) / min(spread.values()) < 1.1


def test_wrong_keeps_degrees_and_distances(usual, regime):
    tss = read_table(usual / "truth/genes.tsv").set_index("symbol")["tss"]
    true, wrong = (read_table(folder / "truth/drivers.tsv") for folder in (usual, regime("wrong")))
    pairs = [set(zip(t["gene1"], t["gene2"], strict=True)) for t in (true, wrong)]
    assert not pairs[0] & pairs[1]
    degrees = [t["gene1"].value_counts() for t in (true, wrong)]
    assert (degrees[0] - degrees[1]).abs().sum() <= 0.02 * len(true)
    apart = [
        np.log(np.abs(tss[t["gene1"]].to_numpy() - tss[t["gene2"]].to_numpy()))
        for t in (true, wrong)
    ]
    assert abs(np.median(apart[0]) - np.median(apart[1])) < 0.25


def test_sheet_without_times_is_refused(tmp_path):
    sheet = tmp_path / "samples.tsv"
    sheet.write_text("sample\tcolumn\treplicate\na\t2\t1\n")
    with pytest.raises(InputError, match="samples.tsv, header(.|\n)*add time"):
        read_samples(sheet)


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ("a\t2\tday 1\t1\n", "line 2, time(.|\n)*day 1"),
        ("a\t2\t0\t1\nb\t4\t1\t1\n", "column(.|\n)*2, 4(.|\n)*2 … 3 once"),
    ],
)
def test_wrong_rows_of_the_sheet_are_named(tmp_path, rows, message):
    sheet = tmp_path / "samples.tsv"
    sheet.write_text(f"sample\tcolumn\ttime\treplicate\n{rows}")
    with pytest.raises(InputError, match=message):
        read_samples(sheet)


def test_genes_in_contact_change_together_where_that_is_planted(usual, regime):
    """Genes within 200 kb, by their contact for their distance; who drives whom stays."""
    genes = read_table(usual / "truth/genes.tsv")
    folding = read_folding(
        *(usual / f"truth/{name}" for name in ("compartments.bed", "boundaries.bed", "loops.bedpe"))
    )
    shared = share_innovations(genes, folding, "folding")
    alike = shared @ shared.T
    assert np.allclose(np.diag(alike)[shared.any(axis=1)], 1)
    assert not share_innovations(genes, folding, "none").any()
    assert not share_innovations(genes, folding, "distance").any()
    tss, chrom = genes["tss"].to_numpy(), genes["chrom"].to_numpy()
    near = np.abs(tss[:, None] - tss[None]) < 200_000
    near &= (chrom[:, None] == chrom[None]) & ~np.eye(len(genes), dtype=bool)
    together = regime("folding", together=0.9)
    drivers = read_table(together / "truth/drivers.tsv")
    pd.testing.assert_frame_equal(drivers, read_table(usual / "truth/drivers.tsv"))
    assert lagged(together, drivers) > 0.25

    def follows(folder):
        own = np.corrcoef(changes(folder).loc[genes["symbol"]].to_numpy())
        return np.corrcoef(own[near], alike[near])[0, 1]

    # Genes with drivers in common are alike without it.
    assert follows(together) > follows(usual) + 0.2
    assert abs(follows(regime("none", together=0.9))) < 0.1
    spread = [changes(folder).to_numpy().std() for folder in (usual, together)]
    assert max(spread) / min(spread) < 1.1
