"""A feature set's features, joined by gene id from files that have their own order."""

import gzip

import h5py
import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.spex.models.array_features import open_array, read_gene_list
from foldcast.spex.models.feature_blocks import Files, noise_block, read_features
from foldcast.spex.models.user_features import open_user_table, read_user_table

F = 3  # outputs of the network
CHROMS = ["chr2", "chr10"]
MAPS = ["mapB", "mapA"]


def value(gene: str, column: int) -> float:
    """What a planted file says of a gene, wherever its row is."""
    return int(gene[1:]) + column / 100


@pytest.fixture
def genes() -> pd.DataFrame:
    names = [f"g{k}" for k in range(30, 42)]
    return pd.DataFrame({"gene": names, "chrom": ["chr2"] * 7 + ["chr10"] * 5})


@pytest.fixture(params=["in another order", "in order"])
def files(request, tmp_path, genes) -> Files:
    rng = np.random.default_rng(0)
    paths: dict[str, dict[str, str]] = {"local": {}, "distal": {}}
    for chrom in CHROMS:
        here = list(genes.loc[genes["chrom"] == chrom, "gene"])
        if request.param == "in another order":
            here = rng.permutation(here).tolist()
        for kind in paths:
            paths[kind][chrom] = str(tmp_path / f"{kind}.{chrom}.h5")
            with h5py.File(paths[kind][chrom], "w") as file:
                file["genes"] = here
                file.attrs["outputs"] = F
                parts = {"x": (10 * F, 0)}
                if kind == "distal":
                    feature_sets = [*MAPS, "mapA+shuffled1", "mapA+expected"]
                    parts = {
                        f"{feature_set}/x": (2 * F, 1000 * k)
                        for k, feature_set in enumerate(feature_sets, 1)
                    }
                for name, (width, shift) in parts.items():
                    rows = [[shift + value(gene, c) for c in range(width)] for gene in here]
                    file[name] = np.array(rows, "f4")
    contacts = str(tmp_path / "mapA.h5")
    with h5py.File(contacts, "w") as file:
        for chrom in CHROMS:
            here = list(genes.loc[genes["chrom"] == chrom, "gene"])[::-1]
            file[f"{chrom}/genes"] = here
            file[f"{chrom}/mapA/degree"] = np.array([[int(g[1:]), 0] for g in here])
    return Files(paths["local"], paths["distal"], [contacts])


def read(feature_set, genes, files):
    return read_features(feature_set, genes, MAPS, files)


def planted(features, width, shift=0):
    names = features.genes["gene"]
    return np.array([[shift + value(gene, c) for c in range(width)] for gene in names], "f4")


@pytest.mark.parametrize(
    ("feature_set", "blocks"),
    [
        ("expecto", [(10 * F, 0)]),
        ("mapA", [(10 * F, 0), (2 * F, 2000)]),
        ("all", [(10 * F, 0), (2 * F, 1000), (2 * F, 2000)]),
        ("mapA+shuffled1", [(10 * F, 0), (2 * F, 3000)]),
        ("mapA+expected", [(10 * F, 0), (2 * F, 4000)]),
    ],
)
def test_blocks_side_by_side(feature_set, blocks, genes, files):
    features = read(feature_set, genes, files)
    np.testing.assert_array_equal(features.x, np.hstack([planted(features, *b) for b in blocks]))
    assert features.x.dtype == np.float32 and features.x.flags.c_contiguous
    for chrom, rows in features.rows.items():
        assert (features.genes["chrom"][rows] == chrom).all()


def test_degree(genes, files):
    features = read("mapA+degree", genes, files)
    number = features.genes["gene"].str[1:].astype(int)
    np.testing.assert_allclose(features.x[:, -2], np.log1p(number), rtol=1e-6)
    assert (features.x[:, -1] == 0).all() and features.x.shape[1] == 10 * F + 2


def test_noise_is_as_wide_and_belongs_to_the_gene(genes, files):
    features = read("mapA+random1", genes, files)
    noise = features.x[:, 10 * F :]
    assert noise.shape[1] == 2 * F
    fewer = read("mapA+random1", genes.iloc[[11, 3, 8]], files)
    rows = features.genes["gene"].isin(fewer.genes["gene"])
    np.testing.assert_array_equal(fewer.x, features.x[rows])
    for other in ("mapA+random2", "mapB+random1"):
        assert (read(other, genes, files).x[:, 10 * F :] != noise).all()


def test_noise_is_standard_normal():

    x = np.empty((200, 500), np.float32)
    noise_block(500, "mapA+random1").fill("chr1", [f"g{k}" for k in range(200)], x)
    assert abs(x.mean()) < 0.01 and abs(x.std() - 1) < 0.01
    assert abs(np.corrcoef(x)[np.triu_indices(200, 1)].mean()) < 0.001


def test_order_of_genes_changes_nothing(genes, files):
    one = read("mapA", genes, files)
    shuffled = genes.sample(frac=1, random_state=1)
    two = read("mapA", shuffled, files)
    pd.testing.assert_frame_equal(one.genes, two.genes)
    np.testing.assert_array_equal(one.x, two.x)


def test_a_chromosome_without_genes(genes, files):
    features = read("mapA", genes[genes["chrom"] == "chr10"], files)
    assert list(features.rows) == ["chr10"] and len(features.x) == 5


def test_files_of_other_genes(genes, files):
    more = pd.concat([genes, pd.DataFrame({"gene": ["g99"], "chrom": ["chr10"]})])
    with pytest.raises(InputError, match="no gene g99"):
        read("expecto", more, files)


def test_values_that_are_no_numbers(genes, files):
    with h5py.File(files.local["chr2"], "r+") as file:
        file["x"][0, 0] = np.nan
    with pytest.raises(ValueError, match="chr2.h5: x holds values that are no numbers"):
        read("expecto", genes, files)


def test_promoter(tmp_path, genes):
    path = tmp_path / "promoter.tsv"
    table = pd.DataFrame({"gene": genes["gene"], "gc": 0.5, "log10_length": np.nan})
    table.sample(frac=1, random_state=0).to_csv(path, sep="\t", index=False)
    features = read("promoter", genes, Files(promoter=str(path)))
    assert features.x.shape == (12, 2) and np.isnan(features.x[:, 1]).all()


def user_file(tmp_path, kind):
    names = ["g33.2", "g31", "other", "g40.10"]
    x = np.array([[33, 1.5], [31, np.nan], [0, 0], [40, 2]], "f4")
    if kind == "h5":
        path = tmp_path / "borzoi.h5"
        with h5py.File(path, "w") as file:
            file["genes"], file["x"] = names, x
        return path
    sep = {"tsv": "\t", "csv": ",", "tsv.gz": "\t"}[kind]
    lines = [f"gene{sep}a{sep}b"]
    lines += [
        sep.join([n, f"{a:g}", "" if b != b else f"{b:g}"])
        for n, (a, b) in zip(names, x, strict=True)
    ]
    text = ("\n".join(lines) + "\n").replace("g33.2", "ENSG33.2")
    path = tmp_path / f"borzoi.{kind}"
    path.write_bytes(
        gzip.compress(text.encode(), mtime=0) if kind.endswith("gz") else text.encode()
    )
    return path


@pytest.mark.parametrize("kind", ["tsv", "csv", "tsv.gz", "h5"])
def test_a_users_table(tmp_path, kind, caplog):
    caplog.set_level("INFO")
    path = user_file(tmp_path, kind)
    first = "g33.2" if kind == "h5" else "ENSG33"
    genes = pd.DataFrame({"gene": ["g31", first, "g35"], "chrom": ["chr2", "chr2", "chr2"]})
    features = read("features+borzoi", genes, Files(features=[str(path)]))
    assert set(features.genes["gene"]) == {"g31", first}
    found = dict(zip(features.genes["gene"], features.x.tolist(), strict=True))
    assert found[first] == [33, 1.5] and found["g31"][0] == 31 and np.isnan(found["g31"][1])
    assert "2 of the run's 3 genes, 2 features" in caplog.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gene\ta\ng1\tx\n", "line 2, column a\n  found:    'x'"),
        ("gene\ta\nENSG1.1\t1\nENSG1.2\t2\n", "gene ENSG1\n  found:    two rows"),
        ("gene\ta\ng1\t1e99\n", "gene g1\n  found:    a value that is infinite"),
        ("gene\ng1\n", "1 names of 1 columns"),
        ("gene\ta\n", "0 genes, 1 features"),
        ("a\tb\ng1\t1\t2\ng2\t1\t2\n", "2 names of 3 columns"),
        ("PAR1\0\0", "a Parquet file"),
    ],
)
def test_mistakes_in_a_users_table(tmp_path, text, said):
    path = tmp_path / "table.tsv"
    path.write_text(text)
    with pytest.raises(InputError) as error:
        read_user_table(path)
    assert said in str(error.value)


def test_a_users_hdf5_without_its_datasets(tmp_path):
    path = tmp_path / "table.h5"
    with h5py.File(path, "w") as file:
        file["data"] = [1]
    with pytest.raises(InputError, match="/genes \\[n\\]"):
        read_user_table(path)


IDS = np.array(["ENSG1.4", "ENSG2"], dtype="S")


def hdf5(path, genes=IDS, x=None):
    with h5py.File(path, "w") as file:
        if isinstance(x, str):
            file.create_group("x")["data"] = np.ones(3)
        else:
            file["x"] = np.arange(6.0).reshape(2, 3) if x is None else x
        file["genes"] = genes


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"x": np.ones((2, 896, 4))}, "/x [2, 896, 4]"),
        ({"x": "group"}, "/x a group"),
        ({"x": np.ones((3, 2))}, "write one id per row"),
        ({"genes": np.arange(2)}, "/genes of numbers: 0, 1"),
        ({"x": np.array([[b"a"], [b"b"]])}, "/x of type |S1"),
    ],
)
def test_a_users_hdf5_of_another_layout(tmp_path, options, said):
    hdf5(tmp_path / "table.h5", **options)
    with pytest.raises(InputError, match="/x \\[n, features\\]") as error:
        read_user_table(tmp_path / "table.h5")
    assert said in str(error.value)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_users_hdf5_that_is_cut_off(tmp_path, share):
    path = tmp_path / "table.h5"
    hdf5(path, x=np.random.default_rng(1).random((2, 500)))
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])
    with pytest.raises(InputError, match="a damaged or truncated HDF5 file"):
        read_user_table(path)


def test_a_users_table_is_known_by_its_content(tmp_path):
    hdf5(tmp_path / "table.tsv")
    (tmp_path / "table.h5").write_text("# made by x\ngene;a;b;c\nENSG1;0;1,0;2\nENSG2;3;4;5,0\n")
    tables = [read_user_table(tmp_path / name) for name in ("table.tsv", "table.h5")]
    for table in tables:
        assert list(table.index) == ["ENSG1", "ENSG2"]
        assert table.to_numpy().tolist() == [[0, 1, 2], [3, 4, 5]]


def test_a_users_table_of_other_genes(tmp_path, genes):
    path = tmp_path / "table.tsv"
    path.write_text("gene\ta\nTP53\t1\n")
    with pytest.raises(InputError, match="its ids are such as TP53"):
        read("features+mine", genes, Files(features=[str(path)]))


# Of ExPecto's published matrix: the genes of geneanno.csv, ten weights of 2,002 outputs.
ROWS, WIDTH = 24_339, 20_020


def gene_list(path, n=ROWS, form="geneanno"):
    """A list of genes as ExPecto's, or ids alone."""
    ids = [f"ENSG{k:011d}" for k in range(n)]
    if form == "ids":
        path.write_text("".join(f"{one}.{k}\n" for k, one in enumerate(ids)))
    else:
        rows = [f"{one},S,chr1,+,{k},{k},protein_coding\n" for k, one in enumerate(ids)]
        header = "id,symbol,seqnames,strand,TSS,CAGE_representative_TSS,type\n"
        path.write_text(header + "".join(rows))
    return path


def test_a_published_matrix_is_read_row_by_row(tmp_path):
    """Of the size of the published one: a file with holes, in which three rows are written."""
    path, rng = tmp_path / "Xreducedall.2002.npy", np.random.default_rng(1)
    written = {0: rng.random(WIDTH), 7: rng.random(WIDTH), ROWS - 1: rng.random(WIDTH)}
    with open(path, "wb") as file:
        description = {"descr": "<f8", "fortran_order": False, "shape": (ROWS, WIDTH)}
        np.lib.format.write_array_header_1_0(file, description)
        start = file.tell()
        for row, values in written.items():
            file.seek(start + row * WIDTH * 8)
            file.write(values.tobytes())
    assert path.stat().st_size == start + ROWS * WIDTH * 8
    table = open_user_table(path, gene_list(tmp_path / "geneanno.csv"))
    assert isinstance(open_array(path), np.memmap)
    assert (len(table.genes), table.width) == (ROWS, WIDTH)
    found = table.rows(np.array([ROWS - 1, 3, 7]))
    assert found.dtype == np.float32
    expected = np.stack([written[ROWS - 1], np.zeros(WIDTH), written[7]])
    assert np.array_equal(found, expected.astype(np.float32))
    genes = pd.DataFrame({"gene": [f"ENSG{k:011d}" for k in (7, 0, ROWS + 5)], "chrom": "chr1"})
    files = Files(features=[str(path), str(tmp_path / "geneanno.csv")])
    features = read_features("features+published", genes, [], files)
    assert features.genes["gene"].tolist() == [f"ENSG{k:011d}" for k in (0, 7)]
    assert np.array_equal(features.x, np.stack([written[0], written[7]]).astype(np.float32))


def objects(path):
    np.save(path, np.array([[1, "a"], [2, None]], dtype=object))


@pytest.mark.parametrize(
    ("make", "listed", "said"),
    {
        "too few": (lambda p: np.save(p, np.ones((4, 3))), 5, "4 rows, while .*genes has 5 genes"),
        "no list": (lambda p: np.save(p, np.ones((4, 3))), 0, "no list of its genes"),
        "objects": (objects, 2, "an array of Python objects"),
        "one row": (lambda p: np.save(p, np.ones(4)), 4, "an array \\[4\\] of type float64"),
        "text": (lambda p: np.save(p, np.array([["a"], ["b"]])), 2, "of type <U1"),
        "a table": (lambda p: p.write_text("gene\ta\nENSG1\t1\n"), 1, "whose rows have ids"),
    }.values(),
)
def test_arrays_that_cannot_be_read(tmp_path, make, listed, said):
    path = tmp_path / "x.npy"
    make(path)
    genes = gene_list(tmp_path / "genes", listed, "ids") if listed else None
    with pytest.raises(InputError, match=said):
        open_user_table(path, genes)


def test_an_array_that_is_cut_off_or_infinite(tmp_path):
    path, genes = tmp_path / "x.npy", gene_list(tmp_path / "genes", 4, "ids")
    np.save(path, np.array([[1.0, 2], [3, np.nan], [np.inf, 0], [1e99, 0]]))
    table = open_user_table(path, genes)
    assert np.isnan(table.rows(np.array([1]))[0, 1])
    for row in (2, 3):
        with pytest.raises(InputError, match=f"gene ENSG0000000000{row}\n.*infinite"):
            table.rows(np.array([0, row]))
    path.write_bytes(path.read_bytes()[:-8])
    with pytest.raises(InputError, match="a damaged array"):
        open_user_table(path, genes)


def test_lists_of_genes(tmp_path):
    assert read_gene_list(gene_list(tmp_path / "a", 3)) == read_gene_list(
        gene_list(tmp_path / "b", 3, "ids")
    )
    for text, said in {
        "id\nENSG1.1\nENSG1.2\n": "lines 2 and 3\n  found:    ENSG1 twice",
        "name,tss\nA,1\n": "columns name, tss",
        "id,tss\nA,1\n,2\n": "line 3\n  found:    no id",
    }.items():
        (tmp_path / "c").write_text(text)
        with pytest.raises(InputError, match=said):
            read_gene_list(tmp_path / "c")
