"""Which chromosomes a model learns from, is validated on and is tested on."""

import pytest

from foldcast.errors import InputError
from foldcast.spex.models.folds import divide

COUNTS = {"chr1": 60, "chr2": 50, "chr8": 40, "chr9": 30, "chrX": 20}


def test_fixed():
    (fold,) = divide(COUNTS, "fixed", ["chr8"], ["chr9"], "genes.tsv")
    assert (fold.train, fold.validation, fold.test) == (("chr1", "chr2"), ("chr9",), ("chr8",))
    assert fold.serves("chr1") and fold.serves("chr8")


def test_each_chromosome_is_the_test_once_and_the_next_one_the_stop():
    folds = divide(COUNTS, "each", [], [], "genes.tsv")
    assert [fold.test for fold in folds] == [(chrom,) for chrom in COUNTS]
    assert [fold.validation[0] for fold in folds] == ["chr2", "chr8", "chr9", "chr1", "chr1"]
    for fold in folds:
        assert not {*fold.train} & ({*fold.validation} | {*fold.test} | {"chrX"})
        assert {*fold.train, *fold.validation, *fold.test} | {"chrX"} == {*COUNTS}
    assert [fold.name for fold in folds if fold.serves("chr9")] == ["chr9"]


@pytest.mark.parametrize("names", [["chrX", "chrY"], ["X", "MT"]])
def test_sex_chromosomes_are_tested_and_not_learnt_from(names):
    folds = divide({"1": 50, "2": 50, "3": 50} | dict.fromkeys(names, 9), "each", [], [], "g")
    assert all(not {*names} & {*fold.train, *fold.validation} for fold in folds)
    assert [fold.test[0] for fold in folds] == ["1", "2", "3", *names]


def test_a_chromosome_without_genes_is_no_fold():
    folds = divide({"a": 30, "b": 0, "c": 30, "d": 30}, "each", [], [], "g")
    assert [fold.name for fold in folds] == ["a", "c", "d"]
    assert folds[0].validation == ("c",)


def test_a_small_stop_is_widened():
    folds = divide({"a": 30, "b": 2, "c": 3, "d": 30, "e": 30}, "each", [], [], "g")
    assert folds[0].validation == ("b", "c")


def test_validating_on_the_test_is_said_to_leak(caplog):
    divide(COUNTS, "fixed", ["chr8"], ["chr8"], "genes.tsv")
    assert "chr8 is both validated on and tested" in caplog.text


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        ({"chr1": 19, "chr8": 40, "chr9": 30}, "19 genes to train on (chr1)"),
        ({"chr1": 60, "chr8": 4, "chr9": 30}, "4 genes to test on (chr8)"),
        ({"chr1": 60, "chr8": 40, "chr9": 4}, "4 genes to validate on (chr9)"),
        ({"chrX": 60, "chr8": 40, "chr9": 9}, "0 genes to train on (no chromosome)"),
    ],
)
def test_too_few_genes(counts, said):
    with pytest.raises(InputError) as error:
        divide(counts, "fixed", ["chr8"], ["chr9"], "genes.tsv")
    assert said in str(error.value) and "genes.tsv, fold fixed" in str(error.value)


def test_too_few_chromosomes():
    with pytest.raises(InputError, match="0 genes to train on"):
        divide({"chr1": 50, "chr2": 50}, "each", [], [], "genes.tsv")


def test_an_unknown_chromosome():
    with pytest.raises(InputError, match="did you mean chr8"):
        divide(COUNTS, "fixed", ["chr08"], ["chr9"], "genes.tsv")
