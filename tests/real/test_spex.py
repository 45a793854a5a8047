"""Real sequence, genes, expression and contacts through the real rules, with the demo's weights.

There are no whole chromosomes here, and two assemblies, so features are made and nothing is fitted.
"""

import gzip
from pathlib import Path
from types import SimpleNamespace

import cooler
import h5py
import numpy as np
import pandas as pd
import pytest
import torch
from lung import MIRROR, clone_with_data, snakemake

from foldcast.demo.motif_network import OUTPUTS
from foldcast.files import read_table
from published_windows import Network, local_part, outputs_around
from scripts.demo import demo_beluga

pytestmark = pytest.mark.slow

F = len(OUTPUTS)
GC = list(OUTPUTS).index({"GC": 1.0})
CHR16 = 2_648_800  # bp of it that are there
KNOWN = ((1_000_000, 2_000_000), (9_995_000, 11_095_000))  # of chr20
EBV = "Cells - EBV-transformed lymphocytes"


def weights_in(folder: Path) -> None:
    output = SimpleNamespace(weights=folder / "data/beluga.pth")
    demo_beluga.main(SimpleNamespace(output=output))


@pytest.fixture(scope="module")
def network(tmp_path_factory) -> Network:
    folder = tmp_path_factory.mktemp("weights")
    weights_in(folder)
    return Network(torch.load(folder / "data/beluga.pth", weights_only=True))


def features(path: Path) -> tuple[list[str], dict[str, np.ndarray]]:
    """Genes, and every array of numbers."""
    found: dict[str, np.ndarray] = {}
    with h5py.File(path) as file:
        file.visititems(
            lambda name, item: (
                found.update({name: item[:]}) if isinstance(item, h5py.Dataset) else None
            )
        )
        genes = list(file["genes"].asstr()[:])
    found.pop("genes")
    found.pop("key", None)
    return genes, found


# chr16


@pytest.fixture(scope="module")
def chr16(tmp_path_factory, shared, mirror) -> Path:
    """Results of the run on chr16."""
    folder = clone_with_data(tmp_path_factory.mktemp("chr16"), shared)
    weights_in(folder)
    genes = read_table(shared / "annotation/annotables_grch38.tsv.gz", dtype={"chr": str})
    genes = genes[(genes["chr"] == "16") & (genes["end"] <= CHR16)].drop_duplicates("ensgene")
    genes.to_csv(folder / "data/genes.tsv", sep="\t", index=False)
    made_up = pd.DataFrame({"gene": genes["ensgene"], "Liver": np.arange(len(genes)) % 7})
    made_up.to_csv(folder / "data/expression.tsv", sep="\t", index=False)
    sizes = f"chr16\t{CHR16}\nchr8\t145138636\nchr9\t138394717\n"
    (folder / "data/chrom.sizes").write_text(sizes)
    targets = [f"results/chr16/spex/excerpt/{name}" for name in ("genes.tsv", "local/chr16.h5")]
    snakemake(folder, *targets, "--configfile", "tests/real/chr16.yaml", **MIRROR)
    return folder / "results/chr16/spex/excerpt"


@pytest.fixture(scope="module")
def sequence16(mirror) -> str:
    (path,) = mirror.glob("snakemake/snakemake-wrappers/*/bio/paraphase/test/test_data/chr16s.fa")
    return "".join(path.read_text().splitlines()[1:]).upper()


def test_every_protein_coding_tss_of_chr16_has_its_features(chr16):
    table = read_table(chr16 / "genes.tsv")
    flanked = table["tss"].between(20_000, CHR16 - 20_000)
    assert len(table) == flanked.sum() == 119  # as counted when the excerpt was chosen
    genes, found = features(chr16 / "local/chr16.h5")
    assert genes == table["gene"].tolist()
    assert found["x"].shape == (119, 10 * F) and np.isfinite(found["x"]).all()
    assert (found["x"] > 0).all() and (found["x"] < 2 * 200).all()


def test_features_of_chr16_are_those_of_windows_read_one_by_one(chr16, network, sequence16):
    table = read_table(chr16 / "genes.tsv").set_index("gene")
    genes, found = features(chr16 / "local/chr16.h5")
    for k in (0, 50, 118):  # the first and the last are nearest to the excerpt's ends
        tss, strand = table.loc[genes[k], ["tss", "strand"]]
        want = local_part(network, sequence16, tss + 1, strand, both=True)
        np.testing.assert_allclose(found["x"][k], want, atol=2e-4)


def test_features_of_chr16_know_the_gc_content_around_each_tss(chr16, sequence16):
    table = read_table(chr16 / "genes.tsv")
    _, found = features(chr16 / "local/chr16.h5")
    around = [sequence16[tss - 5000 : tss + 5000] for tss in table["tss"]]
    gc = pd.Series([(one.count("G") + one.count("C")) / 10_000 for one in around])
    # Decay 0.05 per 200 bp, up- and downstream.
    seen = pd.Series(found["x"].reshape(-1, 10, F)[:, [2, 7], GC].sum(axis=1))
    assert seen.corr(gc, method="spearman") > 0.8  # outputs are sigmoids


# chr20


def known(start: int, end: int) -> bool:
    return any(low <= start and end <= high for low, high in KNOWN)


@pytest.fixture(scope="module")
def chr20(tmp_path_factory, shared, mirror) -> Path:
    """Results of the run on chr20."""
    folder = clone_with_data(tmp_path_factory.mktemp("chr20"), shared)
    weights_in(folder)
    (path,) = mirror.glob("SFGLab/spex/*/expecto/geneanno.csv")
    genes = pd.read_csv(path)
    tss = genes["CAGE_representative_TSS"]
    inside = (genes["seqnames"] == "chr20") & tss.map(lambda p: known(p - 21_000, p + 21_000))
    genes[inside].to_csv(folder / "data/genes.csv", index=False)
    runs = folder / "results/chr20/spex"
    names = ("gm12878/local/chr20.h5", "gm12878/distal/chr20.h5", "whole/genes.tsv")
    targets = [str((runs / name).relative_to(folder)) for name in names]
    snakemake(folder, *targets, "--configfile", "tests/real/chr20.yaml", **MIRROR)
    return runs / "gm12878"


@pytest.fixture(scope="module")
def sequence20(shared) -> str:
    (path,) = (shared / "sequence").glob("hg19_chr20.partial*.fa.gz")
    return "".join(gzip.open(path, "rt").read().splitlines()[1:]).upper()


@pytest.fixture(scope="module")
def genes20(chr20) -> pd.DataFrame:
    """The run's genes on chr20, in the order of the features."""
    table = read_table(chr20 / "genes.tsv")
    return table[table["chrom"] == "chr20"].reset_index(drop=True)


def test_genes_have_the_values_of_gtex(chr20, mirror):
    """By two tables of ids; SpEx matched rows."""
    run = chr20.with_name("whole")
    labels = read_table(run / "expression.tsv").set_index("gene")
    assert list(labels.columns) == [EBV, "Liver"] and labels.notna().all().all()
    genes = read_table(run / "genes.tsv").set_index("gene")
    assert (labels.index == genes.index).all()
    (path,) = mirror.glob("dhimmel/gtex/*/data/expression-SMTSD.tsv.gz")
    gtex = read_table(path, index_col=0)
    # Entrez ids that every textbook has.
    for symbol, entrez in (("SNAP25", 6616), ("ADA", 100), ("PCNA", 5111), ("MYC", 4609)):
        (gene,) = genes.index[genes["symbol"] == symbol]
        want = gtex.loc[entrez, labels.columns].to_list()
        assert labels.loc[gene].to_list() == pytest.approx(want)
    steps = read_table(run / "join.tsv").set_index("step")["genes"]
    assert len(genes) > 0.9 * steps["measured"] > 0.6 * steps["chromosomes"]


def test_features_of_chr20_are_those_of_windows_read_one_by_one(
    chr20, genes20, network, sequence20
):
    genes, found = features(chr20 / "local/chr20.h5")
    assert genes == genes20["gene"].tolist()
    assert (genes20["biotype"] == "protein_coding").sum() >= 15
    for k in (0, len(genes) // 2, len(genes) - 1):
        tss, strand = genes20.loc[k, ["tss", "strand"]]
        want = local_part(network, sequence20, tss + 1, strand, both=True)
        np.testing.assert_allclose(found["x"][k], want, atol=2e-4)


@pytest.fixture(scope="module")
def contacts20(chr20) -> dict[str, np.ndarray]:
    with h5py.File(chr20 / "contacts/gm12878.h5") as file:
        return {name: values[:] for name, values in file["chr20/gm12878"].items()}


def test_contacts_are_the_strongest_of_the_map(chr20, genes20, contacts20):
    clr = cooler.Cooler(str(chr20.parents[1] / "hic/gm12878/25000/map.cool"))
    matrix = np.nan_to_num(clr.matrix(balance=True).fetch("chr20"))
    middles = np.arange(len(matrix)) * 25_000 + 12_500
    indptr = contacts20["indptr"]
    assert (np.diff(indptr) == 20).sum() > len(genes20) / 2
    for g, (tss, strand) in enumerate(zip(genes20["tss"], genes20["strand"], strict=True)):
        start, weight, side = (
            contacts20[name][indptr[g] : indptr[g + 1]] for name in ("start", "weight", "side")
        )
        value = matrix[tss // 25_000].copy()
        value[(np.abs(middles - tss) < 20_000) | (np.abs(middles - tss) > 1_000_000)] = 0
        np.testing.assert_allclose(weight, value[start // 25_000], rtol=1e-5)
        best = np.sort(value[value > 0])[::-1][:20]
        np.testing.assert_allclose(np.sort(weight)[::-1], best, rtol=1e-5)
        assert (side == ((start < tss) == (strand == "+"))).all()


def test_blocks_are_those_of_places_read_one_by_one(
    chr20, genes20, contacts20, network, sequence20
):
    genes, found = features(chr20 / "distal/chr20.h5")
    assert genes == genes20["gene"].tolist()
    feature_sets = {name.split("/")[0] for name in found}
    assert feature_sets == {"gm12878", "gm12878+shuffled1", "gm12878+expected"}
    indptr, start = contacts20["indptr"], contacts20["start"]
    assert (found["gm12878/mask"] == (np.diff(indptr) > 0)).all()
    # The gene most of whose places have a known sequence.
    places = [start[a:b] for a, b in zip(indptr, indptr[1:], strict=False)]
    g = int(np.argmax([sum(known(one, one + 25_000) for one in each) for each in places]))
    sums = np.zeros((2, F))
    for k in range(indptr[g], indptr[g + 1]):
        around = [int(start[k]) + 100 + 200 * part for part in range(125)]
        outputs = outputs_around(network, sequence20, around, both=True)
        sums[contacts20["side"][k]] += contacts20["weight"][k] * outputs.sum(axis=0)
    block = found["gm12878/x"][g]
    np.testing.assert_allclose(block, sums.ravel(), rtol=1e-4, atol=1e-3)
    assert not np.allclose(block, found["gm12878+shuffled1/x"][g], rtol=1e-2)


def test_the_gzipped_sequence_was_unpacked_once(chr20, sequence20):
    folder = chr20.parents[3] / "resources/unpacked"
    (fasta,) = folder.glob("*/*.fa")
    assert fasta.with_name(f"{fasta.name}.fai").is_file()
    assert "".join(fasta.read_text().splitlines()[1:]).upper() == sequence20
