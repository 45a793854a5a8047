"""What is said of time courses before the work begins, and which mistakes are found."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from foldcast.config.config_schema import load_schema, validate
from foldcast.errors import InputError, together
from foldcast.preflight.given_time_courses import (
    look_at_dataset,
    look_at_edges,
    look_at_pairs,
    look_at_report,
)
from simulated_counts import simulate_counts, write_counts

ROOT = Path(__file__).resolve().parents[3]
RULE = {"sd": 2, "share": 0.5, "low_count": 10}


def mirna() -> dict:
    """The mouse-lung miRNAs as the shipped config has them, but for what is detected and scaled."""
    config = yaml.safe_load((ROOT / "config/mouse_lung.yaml").read_text())
    validate(config, load_schema(ROOT / "workflow/schemas/config.schema.yaml"), "config")
    rule = {"detection": RULE | {"keep": "all"}, "normalise": "none"}
    return (
        config["datasets"]["mirna_loci"]
        | rule
        | {
            "first_origin": 0.3,
            "asked_later": False,
        }
    )


MIRNA = mirna()
PAIRS = MIRNA | {"conflicts": "majority", "classes": None, "values": "log2"}
DETECTED = {"detection": RULE | {"keep": "detected"}, "normalise": "median"}


@pytest.fixture
def given(mirror) -> dict[str, str]:
    pattern = "beyzoskaya/STEP/*/raw_data_conversion/raw_data_mirna/mirnanorm.txt"
    samples = ROOT / "config/mouse_lung/mirna_samples.tsv"
    return {"table": str(next(mirror.glob(pattern))), "samples": str(samples)}


def look(given, genes=None, **about):
    with together() as attempt:
        return look_at_dataset(attempt, "mirna", given, MIRNA | about, genes)


def test_controls_are_no_genes(given):
    said, names, _ = look(given)
    assert said.startswith("dataset mirna: 599 miRNAs and 18 controls × 159 samples; 43 times")
    assert len(names) == 599 and "NEG_A" not in names and "Gapdh" not in names
    said, names, _ = look(given, **DETECTED)
    assert "599 miRNAs, 95 of them detected before the first origin, and 18 controls ×" in said
    assert len(names) == 95
    said, names, _ = look(given, classes=None)
    assert "620 miRNAs × 159 samples" in said and "NEG_A" in names


def test_targets_are_found_and_mirnas_placed(given, shared):
    given["targets"] = str(shared / "mirna/miRTarBase_mouse.tsv.gz")
    rule = {"format": "tsv", "weights": "support", "min_support": 1, "min_mirnas": 1}
    said, names, _ = look(given, nodes="target", targets=rule, **DETECTED)
    assert "386 target genes of 74 miRNAs" in said and len(names) == 386
    hairpin = {"gene": "1", "symbol": "Mir126", "chrom": "chr2", "start": 1, "end": 74}
    genes = pd.DataFrame([hairpin | {"strand": "+", "tss": 1, "aliases": ""}])
    said, _, loci = look(given, genes, **DETECTED)
    assert "of 95 genes placed, not " in said


def test_mistakes_in_how_rows_are_told_apart_are_found(given):
    with pytest.raises(InputError, match=r"(?s)no row of class 'Negatives'"):
        look(given, classes=MIRNA["classes"] | {"negative": ["Negatives"]})
    with pytest.raises(InputError, match=r"(?s)normalise.*no housekeeping controls"):
        look(given, classes=MIRNA["classes"] | {"housekeeping": []}, normalise="housekeeping")


def test_a_table_of_pairs(mirror):
    table = next(mirror.glob("beyzoskaya/STEP/*/dataset/mrna/interaction_mrna.csv"))
    with together() as attempt:
        said, names, _ = look_at_pairs(attempt, "pairs", {"pairs": str(table)}, PAIRS, None)
    assert said.startswith("dataset pairs: ") and f"pairs of {len(names)} genes" in said
    assert "1 replicate each\n    43 times, 1 replicate: whether genes in contact change" in said
    assert said.endswith("No test of changes, for which a time with two replicates is needed.")
    counts = PAIRS | {"values": "counts", "normalise": "median_of_ratios"}
    with (
        pytest.raises(InputError, match=r"(?s)interaction_mrna.csv\n.*values: log2"),
        together() as attempt,
    ):
        look_at_pairs(attempt, "pairs", {"pairs": str(table)}, counts, None)


def test_rows_that_disagree_are_refused_where_the_config_says_so(mirror):
    table = str(next(mirror.glob("beyzoskaya/STEP/*/dataset/mrna/interaction_mrna.csv")))
    refuse = {"conflicts": "refuse"}
    with (
        pytest.raises(InputError, match=r"(?s)conflicts: refuse.*conflicts: majority"),
        together() as attempt,
    ):
        look_at_pairs(attempt, "pairs", {"pairs": table}, PAIRS | refuse, None)
    with pytest.raises(InputError, match=r"(?s)conflicts: refuse"), together() as attempt:
        look_at_edges(attempt, "given", table, refuse, {})


def test_a_graph_of_pairs_is_held_against_the_datasets_that_use_it(mirror):
    table = str(next(mirror.glob("beyzoskaya/STEP/*/dataset/mrna/interaction_mrna.csv")))
    with together() as attempt:
        said = look_at_edges(attempt, "given", table, PAIRS, {"one": ["ABCA3", "AGER"]})
    assert said.startswith("graph given: ") and "pairs of" in said
    with (
        pytest.raises(InputError, match=r"(?s)Gene1, Gene2.*name the genes alike"),
        together() as attempt,
    ):
        look_at_edges(attempt, "given", table, PAIRS, {"one": ["x", "y"], "two": None})


@pytest.mark.parametrize(("asked", "refused"), [([], False), (["a", "c"], False), (["A"], True)])
def test_genes_to_draw_must_be_in_some_dataset(asked, refused):
    def check(names):
        with together() as attempt:
            look_at_report(attempt, asked, names, "mine.yaml")

    check({"one": ["a", "b"], "two": None})  # what cannot be read is said elsewhere
    if refused:
        with pytest.raises(InputError, match=r"(?s)mine\.yaml, report\.genes.*'A'.*did you mean a"):
            check({"one": ["a", "b"], "two": ["c"]})
    else:
        check({"one": ["a", "b"], "two": ["c"]})


COUNTS = {
    "nodes": "gene",
    "classes": None,
    "values": "counts",
    "normalise": "median_of_ratios",
    "detection": RULE | {"keep": "detected"},
}


def test_libraries_and_size_factors_are_said(tmp_path):
    counts, sheet, _ = simulate_counts(genes=200, times=24)
    given = write_counts(tmp_path, counts, sheet)
    said, names, _ = look(given, **COUNTS)
    low, high = counts.sum().idxmin(), counts.sum().idxmax()
    assert f"libraries of {counts[low].sum():,} ({low}) to {counts[high].sum():,} ({high})" in said
    assert ", size factors 0." in said and "by the median of ratios" in said
    assert f"{len(names)} of them detected before the first origin" in said
    assert "warning" not in said


@pytest.mark.parametrize(
    ("about", "said"),
    [
        ({"normalise": "none"}, "warning: samples are on different scales: in the middle gene"),
        ({"values": "normalised", "normalise": "none"}, "`values: counts`, which scales"),
    ],
)
def test_samples_on_different_scales_show_before_the_fit(tmp_path, about, said):
    given = write_counts(tmp_path, *simulate_counts(genes=200, times=24)[:2])
    assert said in look(given, **COUNTS | about)[0]


def test_what_the_rules_refuse_of_counts_is_refused(tmp_path):
    counts, sheet, _ = simulate_counts(genes=40, times=24)
    with pytest.raises(InputError, match=r"(?s)normalise.* \d\d rows with.*50 or more"):
        look(write_counts(tmp_path, counts, sheet), **COUNTS)
    tpm = counts / counts.sum() * 1e6
    with pytest.raises(InputError, match=r"(?s)TPM or CPM.*`values: normalised`"):
        look(write_counts(tmp_path, tpm, sheet), **COUNTS)
