"""Arms: known centromeres, given ones, and files that hold none."""

import bioframe
import cooler
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.hic.centromeres import known_centromeres, read_centromeres
from foldcast.hic.chromosome_arms import arms

SIZES = pd.Series({"chr1": 1_000_000, "chr2": 800_000})
BED = ["chr1\t400000\t500000", "chr1\t500000\t600000", "2 100000 300000", "chrUn 5 6"]


def test_known_centromeres():
    sizes = bioframe.assembly_info("hg38").chromsizes
    middles = known_centromeres("hg38", sizes)
    assert len(middles) == 24 and middles["chr20"] == 28_050_000
    for other in ("mm9", "mm10", "mm39", "demo"):
        assert known_centromeres(other, sizes[:2]).empty
    assert known_centromeres("hg38", SIZES).empty  # other lengths: another genome
    assert list(known_centromeres("hg38", sizes[["chr3"]]).index) == ["chr3"]


def test_given_centromeres(tmp_path):
    path = tmp_path / "centromeres.bed"
    path.write_text("\n".join(["track name=x", *BED]))
    assert read_centromeres(path, SIZES).to_dict() == {"chr1": 500_000, "chr2": 200_000}
    bands = ["chr1 0 100 p1 gneg", "chr1 400000 500000 p2 acen", "chr1 500000 600000 q1 acen"]
    path.write_text("\n".join(bands))
    assert read_centromeres(path, SIZES).to_dict() == {"chr1": 500_000}
    # UCSC's centromeres.txt and gap.txt have a column `bin` first.
    path.write_text("585\tchr1\t400000\t600000\tGJ1\n586\tchr2\t100000\t300000\tGJ2\n")
    assert read_centromeres(path, SIZES).to_dict() == {"chr1": 500_000, "chr2": 200_000}
    rows = ["9\t1\t0\t9\t1\tN\t9\ttelomere\tno", "9\t1\t400000\t600000\t1\tN\t9\tcentromere\tno"]
    path.write_text("\n".join(rows))
    assert read_centromeres(path, SIZES).to_dict() == {"chr1": 500_000}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("chr1\t5\n", "line 1"),
        ("chr1\tx\t7\n", "line 1"),
        ("chr1\t900000\t1100000\n", "chr1:900,000–1,100,000"),
        ("chr1\t5\t5\n", "chr1:5–5"),
        ("chrX\t5\t50\n", "centromeres of chrX"),
        ("", "centromeres of nothing"),
    ],
)
def test_files_without_centromeres(tmp_path, text, said):
    path = tmp_path / "centromeres.bed"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read_centromeres(path, SIZES)
    assert said in str(error.value) and str(path) in str(error.value)


def test_arms_share_no_bin_and_leave_none_out(tmp_path):
    pixels = pd.DataFrame({"bin1_id": [0], "bin2_id": [1], "count": [1]})
    cooler.create_cooler(str(tmp_path / "a.cool"), cooler.binnify(SIZES, 30_000), pixels)
    clr = cooler.Cooler(str(tmp_path / "a.cool"))
    middles = pd.Series({"chr2": 10_000, "chr1": 505_000, "chrX": 5_000})
    view = arms(clr, middles)
    # The centromere of chr2 is in its first bin: one arm.
    assert view["name"].to_list() == ["chr1_p", "chr1_q", "chr2"]
    extents = [clr.extent(row[:3]) for row in view.itertuples(index=False, name=None)]
    assert extents == [(0, 16), (16, 34), (34, 61)]
    whole = arms(clr, pd.Series(dtype="int64"))
    assert whole["name"].to_list() == ["chr1", "chr2"] and list(whole) == list(view)
