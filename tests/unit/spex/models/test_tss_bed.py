"""TSS of a user's BED file: what is read, and what is refused."""

import gzip

import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.spex.models.tss_bed import place_tss, read_tss

GOOD = "chr1\t100\t200\tplus\t0\t+\nchr1\t100\t200\tminus\t0\t-\nchr2\t7\t8\tone\t0\t-\n"
SIZES = pd.Series({"chr1": 1000, "chr2": 500, "chr3": 500})


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace("\t", "  "),
        GOOD.removesuffix("\n"),
        f'browser position chr1\ntrack name="my TSS"\n#chrom\tstart\tend\n\n{GOOD}\n',
        GOOD.replace("+\n", "+\t100\t200\t0,0,0\n"),
        "\ufeff" + GOOD,
    ],
    ids=["plain", "CRLF", "blanks", "no line end", "header lines", "nine columns", "BOM"],
)
@pytest.mark.parametrize("packed", [False, True])
def test_the_tss_is_the_first_base_on_its_strand(tmp_path, text, packed):
    path = tmp_path / "tss.bed"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    table = read_tss(path)
    assert table["gene"].tolist() == ["plus", "minus", "one"]
    assert table["tss"].tolist() == [100, 199, 7]
    assert table["chrom"].tolist() == ["chr1", "chr1", "chr2"]


@pytest.mark.parametrize(
    ("line", "said"),
    {
        "five columns": ("chr1\t1\t2\tx\t0", "line 4\n  found:    5 columns"),
        "no strand": ("chr1\t1\t2\tx\t0\t.", "line 4\n  found:    strand '.'"),
        "a strand of another kind": ("chr1\t1\t2\tx\t0\t1", "strand '1'"),
        "end before start": ("chr1\t9\t2\tx\t0\t+", "start 9, end 2"),
        "no base": ("chr1\t9\t9\tx\t0\t+", "an interval of one base at p is p, p \\+ 1"),
        "negative": ("chr1\t-1\t2\tx\t0\t+", "start '-1'"),
        "no number": ("chr1\t1.5\t2\tx\t0\t+", "start '1.5'"),
        "names of columns": ("chrom\tstart\tend\tname\tscore\tstrand", "begin a line of names"),
        "no name": ("chr1\t1\t2\t.\t0\t+", "no name"),
        "a name twice": ("chr1\t1\t2\tminus\t0\t+", "lines 2 and 4\n  found:    minus twice"),
    }.values(),
)
def test_what_is_no_tss_is_refused_by_its_line(tmp_path, line, said):
    path = tmp_path / "tss.bed"
    path.write_text(f"{GOOD}{line}\n")
    with pytest.raises(InputError, match=said):
        read_tss(path)


def test_a_file_without_intervals_is_refused(tmp_path):
    path = tmp_path / "tss.bed"
    path.write_text("# chrom\n\n")
    with pytest.raises(InputError, match="no interval"):
        read_tss(path)


def test_tss_are_placed_on_the_genome(tmp_path):
    table = pd.DataFrame({"gene": ["a"], "chrom": ["1"], "tss": [999], "strand": ["+"]})
    assert place_tss(table, SIZES, ["chr1"], "tss.bed", "key")["chrom"].tolist() == ["chr1"]
    for wrong, said in {
        "chr9": "found:    on chr9 .*\n.*such as chr1, chr2, chr3",
        "chr3": "found:    on chr3 .*\n.*one of chr1, chr2, whose.*\n.*`key`",
        "chr2": "found:    at chr2:1,000 .*\n.*at most 500",
    }.items():
        with pytest.raises(InputError, match=said):
            place_tss(table.assign(chrom=wrong), SIZES, ["chr1", "chr2"], "tss.bed", "key")
