"""Which genes are asked: expressed ones, each once, without pairs that are alike anyhow."""

import numpy as np
import pandas as pd

from foldcast.evaluation.gene_nodes import expressed, gene_nodes, left_out, scaled


def loci(*rows):
    columns = ["gene", "symbol", "gene_id", "chrom", "start", "end", "strand"]
    table = pd.DataFrame(rows, columns=columns)
    return table.assign(tss=table["start"].where(table["strand"] == "+", table["end"]))


def panel(names, seed=0, n=6):
    values = np.random.default_rng(seed).normal(8, 1, (len(names), n))
    return pd.DataFrame(values, index=names, columns=[f"s{k}" for k in range(n)])


def test_genes_that_are_silent_constant_or_have_gaps_are_left_out():
    raw = panel(list("abcde"))
    raw.loc["a", ["s0", "s1", "s2"]] = 0.0
    raw.loc["b", "s0"] = np.nan
    raw.loc["c"] = 3.0
    assert list(expressed(raw)) == ["d", "e"]


def test_samples_of_counts_are_scaled_to_one_depth_before_one_is_added():
    counts = pd.DataFrame({"s0": [10.0, 100, 1000, 0], "s1": [40.0, 400, 4000, 0]}, list("abcd"))
    even = scaled(np.log2(counts + 1), logarithms=False)
    assert np.allclose(even["s0"], even["s1"])
    assert np.allclose(2 ** even["s0"] - 1, [20, 200, 2000, 0])
    logs = scaled(panel(["a", "b", "c"]) + [0, 1, 2, 3, 4, 5], logarithms=True)
    assert np.ptp(logs.sub(logs.mean(axis=1), axis=0).median().to_numpy()) < 1e-9


def test_rows_of_one_gene_are_one_node_and_genes_without_a_locus_none():
    raw = panel(["x", "y", "z", "w"])
    where = loci(
        ("z", "Z", "g3", "chr1", 9_000, 9_900, "+"),
        ("x", "X", "g1", "chr1", 100, 900, "+"),
        ("y", "X", "g1", "chr1", 100, 900, "+"),
        ("w", None, None, None, None, None, None),
    )
    found = gene_nodes(raw, where, logarithms=True)
    assert found.table["node"].tolist() == ["x", "z"]
    even = scaled(raw, logarithms=True)
    assert np.allclose(found.values[0], even.loc[["x", "y"]].mean())
    assert found.middles.tolist() == [500, 9_450]
    assert found.node_of == {"x": 0, "y": 0, "z": 1}
    assert gene_nodes(raw, where, logarithms=True, guessed=["z"]).node_of == {"x": 0, "y": 0}


def test_neighbours_that_are_alike_without_folding_are_found():
    table = loci(
        ("a", "Hoxa1", "a", "chr1", 1_000, 5_000, "-"),
        ("b", "Hoxa2", "b", "chr1", 4_000, 8_000, "+"),
        ("c", "Tbx1", "c", "chr1", 8_500, 9_500, "+"),
        ("d", "Sox2", "d", "chr1", 9_900, 12_000, "-"),
        ("e", "Hoxa11", "e", "chr1", 500_000, 501_000, "+"),
        ("f", "Hoxa3", "f", "chr2", 1_000, 5_000, "+"),
    )
    assert left_out(table, ["overlapping"]).tolist() == [[0, 1]]
    # Read away from each other: a's TSS is at 5,000 and b's at 4,000, so these are read towards.
    assert left_out(table, ["divergent"]).tolist() == []
    apart = table.assign(start=table["start"].replace(4_000, 5_500))
    apart["tss"] = apart["start"].where(apart["strand"] == "+", apart["end"])
    assert left_out(apart, ["divergent"]).tolist() == [[0, 1]]
    assert left_out(table, ["paralogous"]).tolist() == [[0, 1], [0, 4], [1, 4]]
    assert left_out(table, []).tolist() == []


def test_mirnas_of_a_cluster_or_of_one_host_are_one_node_and_families_are_no_pairs():
    names = ["mmu-miR-17-5p", "mmu-miR-18a-5p", "mmu-miR-26a-5p", "mmu-miR-9-5p", "mmu-miR-26b-5p"]
    found = gene_nodes(
        panel(names),
        loci(
            (names[0], "Mir17", "1", "chr1", 1_000, 1_080, "+"),
            (names[1], "Mir18", "2", "chr1", 10_500, 10_580, "+"),
            (names[2], "Mir26a-1", "3", "chr1", 400_000, 400_080, "+"),
            (names[3], "Mir9-1", "4", "chr1", 450_000, 450_080, "+"),
            (names[4], "Mir26b", "5", "chr1", 900_000, 900_080, "+"),
        ),
        logarithms=True,
        mirnas=True,
        hosts=pd.DataFrame(
            {"chrom": "chr1", "start": [390_000], "end": [460_000], "strand": ["+"]}
        ),
    )
    assert found.table["node"].tolist() == [names[0], names[2], names[4]]
    assert found.left_out.tolist() == [[1, 2]]


def test_where_no_gene_is_placed_there_are_no_nodes():
    raw = panel(["x", "y"])
    where = loci(*((name, None, None, None, None, None, None) for name in raw.index))
    found = gene_nodes(raw, where, logarithms=True, leave_out=["overlapping", "divergent"])
    assert found.table.empty and found.values.shape == (0, 6) and len(found.left_out) == 0
