"""Kept features are said and deleted; nothing else is."""

import os
import time

import numpy as np
import pytest

from foldcast.spex.features.clean_cache import main
from foldcast.spex.features.feature_cache import FeatureCache
from foldcast.spex.features.feature_tables import LOCAL, fingerprint_of, key_of

OLD = 40 * 86_400  # seconds


@pytest.fixture
def folder(tmp_path):
    """Features of two precisions; those in bf16 were used 40 days ago."""
    for precision in ("fp32", "bf16"):
        options = {"precision": precision, "reverse_complement": True}
        fingerprint = fingerprint_of(LOCAL, "abcdef0123" * 6, options)
        keys = [key_of(np.array([k], np.uint8)) for k in range(3)]
        with FeatureCache(tmp_path / "features", tmp_path / "o.h5", fingerprint, keys) as cache:
            cache.rows(np.arange(3), lambda at: {"x": np.zeros((len(at), 50_000), "f4")})
        if precision == "bf16":
            before = time.time() - OLD
            os.utime(cache.folder, (before, before))
    (tmp_path / "features/mine").mkdir()
    (tmp_path / "features/notes.txt").write_text("mine")
    return tmp_path / "features"


def test_what_was_not_used_for_long_is_deleted(folder, capsys):
    assert main([str(folder), "--unused", "30"]) == 0
    said = {line.split(", ")[2]: line for line in capsys.readouterr().out.splitlines()}
    assert said["bf16"].endswith("1 MB, last used 40 days ago: deleted")
    assert said["fp32"].endswith("1 MB, last used 0 days ago: kept")
    assert "local features of genes, weights abcdef01" in said["fp32"] and "3 rows" in said["fp32"]
    assert len(list(folder.glob("*/*.h5"))) == 1


def test_all_of_it_is_deleted_and_nothing_else(folder, capsys):
    main([str(folder)])
    assert sorted(path.name for path in folder.iterdir()) == ["mine", "notes.txt"]
    capsys.readouterr()
    main([str(folder)])
    assert "no features are kept there" in capsys.readouterr().out
