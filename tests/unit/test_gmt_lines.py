"""Descriptions in GMT files, and genes that stand in their place."""

import pytest

from foldcast.errors import InputError
from foldcast.gmt_lines import read_gmt_lines

LACKING = "one\tTP53\tMYC\tEGFR\ntwo\tMYC\tTP53\tKRAS\nthree\tKRAS\tEGFR\tTP53\n"
APART = "one\tTP53\tMYC\ntwo\tCDH1\tKRAS\n"


def read(tmp_path, text, **options):
    path = tmp_path / "sets.gmt"
    path.write_text(text)
    return read_gmt_lines(path, **options)


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (LACKING, ()),
        (APART, {"TP53", "CDH1"}),  # no gene is in two sets: the annotation tells
        (LACKING.replace("two\tMYC", "two\tabout this"), ()),
        ("alone\tTP53\tMYC\n", {"TP53"}),
        (LACKING.replace("TP53", "TP53,1.0"), ()),
    ],
)
def test_a_gene_in_the_place_of_the_description_is_refused(tmp_path, text, known):
    with pytest.raises(InputError, match="genes in the place of the description") as raised:
        read(tmp_path, text, known=known)
    assert "line 1, second column" in str(raised.value)
    assert "put an empty column behind the names" in raised.value.remedy


@pytest.mark.parametrize("second", ["", "http://x.org/a", "na", "MM12", "GO:0008150", ">", "what"])
def test_descriptions_stay_descriptions(tmp_path, second):
    text = "".join(f"{name}\t{second}\tTP53\tMYC\n" for name in ("one", "two"))
    lines = read(tmp_path, text, known={"TP53", "MYC"})
    assert [line.genes for line in lines] == [["TP53", "MYC"]] * 2
    assert [line.description for line in lines] == [second] * 2


def test_what_may_be_genes_is_warned_of(tmp_path, caplog):
    assert [line.genes for line in read(tmp_path, APART)] == [["MYC"], ["KRAS"]]
    assert "the second column (TP53, CDH1) is taken for descriptions" in caplog.text
