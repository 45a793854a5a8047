"""From a table, loci and a map to what may be said of folding, as the rules run it."""

from types import SimpleNamespace

import cooler
import numpy as np
import pandas as pd
import pyfaidx
import pytest

from foldcast.evaluation.asked_genes import gc_of
from foldcast.evaluation.gene_nodes import GeneNodes
from foldcast.files import read_table
from folding_tables import N_BINS, PAIRS, TIMES, Inputs, folding_tables
from random_map import BIN
from scripts.evaluation import change_together, help_to_forecast, judge_folding


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    folder = tmp_path_factory.mktemp("folding")
    return folder, folding_tables(folder)


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
    starts = np.arange(4) * BIN + 1_000
    table = pd.DataFrame({"chrom": "chr1", "start": starts, "end": starts + 500})
    nodes = GeneNodes(table, np.zeros((4, 1)), np.empty((0, 2), int), {})
    gc = gc_of(
        nodes, cooler.Cooler(path), *(str(folder / f"genome.fa{end}") for end in ("", ".fai"))
    )
    assert gc[:2] == pytest.approx([0.5, 0.5], abs=0.1)
    assert gc[2] == 1
    assert gc[3] == pytest.approx(gc[:3].mean())
