"""What a map adds to a base without Beluga: the base's features of the genes that a TSS touches."""

import numpy as np
import pandas as pd
import pytest

from foldcast.spex.contacts.tss_contacts import (
    DOWNSTREAM,
    UPSTREAM,
    Contacts,
    Options,
    degrees,
    indptr_of,
    write_feature_sets,
)
from foldcast.spex.models.feature_blocks import Files, read_features
from foldcast.spex.models.linear import fit_ridge
from foldcast.spex.models.touching_genes import touching_features

BIN = 10_000


def contacts_of(n, found):
    """Contacts from (gene, start, side, weight)."""
    gene, start, side, weight = (np.array(column) for column in zip(*sorted(found), strict=True))
    degree = degrees(gene, side, n)
    touched = np.ones(n, bool)
    return Contacts(indptr_of(gene, n), start, side, weight.astype("f4"), degree, touched)


def by_hand(contacts, rows, tss, x, mean):
    """As `touching_features`, gene by gene."""
    out = []
    for k, row in enumerate(rows):
        here = []
        for side in (DOWNSTREAM, UPSTREAM):
            total, sums = 0.0, np.zeros(x.shape[1])
            for c in range(contacts.indptr[row], contacts.indptr[row + 1]):
                if contacts.side[c] != side:
                    continue
                total += contacts.weight[c]
                for j, other in enumerate(tss):
                    if j != k and contacts.start[c] <= other < contacts.start[c] + BIN:
                        sums += contacts.weight[c] * np.nan_to_num(x[j])
            here += [total, *(sums / total if mean and total else sums)]
        out.append(here)
    return np.array(out)


@pytest.mark.parametrize("aggregate", ["sum", "mean"])
def test_sums_are_those_by_hand(aggregate):
    rng = np.random.default_rng(3)
    n = 25
    tss = np.sort(rng.integers(0, 30 * BIN, n))
    found = {(int(g), int(b) * BIN): None for g, b in rng.integers(0, (n, 30), (120, 2))}
    contacts = contacts_of(n, [(g, s, int(rng.integers(2)), rng.random()) for g, s in found])
    x = rng.random((n, 4)).astype("f4")
    x[5, 2] = np.nan
    attrs = {"resolution": BIN, "aggregate": aggregate}
    rows = np.sort(rng.permutation(n)[:20])  # a table of the user's may lack genes
    rows = rng.permutation(rows)
    found = touching_features(contacts, rows, tss[rows], x[rows], attrs)
    expected = by_hand(contacts, rows, tss[rows], x[rows], aggregate == "mean")
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert found.dtype == np.float32


@pytest.fixture
def world(tmp_path):
    """Genes whose label is half their own feature, half that of the gene which they touch."""
    rng = np.random.default_rng(1)
    n, chroms = 120, ["chr1", "chr2"]
    genes = pd.DataFrame(
        {"gene": [f"ENSG{k:04d}" for k in range(2 * n)], "chrom": np.repeat(chroms, n),
         "tss": np.tile(np.arange(n) * BIN + 5, 2)}
    )  # fmt: skip
    own = rng.standard_normal(2 * n).astype("f4")
    table = pd.DataFrame({"gene": genes["gene"], "one": own, "two": rng.random(2 * n)})
    table.to_csv(tmp_path / "table.tsv", sep="\t", index=False)
    table.to_csv(tmp_path / "promoter.tsv", sep="\t", index=False)
    ids, sets, partner = {}, {}, np.empty(2 * n, int)
    for k, chrom in enumerate(chroms):
        mates, wrong = rng.permutation(n), rng.permutation(n)
        partner[k * n : (k + 1) * n] = k * n + mates
        ids[chrom] = genes["gene"][k * n : (k + 1) * n].tolist()
        sets[chrom] = {
            name: contacts_of(n, [(g, int(m) * BIN, int(m < g), 1.0) for g, m in enumerate(of)])
            for name, of in {"hic": mates, "hic+shuffled1": wrong}.items()
        }
    write_feature_sets(tmp_path / "hic.h5", ids, sets, BIN, Options())
    write_feature_sets(
        tmp_path / "hic+depth.h5", ids,
        {chrom: {"hic+depth": one["hic"]} for chrom, one in sets.items()}, BIN, Options(),
    )  # fmt: skip
    files = Files(
        contacts=[str(tmp_path / "hic.h5"), str(tmp_path / "hic+depth.h5")],
        promoter=str(tmp_path / "promoter.tsv"),
        features=[str(tmp_path / "table.tsv")],
    )
    label = own + own[partner] + 0.1 * rng.standard_normal(2 * n)
    return genes, files, dict(zip(genes["gene"], label, strict=True))


@pytest.mark.parametrize("base", ["promoter", "features+mine"])
def test_a_map_that_knows_helps_beyond_the_base_and_its_shuffled_control_does_not(world, base):
    genes, files, label = world
    r = {}
    for name in (base, "hic", "hic+shuffled1", "hic+degree", "hic+random1", "hic+depth", "all"):
        features = read_features(name, genes, ["hic"], files, base)
        y = np.array([[label[gene]] for gene in features.genes["gene"]])
        train = (features.genes["chrom"] == "chr1").to_numpy()
        (model,), *_ = fit_ridge(
            features.x, y, np.flatnonzero(train)[:100], np.flatnonzero(train)[100:], [0.01, 0.1]
        )
        r[name] = np.corrcoef(model.predict(features.x[~train]), y[~train, 0])[0, 1]
        own = 2
        wide = {base: own, "hic+degree": own + 2}.get(name, own + 2 * (1 + own))
        assert features.x.shape == (len(genes), wide)
    assert r["hic"] > 0.95 > 0.85 > max(
        r[base], r["hic+shuffled1"], r["hic+degree"], r["hic+random1"]
    )  # fmt: skip
    assert r["hic+depth"] == r["all"] == r["hic"]


def test_a_table_that_lacks_genes_tells_of_those_that_it_has(world):
    genes, files, _ = world
    table = pd.read_csv(files.features[0], sep="\t")
    table.iloc[10:].to_csv(files.features[0], sep="\t", index=False)
    features = read_features("hic", genes, ["hic"], files, "features+mine")
    assert features.genes["gene"].tolist() == sorted(genes["gene"][10:])
    whole = features.x[:, [2, 5]]  # weight of the places downstream and upstream
    assert (whole.sum(axis=1) == 1).all()
