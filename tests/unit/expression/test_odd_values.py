"""What is odd in a table: planted, and in the real ones."""

import numpy as np
import pandas as pd
import pytest

from foldcast.expression.expression_tables import read_expression
from foldcast.expression.odd_values import copy_of, find_flags, log_flags
from foldcast.expression.sample_sheets import read_samples


def sheet(values, column=False):
    n = values.shape[1]
    return pd.DataFrame(
        {
            "sample": values.columns,
            "column": pd.array(range(2, n + 2) if column else [pd.NA] * n, dtype="Int64"),
            "time": np.repeat(np.arange((n + 1) // 2), 2)[:n] + 0.5,
            "replicate": np.tile([1, 2], (n + 1) // 2)[:n],
        }
    )


@pytest.fixture
def values():
    random = np.random.default_rng(1)
    table = pd.DataFrame(random.normal(8, 1, size=(30, 20)))
    return table.set_axis([f"g{i}" for i in range(30)]).set_axis(
        [f"s{j}" for j in range(20)], axis=1
    )


def test_a_clean_table_has_no_flags(values, caplog):
    flags = find_flags(values, sheet(values))
    assert flags.empty and list(flags) == ["kind", "what", "detail"]
    log_flags(flags)
    assert not caplog.text


def test_what_is_planted_is_found(values, caplog):
    values.loc["g4"] = 3.0
    values.loc["g5"] = 3.0
    values.loc["g7"] = values.loc["g6"]
    values.loc["g8", ["s5", "s6"]] = 99.0
    values.loc["g9", ["s5", "s6"]] = -99.0
    values.loc["g10", values.columns[:10]] = 7.0
    values["s3"] = values["s2"]
    flags = find_flags(values, sheet(values, column=True))
    assert flags.to_numpy().tolist() == [
        ["identical samples", "s2|s3", "time 1.5, columns 4, 5 of the table"],
        ["identical genes", "g6|g7", "in all 20 samples"],
        ["constant", "g4", "3 in all 20 samples"],
        ["constant", "g5", "3 in all 20 samples"],
        ["ceiling", "g8", "99 in 2 of 20 samples"],
        ["floor", "g9", "-99 in 2 of 20 samples"],
        ["repeated", "g10", "7 in 10 of 20 samples"],
    ]
    log_flags(flags)
    assert "constant: 2, g4 (3 in all 20 samples); g5" in caplog.text


def test_a_copy_is_of_the_first_of_its_time(values):
    values["s3"] = values["s2"]  # of one time
    values["s5"] = values["s8"]  # of two: odd, but which of them is right is not known
    copies = copy_of(values, sheet(values))
    assert copies.dropna().to_dict() == {3: "s2"} and len(copies) == 20
    assert copy_of(values.drop(columns=["s3"]), sheet(values.drop(columns=["s3"]))).isna().all()


def test_the_order_of_samples_and_genes_does_not_matter(values):
    values["s3"] = values["s2"]
    values.loc["g8", values.columns[:12]] = 99.0
    once = find_flags(values, sheet(values))
    samples = sheet(values).sample(frac=1, random_state=3)
    again = find_flags(values.loc[values.index[::-1], samples["sample"]], samples)

    def facts(flags):
        return {(kind, frozenset(what.split("|")), said) for kind, what, said in flags.to_numpy()}

    assert facts(once) == facts(again) and len(once) == 3


def test_the_mouse_lung_mrna(lung_table, mouse_lung):
    samples = read_samples(mouse_lung / "samples.tsv")
    flags = find_flags(read_expression(lung_table, samples), samples)
    said = flags.groupby("kind")[["what", "detail"]].apply(lambda rows: rows.to_numpy().tolist())
    # Two replicates of age 1.5 stand twice in the published table.
    assert [detail for _, detail in said["identical samples"]] == [
        "time 1.5, columns 17, 19 of the table",
        "time 1.5, columns 18, 20 of the table",
    ]
    # Quantile normalisation gives the first rank one value, and Sftpc nearly always has it.
    assert said["ceiling"] == [["SFTP-C", "14.956 in 157 of 174 samples"]]
    assert said["floor"] == [["KLra4", "1.524 in 18 of 174 samples"]]
    assert [gene for gene, _ in said["repeated"]] == ["actb", "AGER", "SFTP-C"]
    assert "constant" not in said and "identical genes" not in said


def test_the_mouse_lung_mirna(mirna_table, mirna_probes, mouse_lung):
    samples = read_samples(mouse_lung / "mirna_samples.tsv")
    flags = find_flags(read_expression(mirna_table, samples).loc[mirna_probes], samples)
    said = flags.groupby("kind")["what"].agg(list)
    assert said["repeated"] == ["mmu-miR-155", "mmu-miR-543"]  # one count, in most samples
    assert "mmu-let-7a" in said["floor"] and "identical samples" not in said
