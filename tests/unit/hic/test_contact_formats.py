"""Maps that are no coolers: triples, loop lists and 3D models, and what users get wrong in them."""

import gzip

import cooler
import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.hic.chromosome_arms import arms
from foldcast.hic.compartments import compartments
from foldcast.hic.contact_formats import import_contacts, read_contacts
from foldcast.hic.expected import expected_cis
from foldcast.hic.map_depth import depth
from foldcast.hic.map_qc import qc
from foldcast.hic.map_sources import is_loops

BIN = 1_000_000
SIZES = pd.Series({"chr1": 30_500_000, "chr2": 20_000_000, "chrM": 16_000})


def triples(n=31, step=BIN, seed=0, halves="upper"):
    """Lines of a map of n bins with decay, and its dense matrix."""
    rng = np.random.default_rng(seed)
    i, j = np.triu_indices(n)
    value = np.round(100 / (1 + j - i) * rng.uniform(0.5, 2, len(i)), 4)
    matrix = np.zeros((n, n))
    matrix[i, j] = matrix[j, i] = value
    if halves == "both":
        i, j, value = np.r_[i, j], np.r_[j, i], np.r_[value, value]
    return [f"{a * step}\t{b * step}\t{v}" for a, b, v in zip(i, j, value, strict=True)], matrix


def options(form="triples", **kwargs):
    usual = {"bin_size": BIN, "label": "start", "score_column": None, "exponent": 3}
    return {"format": form, **usual, **kwargs}


def write(path, lines):
    path.write_text("\n".join(lines) + "\n")
    return path


def read(path, *, resolution=BIN, name="chr1", **kwargs):
    return read_contacts({name: path}, options(**kwargs), resolution, SIZES)


def made(path, target, *, resolution=BIN, name="chr1", **kwargs):
    given = options(**kwargs)
    table = read_contacts({name: path}, given, resolution, SIZES)
    import_contacts(table, given["format"], resolution, SIZES, target, 2)
    return cooler.Cooler(str(target))


def refusal(path, **kwargs):
    with pytest.raises(InputError) as error:
        read(path, **kwargs)
    assert str(path) in str(error.value) and error.value.remedy
    return str(error.value)


@pytest.mark.parametrize("halves", ["upper", "both"])
@pytest.mark.parametrize(("label", "step"), [("start", BIN), ("index2", BIN // 2), ("index", 1)])
def test_triples_in_each_convention(tmp_path, halves, label, step):
    lines, matrix = triples(step=step, halves=halves)
    path = write(tmp_path / "map.txt", ["# a comment", *lines, "", ""])
    clr = made(path, tmp_path / "map.cool", label=label)
    assert clr.chromnames == ["chr1"] and clr.binsize == BIN
    np.testing.assert_allclose(clr.matrix(balance=False)[:], matrix)
    np.testing.assert_allclose(clr.matrix()[:], matrix)  # weights of 1
    again = tmp_path / "again.cool"
    made(path, again, label=label)
    assert again.read_bytes() == (tmp_path / "map.cool").read_bytes()


def test_one_file_of_all_chromosomes_and_one_per_chromosome(tmp_path):
    one, two = triples(seed=1)[0], triples(n=20, seed=2)[0]
    whole = [f"{chrom} {line}" for chrom, part in (("1", one), ("2", two)) for line in part]
    whole += ["MT 0 0 5", "GL000 0 0 5"]
    (tmp_path / "all.gz").write_bytes(gzip.compress("\n".join(whole).encode(), mtime=0))
    files = {"2": write(tmp_path / "b", two), "1": write(tmp_path / "a", one)}
    a = made(tmp_path / "all.gz", tmp_path / "a.cool", name="map")
    import_contacts(
        read_contacts(files, options(), BIN, SIZES), "triples", BIN, SIZES, tmp_path / "b.cool", 2
    )
    b = cooler.Cooler(str(tmp_path / "b.cool"))
    assert a.chromnames == ["chr1", "chr2"]  # in the genome's order
    pd.testing.assert_frame_equal(a.pixels()[:], b.pixels()[:])
    assert a.bins()["end"][:].to_list()[30] == 30_500_000  # the last bin is short


def test_empty_rows_of_triples_are_bad_bins(tmp_path, caplog):
    caplog.set_level("INFO", "foldcast")
    lines = [line for line in triples()[0] if "5000000\t" not in line]
    lines = [*lines, "5000000\t6000000\t0", "5000000\t7000000\tNaN"]
    clr = made(write(tmp_path / "map.txt", lines), tmp_path / "map.cool")
    weight = clr.bins()["weight"][:]
    assert np.flatnonzero(weight.isna()).tolist() == [5, 15, 25]
    assert set(weight.dropna()) == {1.0}
    attributes = clr._load_attrs("bins/weight")
    assert attributes["origin"] == "given" and attributes["cis_only"]
    assert "taken as balanced already" in caplog.text and "no contacts of chr2" in caplog.text
    assert "whole" not in caplog.text
    whole = [f"{line.rsplit(chr(9), 1)[0]}\t7" for line in triples()[0]]
    made(write(tmp_path / "map.txt", whole), tmp_path / "map.cool")
    assert "all values are whole" in caplog.text


def test_labels_that_are_no_bins(tmp_path):
    path = write(tmp_path / "map.txt", triples(step=BIN // 2)[0])
    said = refusal(path)
    assert "label 500,000" in said and "multiples of 1,000,000" in said and "chr1" in said
    said = refusal(write(tmp_path / "map.txt", triples()[0]), label="index2")
    assert "label 30,000,000, a bin from 60,000,000 bp" in said and "`label: start`" in said
    assert "30,500,000 bp" in said
    said = refusal(write(tmp_path / "map.txt", triples(n=40)[0]))
    assert "label 39,000,000" in said and "30,500,000" in said
    assert "negative" in refusal(write(tmp_path / "map.txt", ["0 -1000000 5"]))
    # Bins of 2 Mb, said to be of 1 Mb: every second one would be empty.
    coarse = write(tmp_path / "map.txt", triples(n=16, step=2 * BIN)[0])
    assert "one bin in 2 only: bins of 2,000,000 bp?" in refusal(coarse)
    assert len(read(coarse, bin_size=2 * BIN, resolution=2 * BIN))


def test_half_of_every_chromosome_is_suspicious(tmp_path, caplog):
    path = write(tmp_path / "map.txt", triples(n=16)[0])
    read(path)
    assert "about half of every chromosome (chr1 0.52)" in caplog.text
    caplog.clear()
    read(path, label="index2", bin_size=2 * BIN, resolution=2 * BIN)
    read(write(tmp_path / "map.txt", triples(n=25)[0]))
    assert not caplog.text


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["0 0 1", "", "0 1000000 x"], "line 3\n  found:    '0 1000000 x'"),
        (["0 0 1", "0 1000000"], "line 2"),
        (["0 0 1", "0 1000000 2 3"], "line 2\n  found:    4 fields after lines of 3"),
        (["0 0"], "2 fields"),
        (["bin1 bin2 value", "0 0 1"], "'bin1 bin2 value'"),
        (["0 0 -3"], "negative or infinite"),
        (["0 0 inf"], "negative or infinite"),
        (["0 1000000 5", "1000000 0 6"], "bins 0 and 1\n  found:    two values, 5 and 6"),
        (["0 0 0"], "no contacts on those of the genome"),
        (["chr7 0 0 3"], "no contacts on those of the genome"),
        ([""], "an empty file"),
    ],
)
def test_lines_that_are_no_triples(tmp_path, lines, said):
    assert said in refusal(write(tmp_path / "map.txt", lines))


def test_bins_are_neither_split_nor_joined(tmp_path):
    said = refusal(write(tmp_path / "map.txt", triples()[0]), resolution=2 * BIN)
    assert "resolution 2,000,000 bp" in said and "bins of 1,000,000 bp" in said
    assert "`resolution`" in said


LOOPS = [
    "chr1\t1000000\t1010000\tchr1\t5000000\t5010000\ta\t4",
    "chr1\t1900000\t1910000\tchr1\t5900000\t5910000\tb\t2.5",
    "chr1\t5000000\t5010000\tchr1\t1500000\t1510000\tc\t1",  # the other way round
    "1\t3000000\t3010000\t2\t7000000\t7010000\td\t3",
    "chr1\t8000000\t8010000\tchr1\t8100000\t8110000\te\t0",
    ".\t-1\t-1\tchr1\t8100000\t8110000\tf\t9",
]


def test_loops_are_contacts_of_bins(tmp_path, caplog):
    caplog.set_level("INFO", "foldcast")
    header = [
        "#chr1\tx1\tx2",
        "track name=loops",
        "chrom1\tstart1\tend1\tchrom2\tstart2\tend2\tn\ts",
    ]
    path = write(tmp_path / "loops.bedpe", header + LOOPS)
    clr = made(path, tmp_path / "map.cool", form="bedpe", score_column=8)
    assert "1 loops with an unknown anchor" in caplog.text and is_loops(clr)
    matrix = clr.matrix(balance=False)[:]
    assert matrix[1, 5] == matrix[5, 1] == 7.5  # three loops of one pair of bins
    assert matrix[3, 31 + 7] == 3 and np.triu(matrix).sum() == 10.5
    # Bins without loops are not bad: nothing is there, as far as one knows.
    assert clr.bins()["weight"][:].eq(1).all()
    assert not clr._load_attrs("bins/weight")["cis_only"]
    count = made(path, tmp_path / "map.cool", form="bedpe").matrix(balance=False)[:]
    assert count[1, 5] == 3 and count[8, 8] == 1
    assert "every loop counts one" in caplog.text
    fine = made(
        path, tmp_path / "map.cool", form="bedpe", score_column=8, resolution=100_000
    ).matrix(balance=False)
    assert fine[10, 50] == 4 and fine[19, 59] == 2.5


@pytest.mark.slow
def test_loops_give_no_compartments(tmp_path, caplog):
    caplog.set_level("INFO", "foldcast")
    path = write(tmp_path / "loops.bedpe", LOOPS)
    clr = made(path, tmp_path / "map.cool", form="bedpe", score_column=8)
    view = arms(clr, pd.Series(dtype="int64"))
    track = clr.bins()[["chrom", "start", "end"]][:].assign(track=np.arange(51.0))
    table, choice = compartments(clr, track.assign(chrom=track["chrom"].astype(str)), view)
    assert table["score"].isna().all() and choice["chosen"].isna().all()
    assert "a list of loops" in caplog.text
    none = pd.DataFrame(columns=["chrom", "start", "end"])
    curve = expected_cis(clr)
    assert curve["expected"].notna().any()
    metrics = qc(clr, depth(clr), curve, none, none, none, table, choice, none)
    value = metrics.set_index("metric")["value"]
    assert value["compartments"] == value["insulation"] == "no: a list of loops"
    assert value["cis_trans_ratio"] == 2.5 and value["bad_bins_fraction"] == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("chr1\t5\t10", "line 7\n  found:    3 fields"),
        ("chr1\tx\t10\tchr1\t20\t30\tg\t1", "start1: 'x'"),
        ("chr1\t50\t10\tchr1\t20\t30\tg\t1", "an anchor 50–10"),
        ("chr1\t5\t10\tchr2\t20000000\t20000001\tg\t1", "chr2:20,000,001"),
        ("chr1\t5\t10\tchr1\t20\t30\tg\tmany", "column 8: 'many'"),
        ("chr1\t5\t10\tchr1\t20\t30\tg\t-2", "a score of -2"),
    ],
)
def test_lines_that_are_no_loops(tmp_path, line, said):
    path = write(tmp_path / "loops.bedpe", [*LOOPS, line])
    message = refusal(path, form="bedpe", score_column=8)
    assert said in message and "line 7" in message


def walk(n, seed=0):
    """A random walk: coordinates [n, 3]."""
    return np.random.default_rng(seed).normal(size=(n, 3)).cumsum(axis=0)


def model_lines(points, chrom="chr1", step=BIN):
    return [
        f"{chrom}\t{k * step}\t" + "\t".join(f"{c:.6f}" for c in p) for k, p in enumerate(points)
    ]


def test_near_in_space_is_in_contact(tmp_path):
    points = walk(20)
    path = write(tmp_path / "model.3dg", model_lines(points))
    clr = made(path, tmp_path / "map.cool", form="coordinates", label=None)
    distance = np.linalg.norm(points[:, None] - points[None], axis=2)
    scale = np.median(np.diagonal(distance, 1))
    with np.errstate(divide="ignore"):
        contact = (distance / scale) ** -3.0
    i, j = np.triu_indices(20, 1)
    matrix = clr.matrix()[:]
    np.testing.assert_allclose(matrix[i, j], contact[i, j], rtol=1e-4)
    # Bins that the model lacks are bad, and so is nothing else.
    assert np.flatnonzero(clr.bins()["weight"][:].isna()).tolist() == list(range(20, 31))
    # Neither the unit nor the place of the coordinates matters, and a header may name them.
    moved = ["chrom start x y z", *model_lines(points * 1e-6 + 3)]
    moved = write(tmp_path / "moved.3dg", [line.replace("\t", " ") for line in moved])
    precise = [line.rsplit("\t", 3)[0] for line in model_lines(points)]
    precise = [f"{a}\t{x}\t{y}\t{z}" for a, (x, y, z) in zip(precise, points * 7 + 3, strict=True)]
    again = read(write(moved, ["chrom\tstart\tx\ty\tz", *precise]), form="coordinates")
    np.testing.assert_allclose(again["count"], contact[i, j], rtol=1e-4)
    one = read(path, form="coordinates", exponent=1)
    np.testing.assert_allclose(one["count"], (contact ** (1 / 3))[i, j], rtol=1e-4)


def test_models_are_averaged(tmp_path):
    files = {
        name: write(tmp_path / name, model_lines(walk(12 + 2 * k, seed=k)))
        for k, name in enumerate("ab")
    }
    each = [
        read(path, form="coordinates").set_index(["bin1", "bin2"])["count"]
        for path in files.values()
    ]
    both = read_contacts(files, options("coordinates"), BIN, SIZES).set_index(["bin1", "bin2"])
    mean = pd.concat(each, axis=1).mean(axis=1)
    np.testing.assert_allclose(both["count"].sort_index(), mean.sort_index())
    assert len(both) == 14 * 13 / 2  # pairs that one model alone holds are its own


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("chr1\t5000000\t1\t2", "4 fields"),
        ("chr1\t5000000\t1\t2\tx", "z: 'x'"),
        ("chr1\t5000000\t1\t2\tnan", "z: 'nan'"),
        ("chr1\t1000000\t1\t2\t3", "a second point of a bin"),
        ("chr1\t5000001\t1\t2\t3", "label 5,000,001"),
        ("chr1\t5000000\t0\t0\t0", "bins 0 and 5 at the same point"),
    ],
)
def test_lines_that_are_no_model(tmp_path, line, said):
    points = walk(5)
    points[0] = 0
    path = write(tmp_path / "model", [*model_lines(points), line])
    assert said in refusal(path, form="coordinates")
