"""Variants scored by ExPecto's published models: readers of their files, and the script."""

import shutil
import struct
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
import pandas as pd
import pytest
import torch

from foldcast.demo.motif_network import OUTPUTS
from foldcast.demo.motif_network import weights as demo_weights
from foldcast.demo.motifs import MOTIFS
from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.resources.genome_sequence import index_sequence
from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import encode
from foldcast.variants.assigned_genes import assign_genes
from foldcast.variants.given_differences import read_differences
from foldcast.variants.published_models import read_model
from foldcast.variants.published_settings import difference_files, model_files, tissue_of
from scripts.variants import published_effects

SHARED = Path(__file__).resolve().parents[4] / "shared"
EXPECTO = (
    SHARED / "mirror/raw.githubusercontent.com/FunctionLab/ExPecto"
    "/1b89458691e4dd86192c6ea93ad4bc02910a4df2"
)
EXAMPLE = EXPECTO / "example/example.vcf"
CLOSEST = f"{EXAMPLE}.bed.sorted.bed.closestgene"
F = 4  # outputs of made models
OPTIONS = {"precision": "fp32", "memory_mb": 500}

needs_example = pytest.mark.skipif(not EXAMPLE.is_file(), reason="no shared/mirror here")


def weights(seed=1):
    each = np.random.default_rng(seed).normal(size=(10, F + 1)).astype(np.float32)
    each[:, 0] = 0
    return each


def dump(path, each):
    numbers = "\n".join(f"{one:.6g}" for one in each.ravel())
    path.write_text(f"booster[0]:\nbias:\n-0.5\nweight:\n{numbers}\n")
    return path


def binary(path, each, booster=b"gblinear", magic=b"binf", cut=None):
    n = each.size
    parts = [magic, struct.pack("<fI", 2.0, n).ljust(136, b"\0")]
    parts += [struct.pack("<Q", len(name)) + name for name in (b"reg:linear", booster)]
    parts += [struct.pack("<Ii", n, 1).ljust(136, b"\0"), struct.pack("<Q", n + 1)]
    parts += [each.astype("<f4").tobytes(), struct.pack("<f", -0.5)]
    path.write_bytes(b"".join(parts)[:cut])
    return path


@pytest.mark.parametrize("magic", [b"binf", b""])
def test_both_formats_hold_the_same_model(tmp_path, magic):
    text = read_model(dump(tmp_path / "a.Lung.dump", weights()))
    exact = read_model(binary(tmp_path / "a.Lung.save", weights(), magic=magic))
    np.testing.assert_array_equal(exact.weights, weights()[:, 1:])
    np.testing.assert_allclose(text.weights, exact.weights, rtol=1e-5)
    assert text.start == exact.start == 1.5
    difference = np.random.default_rng(2).normal(size=(3, 10, F))
    expected = (difference * weights()[:, 1:]).sum(axis=(1, 2))
    np.testing.assert_allclose(exact.effects(difference), expected)
    np.testing.assert_allclose(exact.effects(difference, single=True), expected, rtol=1e-5)


@needs_example
@pytest.mark.parametrize("tissue", ["Liver", "Lung", "Whole_Blood"])
def test_the_published_files_agree(tissue):
    paths = sorted(EXPECTO.glob(f"models/*.{tissue}.*"))
    text, exact = (read_model(path) for path in paths)
    assert text.tissue == exact.tissue == tissue and exact.weights.shape == (10, 2002)
    np.testing.assert_allclose(text.weights, exact.weights, rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize(
    ("write", "found"),
    [
        (lambda path: binary(path, weights(), booster=b"gbtree"), "'gbtree'"),
        (lambda path: binary(path, weights(), cut=-40), "end too early"),
        (lambda path: binary(path, weights()[:, :3].repeat(1, axis=0)[:9]), "no 10 equal shares"),
        (lambda path: binary(path, weights() + 1), "another layout"),
        (lambda path: binary(path, weights() * np.nan), "no finite numbers"),
        (lambda path: path.write_text("booster[0]:\n0:[f1<2] yes=1\n"), "a dump that begins"),
        (lambda path: path.write_text("booster[0]:\nbias:\n1\nweight:\nx\n"), "'x'"),
        (lambda path: path.write_bytes(b"\x80\x04pickle"), "bytes, which end too early"),
        (lambda path: path.write_bytes(bytes(range(1, 255)) * 3), "…"),
    ],
)
def test_other_files_are_refused(tmp_path, write, found):
    path = tmp_path / "model.save"
    write(path)
    with pytest.raises(InputError, match="linear model of xgboost") as error:
        read_model(path)
    assert found in error.value.found


def test_a_folder_has_one_model_of_each_tissue(tmp_path):
    for name in ("x.basescore2.Lung.dump", "x.basescore2.Lung.save", "x.basescore2.A.b.dump"):
        (tmp_path / name).touch()
    found = model_files(str(tmp_path), "config", "models")
    assert [Path(path).name[13:] for path in found] == ["A.b.dump", "Lung.save"]
    assert tissue_of("my model.save") == "my model"
    (tmp_path / "y.basescore2.Lung.save").touch()
    with pytest.raises(InputError, match="both of Lung"):
        model_files(str(tmp_path), "config", "models")
    for folder, said in ((tmp_path / "none", "no such folder"), (tmp_path.parent, r"no \*.save")):
        with pytest.raises(InputError, match=said):
            model_files(str(folder), "config", "models")


def differences(folder, n=3, width=F, name="v.vcf"):
    random = np.random.default_rng(3)
    for path in difference_files(f"{folder}/{name}"):
        with h5py.File(path, "w") as file:
            file["pred"] = random.normal(size=(2 * n, width)).astype(np.float32)
    return difference_files(f"{folder}/{name}")


def spoil(paths, how):
    if how == "missing":
        Path(paths[4]).unlink()
    elif how == "text":
        Path(paths[4]).write_text("no HDF5")
    else:
        with h5py.File(paths[4], "w") as file:
            file["other" if how == "other" else "pred"] = (
                np.full(how, np.nan) if (isinstance(how, tuple)) else np.zeros((6, F))
            )


@pytest.mark.parametrize(
    ("how", "found"),
    [
        ("missing", "no such file"),
        ("text", "Unable to"),
        ("other", "holds other"),
        ((4, F), "shape (4, 4)"),
        ((6,), "shape (6,)"),
        ((6, F), "no finite numbers"),
        ((6, F + 1), "no finite numbers"),
    ],
)
def test_differences_of_something_else_are_refused(tmp_path, how, found):
    paths = differences(tmp_path)
    spoil(paths, how)
    with pytest.raises(InputError, match="Beluga's differences") as error:
        read_differences(paths, 3)
    assert found in error.value.found


def test_differences_are_the_mean_of_both_strands(tmp_path):
    paths = differences(tmp_path)
    with h5py.File(paths[8]) as file:
        rows = file["pred"][:]
    np.testing.assert_allclose(read_differences(paths, 3)[1, 8], (rows[1] + rows[4]) / 2)


def genes(folder, rows):
    columns = ["id", "symbol", "seqnames", "strand", "TSS", "CAGE_representative_TSS", "type"]
    path = folder / "genes.csv"
    table = pd.DataFrame([(g, g.lower(), c, s, t, t, "protein_coding") for g, c, s, t in rows])
    table.set_axis(columns, axis=1).to_csv(path, index=False)
    return path


VARIANTS = pd.DataFrame(
    {"chrom": ["chr1", "chr1", "chr9"], "position": [999, 30_000, 5], "ref": "A", "alt": "C"}
)


def test_the_gene_of_a_variant(tmp_path):
    rows = [("G1", "1", "+", 501), ("G2", "1", "-", 1501), ("G3", "1", "+", 15_001)]
    path = genes(tmp_path, rows)
    nearest = assign_genes(VARIANTS, path, "nearest")
    assert nearest[["row", "gene", "tss"]].values.tolist() == [[0, "G1", 500], [1, "G3", 15_000]]
    within = assign_genes(VARIANTS, path, "within")
    assert within[["row", "gene"]].values.tolist() == [
        *([0, "G1"], [0, "G2"], [0, "G3"]),
        [1, "G3"],
    ]
    with pytest.raises(InputError, match="no gene for any of 1 variants, such as chr9:6"):
        assign_genes(VARIANTS[2:], path, "nearest")


def test_what_bedtools_says_is_the_choice(tmp_path):
    path = tmp_path / "closest.bed"
    path.write_text(
        "1\t999\t1000\tA\tC\t1\t700\t701\t-\tG2\t300\n1\t999\t1000\tA\tG\t1\t1\t2\t-\tG9\t9\n"
    )
    found = assign_genes(VARIANTS, path, "nearest")
    assert found.values.tolist() == [[0, "G2", "G2", 700, "-"]]
    path.write_text(path.read_text() + "1\t5\t6\tA\tC\t.\t-1\t-1\t.\t.\t-1\n")
    with pytest.raises(InputError, match="line 3"):
        assign_genes(VARIANTS, path, "nearest")


def job(folder, **changes):
    given = {
        "variants": EXAMPLE,
        "genes": CLOSEST,
        "models": model_files(str(EXPECTO / "models"), "config", "models"),
        "differences": difference_files(str(EXAMPLE)),
    }
    params = {"genes": "nearest", "strict": False, "windows": "published", "beluga": OPTIONS}
    return SimpleNamespace(
        input=SimpleNamespace(**given | {k: v for k, v in changes.items() if k in given}),
        params=SimpleNamespace(**params | {k: v for k, v in changes.items() if k in params}),
        output=SimpleNamespace(effects=folder / "effects.tsv", skipped=folder / "skipped.tsv"),
        threads=1,
    )


@needs_example
def test_the_published_example(tmp_path):
    """10 variants × 3 tissues as ExPecto's own script gives them, from its own files alone."""
    published_effects.main(job(tmp_path))
    table = read_table(tmp_path / "effects.tsv")
    said = read_table(SHARED / "data/expecto/example_effects.tsv")
    names = said["chrom"] + ":" + said["position"].astype(str)
    names += " " + said["reference"] + ">" + said["alternative"]
    found = table.pivot(index="variant", columns="tissue", values="effect").loc[names]
    tissues = ["Liver", "Lung", "Whole_Blood"]
    assert np.abs(found[tissues].to_numpy() - said[tissues].to_numpy()).max() < 1e-9
    assert table["gene"].tolist() == said["gene"].repeat(3).tolist()
    # Beyond 20 kb no gene has windows of its own: what the default of `spex` counts.
    published_effects.main(job(tmp_path, windows="within"))
    here = read_table(tmp_path / "effects.tsv")
    reached, far = here["windows_in_reach"] == 9, here["windows_in_reach"] == 0
    assert (here["effect"] - table["effect"])[reached].abs().max() < 2e-5  # rounded as published
    assert far.any() and (here["effect"][far] == 0).all() and (table["effect"][far] != 0).all()


@pytest.mark.parametrize("strand", ["+", "-"])
def test_beluga_is_asked_where_no_differences_are_given(tmp_path, strand):
    """Both alleles of nine windows, read whole, give the same."""
    letters = np.random.default_rng(4).choice(list("ACGT"), 9_000)
    letters[5_000:5_012] = list(MOTIFS["promoter1"])
    fasta = tmp_path / "genome.fa"
    fasta.write_text(f">chr1\n{''.join(letters)}\n")
    index_sequence(fasta, f"{fasta}.fai")
    (tmp_path / "sizes").write_text("chr1\t9000\n")
    state = {key: torch.from_numpy(value) for key, value in demo_weights().items()}
    torch.save(state, tmp_path / "beluga.pth")
    n = len(OUTPUTS)
    each = np.random.default_rng(5).normal(size=(10, n + 1)).astype(np.float32)
    each[:, 0] = 0
    dump(tmp_path / "Lung.dump", each)
    alt = "A" if letters[5_003] != "A" else "C"
    vcf = tmp_path / "v.vcf"
    vcf.write_text(f"1\t5004\t-\t{letters[5_003]}\t{alt}\n")
    work = job(
        tmp_path,
        variants=vcf,
        genes=genes(tmp_path, [("G1", "1", strand, 4_401)]),
        models=[str(tmp_path / "Lung.dump")],
        differences=[],
    )
    files = {"sizes": "sizes", "fasta": "genome.fa", "index": "genome.fa.fai"}
    for key, name in (files | {"weights": "beluga.pth"}).items():
        setattr(work.input, key, tmp_path / name)
    published_effects.main(work)
    row = read_table(tmp_path / "effects.tsv").iloc[0]
    sign = 1 if strand == "+" else -1
    assert row["distance"] == sign * (5_003 - 4_400)

    network = Beluga.load(tmp_path / "beluga.pth", **OPTIONS, threads=1)
    new = letters.copy()
    new[5_003] = alt
    total = 0.0
    for shift in range(-800, 801, 200):
        start = 5_003 + shift - 999
        codes = np.stack([encode("".join(one[start : start + 2_000])) for one in (letters, new)])
        old, changed = network.windows(codes, reverse_complement=True)[:, 0]
        steps = abs(sign * (5_003 + shift - 4_400)) // 200
        curves = np.exp(-np.array([0.01, 0.02, 0.05, 0.1, 0.2]) * steps)
        upstream = sign * (5_003 + shift - 4_400) <= 0
        kernel = each[:5, 1:] if upstream else each[5:, 1:]
        total += curves @ kernel @ (changed - old)
    assert row["effect"] == pytest.approx(total, rel=1e-5) and abs(total) > 1e-3


@needs_example
def test_models_of_another_network_are_refused(tmp_path):
    folder = tmp_path / "models"
    folder.mkdir()
    dump(folder / "Lung.dump", weights())
    shutil.copy(model_files(str(EXPECTO / "models"), "config", "models")[0], folder)
    models = model_files(str(folder), "config", "models")
    with pytest.raises(InputError, match="weights of 4 outputs"):
        published_effects.main(job(tmp_path, models=models))
    assert not (tmp_path / "effects.tsv").exists()
