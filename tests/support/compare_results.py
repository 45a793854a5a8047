"""Whether two results folders say the same: `python tests/support/compare_results.py BEFORE AFTER`.

Tables are compared byte for byte after words that were renamed on purpose are written the old way
(`RENAMED`); HDF5 files by their datasets, without the fingerprints of code in their attributes;
fits byte for byte. Figures, pages, logs and benchmarks are left out. Ends with 1 where anything
differs.
"""

import re
import sys
from pathlib import Path

import h5py
import numpy as np

TABLES = {".tsv", ".csv", ".bed", ".gtf", ".fai", ".sizes", ".gmt", ".txt"}
ARRAYS = {".h5", ".cool", ".mcool"}
LEFT_OUT = {"logs", "figures", "benchmarks"}
# New word → old word, as patterns.
RENAMED = {
    r"feature_set": "arm",
    r"feature set": "arm",
    r"time course": "course",
    r"one rewired graph:": "one control graph:",
    r"rewired graph": "control",
    r"n_validation": "n_stop",
    r"validation_rmse": "stop_rmse",
    r"\bvalidation\b": "stop",
}


def files(folder: Path) -> dict[str, Path]:
    """Path below the folder → file, of what is compared."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {
        str(path.relative_to(folder)): path
        for path in found
        if not LEFT_OUT & {*path.parts}
        and path.suffix in TABLES | ARRAYS | {".safetensors", ".ubj"}
    }


def as_before(text: bytes) -> bytes:
    """A table with the words of before."""
    for new, old in RENAMED.items():
        text = re.sub(new.encode(), old.encode(), text)
    return text


def arrays(path: Path) -> dict[str, np.ndarray]:
    """Every dataset of an HDF5 file, by its name in the words of before."""
    found: dict[str, np.ndarray] = {}
    with h5py.File(path) as file:
        file.visititems(
            lambda name, item: (
                found.__setitem__(as_before(name.encode()).decode(), item[()])
                if isinstance(item, h5py.Dataset)
                else None
            )
        )
    return found


def bits(values: np.ndarray) -> object:
    """What equal arrays share to the bit; texts are objects, whose bytes are addresses."""
    return values.tolist() if values.dtype == object else values.tobytes()


def same(before: Path, after: Path) -> bool:
    if before.suffix in TABLES:
        return as_before(before.read_bytes()) == as_before(after.read_bytes())
    if before.suffix in ARRAYS:
        one, two = arrays(before), arrays(after)
        return one.keys() == two.keys() and all(
            one[name].dtype == two[name].dtype and bits(one[name]) == bits(two[name])
            for name in one
            if name not in ("key", "fingerprint")
        )
    return before.read_bytes() == after.read_bytes()


def main(before: Path, after: Path) -> int:
    one, two = files(before), files(after)
    different = [name for name in sorted(one.keys() & two.keys()) if not same(one[name], two[name])]
    lost, new = sorted(one.keys() - two.keys()), sorted(two.keys() - one.keys())
    print(f"{len(one.keys() & two.keys())} files compared, {len(different)} differ")
    for what, names in (("differs", different), ("only before", lost), ("only after", new)):
        print("".join(f"  {what}: {name}\n" for name in names), end="")
    return int(bool(different or lost or new))


if __name__ == "__main__":
    sys.exit(main(*map(Path, sys.argv[1:3])))
