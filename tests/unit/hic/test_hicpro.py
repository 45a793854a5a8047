"""HiC-Pro's matrices: bins numbered from 1, told apart from numbers that start from 0."""

from pathlib import Path

import cooler
import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError, together
from foldcast.hic.balancing import Balance
from foldcast.hic.contact_formats import read_contacts
from foldcast.hic.map_import import import_map
from foldcast.preflight.given_maps import look_at_map

BIN, N = 10_000, 30
SIZES = pd.Series({"chr1": N * BIN - 3_000, "chr2": N * BIN - 3_000})


def sound(folder: Path, halves: str = "upper") -> tuple[Path, Path]:
    """A matrix and its bins; and the same map as a cooler, `true.cool`."""
    i, j = np.triu_indices(2 * N)
    count = np.random.default_rng(0).poisson(np.where(i // N == j // N, 200 / (1 + j - i), 2))
    pixels = pd.DataFrame({"bin1_id": i, "bin2_id": j, "count": count})[count > 0]
    bins = cooler.binnify(SIZES, BIN)
    cooler.create_cooler(str(folder / "true.cool"), bins, pixels, ordered=True)
    lines = [f"{a + 1}\t{b + 1}\t{n}" for a, b, n in pixels.itertuples(index=False)]
    if halves == "both":
        lines += [f"{b + 1}\t{a + 1}\t{n}" for a, b, n in pixels.itertuples(index=False) if a != b]
    (folder / "map.matrix").write_text("\n".join(lines) + "\n")
    numbered = bins.assign(number=range(1, len(bins) + 1))
    numbered.to_csv(folder / "map_abs.bed", sep="\t", header=False, index=False)
    return folder / "map.matrix", folder / "map_abs.bed"


def edit(path: Path, line: int, text: str) -> None:
    lines = path.read_text().splitlines()
    lines[line - 1] = text
    path.write_text("\n".join(lines) + "\n")


def imported(matrix: Path, bed: Path, resolution: int = BIN) -> cooler.Cooler:
    target = matrix.parent / "out.cool"
    import_map(matrix, resolution, SIZES, target, Balance(), bins=bed)
    return cooler.Cooler(str(target))


def refusal(matrix: Path, bed: Path, resolution: int = BIN) -> InputError:
    with pytest.raises(InputError) as error:
        imported(matrix, bed, resolution)
    about, files = {"resolutions": [resolution]}, {"map": str(matrix), "bins": str(bed)}
    with pytest.raises(InputError) as before, together() as attempt:
        look_at_map(attempt, "one", files, about, SIZES)
    assert str(before.value) == str(error.value)
    return error.value


@pytest.mark.parametrize("halves", ["upper", "both"])
def test_a_matrix_is_the_map_that_it_says(tmp_path, halves):
    made = imported(*sound(tmp_path, halves))
    target = tmp_path / "again.cool"
    import_map(tmp_path / "true.cool", BIN, SIZES, target, Balance())
    assert target.read_bytes() == (tmp_path / "out.cool").read_bytes()
    assert made.bins()["weight"][:].notna().any()


def test_corrected_matrices_are_read_with_a_warning(tmp_path, caplog):
    matrix, bed = sound(tmp_path)
    edit(matrix, 1, "1\t1\t180.25")
    assert imported(matrix, bed).pixels()[:1]["count"].to_list() == [180.25]
    assert "HiC-Pro's raw matrix is the better input" in caplog.text


@pytest.mark.parametrize(
    ("which", "line", "text", "place", "found"),
    [
        ("map.matrix", 2, "0\t4\t7", "line 2", "bins 0 and 4"),
        ("map.matrix", 3, "1\t61\t7", "line 3", "bins 1 and 61"),
        ("map.matrix", 3, "1\t2.5\t7", "line 3", "bins 1 and 2.5"),
        ("map.matrix", 3, "1\tx\t7", "line 3", "bin2 'x'"),
        ("map.matrix", 3, "1\t2\tinf", "line 3", "count 'inf'"),
        ("map.matrix", 3, "1\t3\t-7", "line 3", "negative contacts"),
        ("map.matrix", 2, "1\t1\t7", "bins 0 and 0", "two values"),
        ("map.matrix", 3, "1\t2\t7\t8", None, "3 fields in line 3, saw 4"),
        ("map_abs.bed", 5, "chr1\t40000\t50000\t7", "column 4", "not numbered one after"),
        ("map_abs.bed", 5, "chr1\t41000\t50000\t5", "bins of chr1", "a bin 41,000–50,000"),
        ("map_abs.bed", 5, "chr1\tx\t50000\t5", "line 5", "start 'x'"),
    ],
)
def test_lines_that_are_not_hicpros(tmp_path, which, line, text, place, found):
    matrix, bed = sound(tmp_path)
    edit(tmp_path / which, line, text)
    error = refusal(matrix, bed)
    assert error.source == str(tmp_path / which)
    assert place is None or place in str(error.place)
    assert found in error.found


def test_files_that_do_not_belong_together(tmp_path):
    matrix, bed = sound(tmp_path)
    assert "4 fields: 'chr1 0 10000 1'" in refusal(bed, bed).found
    assert "`path`" in refusal(bed, matrix).remedy
    error = refusal(matrix, bed, 20_000)
    assert "bins of 10,000 bp" in error.found
    bed.write_text("".join(bed.read_text().splitlines(keepends=True)[:20]))
    error = refusal(matrix, bed)
    assert "BED file of this matrix" in error.remedy


def per_chromosome(folder: Path, first: int, last_empty: bool = True) -> dict[str, Path]:
    """Files of three columns, bins numbered from ``first`` within each chromosome."""
    files = {}
    i, j = np.triu_indices(N - last_empty)
    for chrom in SIZES.index:
        files[chrom] = folder / f"{chrom}.txt"
        lines = [
            f"{a + first}\t{b + first}\t{9.5 / (1 + b - a)}" for a, b in zip(i, j, strict=True)
        ]
        files[chrom].write_text("\n".join(lines) + "\n")
    return files


def triples(files: dict[str, Path], label: str = "index") -> pd.DataFrame:
    return read_contacts(files, {"format": "triples", "bin_size": BIN, "label": label}, BIN, SIZES)


def test_numbers_from_one_are_not_taken_for_numbers_from_zero(tmp_path):
    assert triples(per_chromosome(tmp_path, 0))["bin1"].min() == 0
    for last_empty, found in ((True, "begin with 1"), (False, "(numbered from 1?)")):
        files = per_chromosome(tmp_path, 1, last_empty)
        with pytest.raises(InputError) as error:
            triples(files)
        assert found in error.value.found and "`format: hicpro`" in error.value.remedy
    # Where it is true that the first bins are empty, a line can say so.
    files = per_chromosome(tmp_path, 1)
    files["chr1"].write_text(files["chr1"].read_text() + "0 0 0\n")
    assert triples(files)["bin1"].min() == 1


def test_a_matrix_of_the_whole_genome_is_no_triples(tmp_path):
    matrix, _ = sound(tmp_path)
    with pytest.raises(InputError) as error:
        triples({"map": matrix})
    assert "no chromosome is named" in error.value.found
    assert "`format: hicpro`" in error.value.remedy


LONGRANGE = "chr1\t100\t200\tchr1:3000-3100,5.5"
INTERACT = "\t".join(
    ["chr1", "100", "3100", "x", "0", "5.5", "e", "#0", "chr1", "100", "200", "a", "."]
    + ["chr1", "3000", "3100", "b", "."]
)
BG2 = "chr1\t0\t10000\tchr1\t30000\t40000\t5"
VALID_PAIRS = "read1\tchr1\t100\t+\tchr1\t3000\t-\t250\tf1\tf2\t40\t40"
SHORT = "0 chr1 100 0 16 chr1 3000 1"


@pytest.mark.parametrize(
    ("line", "format", "found", "remedy"),
    [
        (LONGRANGE, "triples", "WashU's long-range text", "format: bedpe"),
        (f"{LONGRANGE}\t1\t.", "bedpe", "WashU's long-range text", "format: bedpe"),
        (INTERACT, "bedpe", "UCSC's interact", "$9,$10,$11,$14,$15,$16,$6"),
        (INTERACT, "triples", "UCSC's interact", "format: bedpe"),
        (BG2, "triples", "pairs of anchors", "cooler load -f bg2"),
        (VALID_PAIRS, "triples", "valid pairs", "cooler cload pairs"),
        (VALID_PAIRS, "bedpe", "valid pairs", "cooler cload pairs"),
        (SHORT, "triples", "Juicer's text", ".hic"),
        ("## pairs format v1.0", "triples", "4DN's .pairs", "cooler cload pairs"),
        (BG2, "coordinates", "pairs of anchors", "format: bedpe"),
    ],
)
def test_text_of_other_makers_is_told_by_name(tmp_path, line, format, found, remedy):
    path = tmp_path / "map.txt"
    path.write_text(f"{line}\n")
    options = {"format": format, "bin_size": BIN, "label": "start", "score_column": 7}
    with pytest.raises(InputError) as error:
        read_contacts({"chr1": path}, options | {"exponent": 3}, BIN, SIZES)
    assert found in error.value.found and remedy in error.value.remedy
