"""From a table, loci and a map to what may be said of folding, as the rules run it."""

from types import SimpleNamespace

import cooler
import numpy as np
import pandas as pd
import pyfaidx
import pytest

from foldcast.evaluation.gene_nodes import GeneNodes
from foldcast.files import read_table, write_table
from random_map import BIN, made, random_pixels
from scripts.evaluation import change_together, help_to_forecast, judge_folding

TIMES = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
N_BINS = 200
PAIRS = 120


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """A random map, one gene in each bin, two samples of each time and a copy."""
    folder = tmp_path_factory.mktemp("folding")
    rng = np.random.default_rng(0)
    sizes = pd.Series({"chr1": N_BINS * BIN})
    clr = made(folder, random_pixels(0, n=N_BINS), sizes)
    genes = [f"g{k}" for k in range(N_BINS)]
    start = np.arange(N_BINS) * BIN + 1_000
    write_table(
        pd.DataFrame(
            {
                "gene": genes, "symbol": genes, "gene_id": genes, "chrom": "chr1", "start": start,
                "end": start + 500, "strand": "+", "tss": start,
            }
        ),
        folder / "loci.tsv",
    )  # fmt: skip
    write_table(pd.DataFrame({"gene": genes, "how": "symbol"}), folder / "report.tsv")
    names = [f"s{k}" for k in range(2 * len(TIMES))]
    values = rng.normal(8, 1, (N_BINS, len(names)))
    raw = pd.DataFrame(values, index=pd.Index(genes, name="gene"), columns=names)
    raw["copy"] = raw["s0"]
    write_table(raw, folder / "raw.tsv", index=True)
    samples = pd.DataFrame({"sample": [*names, "copy"], "time": [*np.repeat(TIMES, 2), 0.0]})
    samples["copy_of"] = [*[None] * len(names), "s0"]
    write_table(samples, folder / "samples.tsv")
    write_table(pd.DataFrame({"chrom": [], "middle": []}), folder / "middles.tsv")
    edges = np.arange(0, N_BINS, 10) * BIN
    tads = pd.DataFrame({"chrom": "chr1", "start": edges, "end": edges + 10 * BIN})
    tads.to_csv(folder / "tads.bed", sep="\t", header=False, index=False)
    (folder / "none.bed").write_text("")
    one = np.arange(PAIRS)
    contacts = pd.DataFrame({"Gene1": [genes[k] for k in one], "HiC_Interaction": 1.0})
    contacts.insert(1, "Gene2", [genes[k + 3] for k in one])
    contacts.to_csv(folder / "interactions.csv", index=False)
    return folder, clr.filename


class Inputs(SimpleNamespace):
    def get(self, name):
        return getattr(self, name, None)


def run(given, tads="tads.bed", maps=1):
    folder, path = given
    files = {
        name: str(folder / f"{name}.tsv")
        for name in ("raw", "samples", "loci", "middles", "report")
    }
    change_together.main(
        SimpleNamespace(
            input=Inputs(**files, annotation=[], map=[path] * maps, tads=[folder / tads] * maps),
            output=SimpleNamespace(
                effects=folder / "effects.tsv", held_out=folder / "held_out.tsv"
            ),
            wildcards=SimpleNamespace(dataset="mrna", graph="hic"),
            params=SimpleNamespace(
                values="log2", nodes="gene", leave_out=["overlapping"], shifts=99, planted=4,
                seed=1,
                map_times=[3.0, None][-maps:],
            ),
        )
    )  # fmt: skip
    return read_table(folder / "effects.tsv")


def test_contact_compartments_and_tads_are_asked_in_means_and_across_replicates(given):
    effects = run(given)
    assert sorted(zip(effects["kind"], effects["how"], strict=True)) == [
        (kind, how) for kind in ("compartment", "contact", "tad") for how in ("cross", "mean")
    ]
    assert (effects["n_genes"] == N_BINS).all()
    assert (effects["n_changes"] == len(TIMES) - 1).all()
    assert effects["p"].between(0.01, 1).all()
    folder = given[0]
    help_to_forecast.main(
        SimpleNamespace(
            input=SimpleNamespace(
                panel=folder / "raw.tsv", samples=folder / "samples.tsv",
                loci=folder / "loci.tsv", report=folder / "report.tsv", annotation=[],
                interactions=folder / "interactions.csv",
            ),
            output=SimpleNamespace(effect=folder / "helps.tsv"),
            params=SimpleNamespace(
                nodes="gene", leave_out=[], others=99, seed=1, map_times=[None]
            ),
        )
    )  # fmt: skip
    judge_folding.main(
        SimpleNamespace(
            input=SimpleNamespace(effects=[folder / "effects.tsv"], helps=[folder / "helps.tsv"]),
            output=SimpleNamespace(verdict=folder / "folding.tsv"),
            params=SimpleNamespace(asked=[["mrna", "mesc"]]),
        )
    )
    rows = read_table(folder / "folding.tsv")
    assert rows["feature"].iloc[0] == "contact"
    assert rows["question"].iloc[-1] == "help to forecast"
    effect = read_table(folder / "helps.tsv").iloc[0]
    assert effect["n_pairs"] == PAIRS
    assert 0.01 <= effect["p"] <= 1
    assert rows["sentence"].str.startswith("mrna, map mesc: ").all()


def test_without_tads_none_are_asked_of_and_the_same_map_twice_is_that_map(given):
    one, two = run(given, "none.bed"), run(given, "none.bed", maps=2)
    assert set(one["kind"]) == {"contact", "compartment"}
    # The shifts are the same too.
    pd.testing.assert_frame_equal(one, two, rtol=1e-6)


def test_gc_content_of_genes_is_taken_out_where_there_is_a_sequence(given):
    folder, path = given
    bases = np.array(list("ACGT"))[np.random.default_rng(1).integers(4, size=N_BINS * BIN)]
    bases[11_000:11_500] = "G"  # the third gene
    bases[16_000:16_500] = "N"  # the fourth
    (folder / "genome.fa").write_text(">chr1\n" + "".join(bases) + "\n")
    pyfaidx.Faidx(str(folder / "genome.fa"))
    inputs = Inputs(fasta=folder / "genome.fa", index=folder / "genome.fa.fai")
    starts = np.arange(4) * BIN + 1_000
    table = pd.DataFrame({"chrom": "chr1", "start": starts, "end": starts + 500})
    nodes = GeneNodes(table, np.zeros((4, 1)), np.empty((0, 2), int), {})
    gc = change_together.gc_of(nodes, cooler.Cooler(path), inputs)
    assert gc[:2] == pytest.approx([0.5, 0.5], abs=0.1)
    assert gc[2] == 1
    assert gc[3] == pytest.approx(gc[:3].mean())
    assert change_together.gc_of(nodes, cooler.Cooler(path), Inputs()) is None
