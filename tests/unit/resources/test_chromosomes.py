"""Chromosome names and lengths."""

import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.resources.chromosomes import (
    bundled_sizes,
    harmonise,
    nuclear_name,
    read_sizes,
    write_sizes,
)


def test_sizes_file_and_index_say_the_same(tmp_path):
    sizes, fai = tmp_path / "chrom.sizes", tmp_path / "genome.fa.fai"
    sizes.write_text("chr2\t200\r\nchr1\t100\r\n")
    fai.write_text("chr2\t200\t6\t60\t61\nchr1\t100\t220\t60\t61\n")
    assert read_sizes(sizes).to_dict() == read_sizes(fai).to_dict() == {"chr2": 200, "chr1": 100}
    assert list(read_sizes(sizes).index) == ["chr2", "chr1"]

    copy = tmp_path / "copy.sizes"
    write_sizes(read_sizes(fai), copy)
    assert copy.read_bytes() == b"chr2\t200\nchr1\t100\n"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("chrom\tlength\nchr1\t100\n", "line 1"),
        ("chr1\t100\nchr2 200\n", "line 2"),
        ("chr1\t100\nchr1\t100\n", "line 2"),
        ("chr1\t0\n", "line 1"),
        ("", None),
    ],
)
def test_faults_are_named_by_their_line(tmp_path, text, place):
    path = tmp_path / "chrom.sizes"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read_sizes(path)
    assert error.value.place == place
    assert "UCSC" in error.value.remedy


def test_bundled_assemblies():
    sizes = bundled_sizes("mm9")
    assert sizes["chr1"] == 197_195_432
    assert not sizes.index.str.contains("_").any()
    with pytest.raises(InputError, match=r"(?s)mm8.*mm9.*genome\.sizes"):
        bundled_sizes("mm8")


def test_names_are_harmonised_both_ways():
    names = pd.Series(["1", "chr1", "MT", "M", "chrM", "chrMT", "GL000220.1"])
    ucsc = harmonise(names, pd.Index(["chr1", "chrM"]))
    assert ucsc[:6].tolist() == ["chr1", "chr1"] + ["chrM"] * 4
    assert ucsc[6:].isna().all()
    ensembl = harmonise(names, pd.Index(["1", "MT"]))
    assert ensembl[:6].tolist() == ["1", "1"] + ["MT"] * 4


def test_mitochondria_are_not_nuclear():
    assert [nuclear_name(name, {"chr1", "chrM"}) for name in ("1", "chr1", "M", "chrM")] == [
        *("chr1", "chr1"),
        *(None, None),
    ]
    assert nuclear_name("chr2", ["1", "2"]) == "2" and nuclear_name("chr3", ["1", "2"]) is None
