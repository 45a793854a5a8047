"""Further names of genes."""

import gzip

import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.resources.gene_aliases import names_of, read_gene_info, read_pairs


def names(symbols, *pairs):
    table = pd.DataFrame(pairs, columns=["alias", "symbol"])
    found = names_of(pd.Series(symbols), table)
    return found.groupby("symbol")["alias"].agg(list).to_dict()


def test_aliases_of_present_symbols_only():
    assert names(["A"], ("A", "A"), ("a", "A"), ("a", "A"), ("b", "B")) == {"A": ["a"]}


def test_an_old_symbol_takes_the_names_of_the_approved_one():
    assert names(["Old"], ("Old", "New"), ("older", "New"), ("New", "New")) == {
        "Old": ["New", "older"]
    }


@pytest.mark.parametrize(
    "pairs",
    [
        [("Old", "New1"), ("Old", "New2")],  # stands for two genes
        [("Old", "New"), ("Old", "Here")],  # one of the two is present
        [("Old", "New"), ("Old2", "New")],  # two claim it
        [("Old", "New"), ("Old", "Old")],  # still approved by itself
    ],
)
def test_an_ambiguous_old_symbol_takes_nothing(pairs):
    assert names(["Old", "Old2", "Here"], *pairs) == {}


def test_a_symbol_is_never_an_alias_of_another():
    assert names(["A", "B"], ("B", "A"), ("x", "A"), ("x", "B")) == {"A": ["x"], "B": ["x"]}


def test_gene_info(tmp_path):
    path = tmp_path / "mouse.gene_info.gz"
    with gzip.open(path, "wt") as handle:
        handle.write(
            "#tax_id\tGeneID\tSymbol\tSynonyms\tdbXrefs\n"
            "10090\t1\tA\ta1|a2\tMGI:MGI:9|Ensembl:ENSMUSG00000000001\n10090\t2\tB\t-\t-\n"
        )
    pairs = set(map(tuple, read_gene_info(path).to_numpy()))
    names = {("A", "A"), ("B", "B"), ("a1", "A"), ("a2", "A")}
    assert pairs == names | {("1", "A"), ("2", "B"), ("ENSMUSG00000000001", "A")}


def test_lists_of_another_shape(tmp_path):
    path = tmp_path / "aliases.tsv"
    path.write_text("a\tb\tc\n1\t2\t3\n")
    with pytest.raises(InputError, match="two: alias and approved symbol"):
        read_pairs(path)
    with pytest.raises(InputError, match="no Symbol, Synonyms"):
        read_gene_info(path)
