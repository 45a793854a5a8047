"""AnnData files: the values of the sheet's samples, or what is said instead."""

import h5py
import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from foldcast.errors import InputError
from foldcast.expression.measurements import read_measurements
from foldcast.expression.pseudobulk import read_pseudobulk

anndata = pytest.importorskip("anndata")
X = np.array([[1.0, 0, 3], [4, 5, 6], [7, 8, 9]])


def samples(**changes):
    table = {"sample": ["b", "a"], "column": pd.array([pd.NA, pd.NA], "Int64"), "time": [0.0, 1.5]}
    return pd.DataFrame({**table, "replicate": [1, 1], "batch": "", **changes})


def write(path, x=X, genes=("G1", "G2", "G3"), names=("a", "b", "c"), **obs):
    about = {"time": [1.5, 0.0, 3.0], "replicate": pd.Categorical(["1", "1", "1"]), **obs}
    data = anndata.AnnData(x, pd.DataFrame(about, index=list(names)), pd.DataFrame(index=genes))
    data.write_h5ad(path)
    return path


@pytest.mark.parametrize("make", [np.array, sparse.csr_matrix, sparse.csc_matrix])
def test_samples_are_observations(tmp_path, make):
    values = read_pseudobulk(write(tmp_path / "x.h5ad", make(X)), samples())
    assert list(values.index) == ["G1", "G2", "G3"] and list(values) == ["b", "a"]
    assert values.to_numpy().tolist() == [[4, 1], [5, 0], [6, 3]]


def test_a_dataset_may_be_an_anndata_file(tmp_path):
    rule = {"keep": "all", "share": 0.5, "sd": 2.0, "low_count": 10}
    options = {"values": "normalised", "normalise": "none", "name_column": 1, "classes": None}
    path = write(tmp_path / "x.h5ad")
    found = read_measurements(path, samples(), ["b"], detection=rule, **options)
    assert found.values.loc["G3"].tolist() == [6, 3]


@pytest.mark.parametrize(
    ("about", "sheet", "said"),
    [
        ({"names": ("a", "b1", "c")}, {}, "no sample b"),
        ({"genes": ("G1", "G1", "G3")}, {}, "gene G1 twice"),
        ({"x": np.array([[1, np.nan, 2]] * 3)}, {}, "gene G2, sample b"),
        ({"time": [1.5, 2.0, 3.0]}, {}, "obs, sample b\n  found:    time 2; 1 such"),
        ({"replicate": ["2", "1", "1"]}, {}, "obs, sample a\n  found:    replicate 2"),
        ({}, {"column": pd.array([2, 3], "Int64")}, "take `column` out"),
    ],
)
def test_mistakes(tmp_path, about, sheet, said):
    with pytest.raises(InputError) as raised:
        read_pseudobulk(write(tmp_path / "x.h5ad", **about), samples(**sheet))
    assert said in str(raised.value)


def test_other_and_damaged_hdf5(tmp_path):
    path = tmp_path / "x.h5"
    with h5py.File(path, "w") as file:
        file["matrix"] = X
    with pytest.raises(InputError, match="HDF5 that holds matrix"):
        read_pseudobulk(path, samples())
    raw = write(tmp_path / "x.h5ad").read_bytes()
    path.write_bytes(raw[: len(raw) // 2])
    with pytest.raises(InputError, match="cannot be opened"):
        read_pseudobulk(path, samples())
