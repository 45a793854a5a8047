"""Arcs, intervals, references, methods and MultiQC's tables, from small tables."""

import tomllib

import pandas as pd
import pytest
import yaml

from foldcast.fingerprint import WORKFLOW
from scripts.take_away.cite_run import REFERENCES, bibtex, in_words
from scripts.take_away.export_map import boundaries
from scripts.take_away.export_pairs import arcs
from scripts.take_away.export_panel import one_step
from scripts.take_away.list_for_multiqc import write_mqc

KNOWN = tomllib.loads(REFERENCES.read_text(encoding="utf-8"))


def test_arcs_join_the_bins_of_both_genes_and_end_with_the_chromosome():
    pairs = pd.DataFrame(
        {
            "Gene1": ["a"], "Gene1_Chromosome": ["chr1"], "Gene1_Bin": [20_000],
            "Gene2": ["b"], "Gene2_Chromosome": ["chr1"], "Gene2_Bin": [90_000],
            "HiC_Interaction": [1.5],
        }
    )  # fmt: skip
    loci = pd.DataFrame({"gene": ["a", "b"], "symbol": ["Ada", None], "strand": ["+", None]})
    (row,) = arcs(pairs, loci, {"chr1": 95_000}, 10_000).to_numpy().tolist()
    assert row == ["chr1", 20_000, 30_000, "chr1", 90_000, 95_000, "Ada-b", 1.5, "+", "."]


def test_boundaries_have_the_score_that_bed_allows(tmp_path):
    path = tmp_path / "boundaries.tsv"
    path.write_text("chrom\tstart\tend\tboundary_strength\n1\t0\t10\t0.5\n1\t40\t50\t2\n")
    rows = boundaries(path)
    assert rows["score"].tolist() == [250, 1000]
    assert rows["name"].tolist() == ["boundary_1_strength_0.50", "boundary_2_strength_2.00"]
    assert rows["chrom"].tolist() == ["1", "1"]


def test_a_sample_has_the_forecast_of_its_time_and_replicates_share_it():
    rows = pd.DataFrame(
        {"gene": ["a", "b", "a", "a"], "target_time": [2.0, 2, 4, 4], "predicted": [1.0, 2, 3, 5]}
    )
    times = pd.Series([0, 2, 2, 4], index=["s0", "s1", "s2", "s3"])
    layer = pd.DataFrame(one_step(rows, times, pd.Index(["a", "b", "c"])))
    assert layer.loc[0].isna().all() and layer[2].isna().all()
    assert layer[0].tolist()[1:] == [1, 1, 4]  # the mean over seeds
    assert layer[1].tolist()[1:3] == [2, 2]


def test_references_are_those_that_the_repository_cites():
    citation = WORKFLOW.parent / "CITATION.cff"
    if not citation.is_file():
        pytest.skip("not in a checkout")
    cited = yaml.safe_load(citation.read_text())["references"]
    titles = {one["title"].lower() for one in KNOWN.values()}
    assert {one["title"].lower() for one in cited} <= titles


@pytest.mark.parametrize("key", KNOWN)
def test_every_reference_becomes_an_entry_and_a_line(key):
    entry = bibtex(key, KNOWN[key])
    assert entry.startswith(f"@{entry[1:].partition('{')[0]}{{{key},\n") and entry.endswith("}\n")
    assert entry.count("{") == entry.count("}")
    assert "what" not in [line.split(" = ")[0].strip() for line in entry.splitlines()]
    line = in_words(KNOWN[key])
    assert KNOWN[key]["title"] in line and line.endswith(".")


def test_a_table_for_multiqc_has_a_yaml_header_and_leaves_out_empty_columns(tmp_path):
    table = pd.DataFrame({"mean": [7.5, 8], "library_size": [None, None]}, index=["a, s1", "a, s2"])
    write_mqc(tmp_path / "x_mqc.tsv", "samples", "run: 1", table)
    lines = (tmp_path / "x_mqc.tsv").read_text().splitlines()
    header = yaml.safe_load("\n".join(line[2:] for line in lines if line.startswith("# ")))
    assert header["plot_type"] == "table" and header["id"] == "foldcast_samples"
    assert list(header["headers"]) == ["mean"]
    assert lines[-2:] == ["run: 1, a, s1\t7.5", "run: 1, a, s2\t8"]
