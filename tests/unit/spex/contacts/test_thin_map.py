"""Maps of one depth: as many contacts as the shallowest, drawn at random."""

from pathlib import Path
from types import SimpleNamespace

import cooler
import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.hic.balancing import Balance
from foldcast.hic.contact_formats import import_contacts
from random_map import BIN, N, made, random_pixels
from scripts.spex import thin_map


@pytest.fixture(scope="module")
def clr(tmp_path_factory):
    sizes = pd.Series({"chr1": N * BIN, "chr2": N * BIN})
    pixels = pd.concat([random_pixels(1), random_pixels(2, "chr2")])
    return made(tmp_path_factory.mktemp("deep"), pixels, sizes)


@pytest.mark.slow
def test_thinned_map(clr, tmp_path):
    pixels = pd.concat([random_pixels(3, scale=100.0), random_pixels(4, "chr2", scale=100.0)])
    shallow = made(tmp_path, pixels, clr.chromsizes, "shallow")
    paths = [str(clr.filename), str(shallow.filename)]

    def thin(path, target):
        params = SimpleNamespace(balance={"min_nnz": 3})
        files = SimpleNamespace(map=path, maps=paths)
        output = SimpleNamespace(map=str(target))
        thin_map.main(SimpleNamespace(input=files, output=output, params=params, threads=1))
        return cooler.Cooler(str(target))

    deep = thin(paths[0], tmp_path / "deep.cool")
    assert deep.info["sum"] == shallow.info["sum"] < clr.info["sum"]
    old = clr.matrix(balance=False, sparse=True)[:].tocsr()
    new = deep.matrix(balance=False, sparse=True)[:].tocsr()
    assert (new > old).nnz == 0
    share = shallow.info["sum"] / clr.info["sum"]
    near, far = (np.array([old.diagonal(k).sum(), new.diagonal(k).sum()]) for k in (2, 40))
    for before, after in (near, far):
        assert after == pytest.approx(share * before, rel=0.05)
    assert np.isfinite(deep.bins()["weight"][:]).mean() > 0.9
    assert deep._load_attrs("bins/weight")["origin"] == "made"
    again = thin(paths[0], tmp_path / "again.cool")
    assert Path(deep.filename).read_bytes() == Path(again.filename).read_bytes()
    # The shallowest stays what it is.
    same = thin(paths[1], tmp_path / "same.cool")
    assert same.bins()[:].equals(shallow.bins()[:]) and same.info["sum"] == shallow.info["sum"]


def test_maps_without_counts_are_not_thinned(clr, tmp_path):
    pairs = pd.DataFrame({"bin1": [10], "bin2": [30], "count": [4.5]})
    pairs = pairs.assign(chrom1="chr1", chrom2="chr1")
    import_contacts(pairs, "triples", BIN, clr.chromsizes, tmp_path / "t.cool", 2)
    given = cooler.Cooler(str(tmp_path / "t.cool"))
    with pytest.raises(InputError, match="no counts") as error:
        thin_map.thin_map(clr, [given], tmp_path / "x.cool", Balance())
    assert "t.cool" in str(error.value) and "controls.kinds" in str(error.value)


def test_large_maps_are_thinned_contact_by_contact(clr, tmp_path, monkeypatch):
    monkeypatch.setattr(thin_map, "EXACT", 0)
    shallow = made(tmp_path, random_pixels(3, scale=100.0), clr.chromsizes[:1], "shallow")
    share = thin_map.thin_map(clr, [shallow], tmp_path / "thin.cool", Balance(min_nnz=3))
    thin = cooler.Cooler(str(tmp_path / "thin.cool"))
    # Of chromosomes that both maps have: chr2 is thinned as much as chr1.
    whole, part = (each.matrix(balance=False).fetch("chr1") for each in (clr, thin))
    assert share == shallow.info["sum"] / np.triu(whole).sum()
    assert np.triu(part).sum() == pytest.approx(shallow.info["sum"], rel=0.05)
    assert (part <= whole).all() and thin.chromnames == ["chr1", "chr2"]
