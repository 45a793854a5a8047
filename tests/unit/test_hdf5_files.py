"""HDF5 files are there whole or not at all, and a full disk is an error, not the end."""

import os
import subprocess
import sys

import h5py
import numpy as np
import pytest

from foldcast.hdf5_files import new_hdf5

FULL = """
import sys
import numpy as np
from foldcast.hdf5_files import new_hdf5
try:
    with new_hdf5(sys.argv[1]) as file:
        for k in range(40):
            file.create_dataset(f"t/{k}", data=np.ones((50, 100)))
except OSError as error:
    print("refused:", error.strerror)
"""


def test_what_is_written_is_read_and_the_same_each_time(tmp_path):
    for name in ("one.h5", "two.h5"):
        with new_hdf5(tmp_path / name) as file:
            values = np.arange(300_000, dtype="f4").reshape(-1, 3)
            file.create_dataset("x", data=values, track_times=False)
    with h5py.File(tmp_path / "one.h5") as file:
        assert np.array_equal(file["x"][:], values)
    assert (tmp_path / "one.h5").read_bytes() == (tmp_path / "two.h5").read_bytes()


def test_what_fails_leaves_nothing(tmp_path):
    with pytest.raises(KeyError), new_hdf5(tmp_path / "x.h5") as file:
        file.create_dataset("x", data=[1.0])
        raise KeyError
    assert not list(tmp_path.iterdir())


def test_a_full_disk_is_an_error(tmp_path):
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", tmp_path], capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"no small disk can be made here: {mounted.stderr.decode().strip()}")
    try:
        made = subprocess.run(
            [sys.executable, "-c", FULL, tmp_path / "x.h5"],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            capture_output=True,
            text=True,
        )
        assert made.returncode == 0, made.stderr
        assert made.stdout.strip() == "refused: No space left on device"
        assert not list(tmp_path.iterdir())
    finally:
        subprocess.run(["umount", tmp_path], check=True)
