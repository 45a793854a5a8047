"""Importing contact maps: real files of several ages, weights, and what users get wrong."""

import cooler
import h5py
import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.hic.balancing import Balance, recognise
from foldcast.hic.map_import import import_map

HG19 = pd.Series({"chr20": 63025520, "chr21": 48129895, "chr22": 51304566})
HG38 = pd.Series({"chr20": 64444167, "chr21": 46709983, "chr22": 50818468})
J1 = (
    "higlass/clodius/de67e9df2cd296d3681dcf438c0895638de672e4/test/sample_data/"
    "Dixon2012-J1-NcoI-R1-filtered.1000kb.cool"
)
TADLIB = "XiaoTaoWang/TADLib/78640e3efbc7a393a2c918a68db502141e7f9b5b/data/GM12878-MboI.hg19.cool"
BIN = 10_000


def simulate(path, chroms=("chr1", "chr2"), n=60, trans=True, seed=0, counts=None):
    """A map with decay and per-bin biases; the last bin of a chromosome is short."""
    rng = np.random.default_rng(seed)
    sizes = pd.Series({chrom: n * BIN - 4_000 for chrom in chroms})
    bins = cooler.binnify(sizes, BIN)
    total = len(bins)
    i, j = np.triu_indices(total)
    cis = i // n == j // n
    mean = np.where(cis, 400.0 / (1 + j - i), 3.0 if trans else 0.0)
    bias = rng.uniform(0.5, 2, total)
    count = rng.poisson(mean * bias[i] * bias[j]) if counts is None else np.full(len(i), counts)
    kept = count != 0
    pixels = pd.DataFrame({"bin1_id": i[kept], "bin2_id": j[kept], "count": count[kept]})
    cooler.create_cooler(str(path), bins, pixels, ordered=True)
    return sizes


def imported(source, target, sizes, resolution=BIN, **kwargs):
    import_map(source, resolution, sizes, target, Balance(**kwargs))
    return cooler.Cooler(str(target))


def marginals(clr, cis_only):
    """Row sums of the balanced map without the diagonals that balancing left out."""
    matrix = clr.matrix()[:]
    i, j = np.indices(matrix.shape)
    matrix[abs(i - j) < clr._load_attrs("bins/weight")["ignore_diags"]] = 0
    if cis_only:
        chrom = clr.bins()["chrom"][:].cat.codes.to_numpy()
        matrix[chrom[i] != chrom[j]] = 0
    return np.nansum(matrix, axis=0)[clr.bins()["weight"][:].notna()]


@pytest.mark.parametrize("trans", [True, False])
def test_map_without_weights_is_balanced_and_is_the_same_at_every_run(tmp_path, trans):
    sizes = simulate(tmp_path / "in.cool", trans=trans)
    clr = imported(tmp_path / "in.cool", tmp_path / "out.cool", sizes)
    attributes = clr._load_attrs("bins/weight")
    assert attributes["origin"] == "made" and attributes["converged"]
    assert bool(attributes["cis_only"]) is not trans
    np.testing.assert_allclose(marginals(clr, cis_only=not trans), 1, atol=0.02)
    pd.testing.assert_frame_equal(
        clr.pixels()[:], cooler.Cooler(str(tmp_path / "in.cool")).pixels()[:]
    )
    again = tmp_path / "again.cool"
    import_map(tmp_path / "in.cool", BIN, sizes, again, Balance(), threads=2)
    assert again.read_bytes() == (tmp_path / "out.cool").read_bytes()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["again.cool", "in.cool", "out.cool"]


def test_chromosomes_are_renamed_and_the_rest_dropped(tmp_path, caplog):
    caplog.set_level("INFO", "foldcast")
    simulate(tmp_path / "in.cool", chroms=("1", "MT", "scaffold7", "2"))
    sizes = pd.Series({"chr1": 596_000, "chr2": 596_000, "chrM": 596_000, "chr3": 50_000})
    clr = imported(tmp_path / "in.cool", tmp_path / "out.cool", sizes)
    assert clr.chromnames == ["chr1", "chr2"]
    assert "scaffold7" in caplog.text and "MT" in caplog.text and "chr3" in caplog.text
    old = cooler.Cooler(str(tmp_path / "in.cool"))
    for pair, names in ((("1", "2"), ("chr1", "chr2")), (("2", "2"), ("chr2", "chr2"))):
        np.testing.assert_array_equal(
            old.matrix(balance=False).fetch(*pair), clr.matrix(balance=False).fetch(*names)
        )


def test_weights_are_kept_and_divisive_ones_inverted(tmp_path):
    sizes = simulate(tmp_path / "in.cool")
    good = imported(tmp_path / "in.cool", tmp_path / "good.cool", sizes).bins()["weight"][:]
    for name, values, attributes in (
        ("kept", good, {"ignore_diags": 2, "divisive_weights": False}),
        ("inverted", 1 / good, {"ignore_diags": 2, "divisive_weights": True}),
        ("kept", good, {}),
        ("inverted", 1 / good, {}),
    ):
        with h5py.File(tmp_path / "in.cool", "r+") as file:
            if "weight" in file["bins"]:
                del file["bins/weight"]
            file["bins"].create_dataset("weight", data=values.to_numpy())
            file["bins/weight"].attrs.update(attributes)
        clr = imported(tmp_path / "in.cool", tmp_path / "out.cool", sizes)
        found = clr._load_attrs("bins/weight")
        assert found["origin"] == name and found["ignore_diags"] == 2
        np.testing.assert_allclose(clr.bins()["weight"][:], good)


@pytest.mark.parametrize("column", ["weight", "KR"])
def test_unsound_weights_are_replaced(tmp_path, caplog, column):
    caplog.set_level("INFO", "foldcast")
    sizes = simulate(tmp_path / "in.cool")
    with h5py.File(tmp_path / "in.cool", "r+") as file:
        file[f"bins/{column}"] = np.random.default_rng(1).uniform(0.1, 3, 120)
    clr = imported(tmp_path / "in.cool", tmp_path / "out.cool", sizes)
    assert clr._load_attrs("bins/weight")["origin"] == "made"
    assert "balancing anew" in caplog.text
    np.testing.assert_allclose(marginals(clr, cis_only=False), 1, atol=0.02)


def test_balancing_that_does_not_converge_is_said(tmp_path, caplog):
    caplog.set_level("INFO", "foldcast")
    sizes = simulate(tmp_path / "in.cool")
    clr = imported(tmp_path / "in.cool", tmp_path / "out.cool", sizes, max_iters=1)
    assert not clr._load_attrs("bins/weight")["converged"]
    assert "NOT CONVERGED" in caplog.text


def test_schema_2_map_of_mouse(tmp_path, mirror):
    old = cooler.Cooler(str(mirror / J1))
    clr = imported(mirror / J1, tmp_path / "out.cool", old.chromsizes, 1_000_000)
    assert clr.chromnames == [chrom for chrom in old.chromnames if chrom != "chrM"]
    # Its weights say nothing of themselves; the data say that three diagonals were left out.
    divisive, found, spread = recognise(old, old.bins()["weight"][:].to_numpy())
    assert (divisive, found["ignore_diags"], found["cis_only"]) == (False, 3, False)
    assert spread < 1e-6
    assert clr._load_attrs("bins/weight")["ignore_diags"] == 3
    np.testing.assert_array_equal(clr.bins()["weight"][:], old.bins()["weight"][:-1])
    np.testing.assert_array_equal(clr.matrix().fetch("chr19"), old.matrix().fetch("chr19"))


def test_named_groups_in_a_cool_file_without_chr(tmp_path, mirror):
    clr = imported(mirror / TADLIB, tmp_path / "out.cool", HG19, 10_000)
    assert clr.chromnames == ["chr21"] and clr.info["sum"] == 2_433_581
    assert clr._load_attrs("bins/weight")["ignore_diags"] == 1


def test_mcools(tmp_path, shared):
    for name, sizes, total in (
        ("GM12878_Rao2014_rep.hg19.chr20.mcool", HG19, 29_973_866),
        ("K562.hg38.chr22.mcool", HG38, 6_499_134),
    ):
        clr = imported(shared / "hic" / name, tmp_path / name, sizes, 50_000)
        assert clr.info["sum"] == total and clr.binsize == 50_000


def refusal(source, sizes=HG19, resolution=BIN):
    with pytest.raises(InputError) as error:
        import_map(source, resolution, sizes, source.parent / "out.cool", Balance())
    assert not (source.parent / "out.cool").exists()
    assert str(source) in str(error.value) and error.value.remedy
    return str(error.value)


def test_other_assembly_is_named(tmp_path, shared):
    source = tmp_path / "map.mcool"
    source.symlink_to(shared / "hic" / "GM12878_Rao2014_rep.hg19.chr20.mcool")
    said = refusal(source, HG38, 50_000)
    assert "63,025,520" in said and "64,444,167" in said and "lengths of hg19" in said
    assert "chr20" in said


def test_lengths_of_no_known_assembly_are_named_too(tmp_path):
    simulate(tmp_path / "map.cool", chroms=("chr1", "chr2", "chr3"))
    said = refusal(
        tmp_path / "map.cool", pd.Series({"chr1": 1_020_000, "chr2": 990_000, "chr3": 596_000})
    )
    assert "map.cool, 2 of 3 chromosomes" in said
    assert "chr1 has 596,000 bp, chr1 of the genome 1,020,000; chr2 has 596,000" in said
    assert "one assembly" in said


def test_missing_resolution_lists_those_there(tmp_path, shared):
    source = tmp_path / "map.mcool"
    source.symlink_to(shared / "hic" / "GM12878_Rao2014_rep.hg19.chr20.mcool")
    said = refusal(source, HG19, 40_000)
    assert "25,000, 50,000, 100,000" in said and "40,000" in said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"chr1\t0\t10000\t5\n", "text: 'chr1"),
        (b"<!DOCTYPE html><html>", "a web page"),
        (b"", "an empty file"),
        (b"\x1f\x8b\x08\x00rest", "gunzip"),
        (b"HIC\0\x08\0\0\0", "a .hic file that hictk cannot read"),
        (b"## pairs format v1.0\n", "pairs of reads (4DN's .pairs)"),
    ],
)
def test_files_that_are_no_cooler(tmp_path, content, said):
    source = tmp_path / "map.cool"
    source.write_bytes(content)
    assert said in refusal(source)


def test_damage_is_told_from_other_formats(tmp_path):
    source, whole = tmp_path / "map.cool", tmp_path / "whole.cool"
    sizes = simulate(whole)
    content = whole.read_bytes()
    source.write_bytes(content[: len(content) // 2])
    assert "truncated" in refusal(source, sizes)
    # Damage inside the pixels, which opening does not notice.
    with h5py.File(whole) as file:
        at = file["pixels/count"].id.get_chunk_info(0)
        start, size = at.byte_offset, at.size
    source.write_bytes(content[:start] + b"\xff" * size + content[start + size :])
    assert "damaged" in refusal(source, sizes)
    with h5py.File(source, "w") as file:
        file["other"] = [1, 2]
    assert "without a contact map; it holds other" in refusal(source, sizes)


def test_contents_that_make_no_map(tmp_path):
    source = tmp_path / "map.cool"
    sizes = simulate(source)
    said = refusal(source, pd.Series({"chrI": 596_000}))
    assert "map.cool, chromosomes" in said and "chr1, chr2" in said
    assert "names of the genome: chrI" in said and "this genome" in said
    with h5py.File(source, "r+") as file:
        file["chroms/length"][0] += 5
    assert "bins end at 596,000" in refusal(source, sizes)
    simulate(source, counts=-1)
    assert "negative" in refusal(source, sizes)
    simulate(source, counts=0)
    assert "no contacts" in refusal(source, sizes)
    simulate(source, n=8, trans=False)
    said = refusal(source, pd.Series({"chr1": 76_000, "chr2": 76_000}))
    assert "too sparse to balance" in said and "min_nnz" in said
