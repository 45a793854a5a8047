"""ExPecto's published models as they are: linear weights over Beluga's outputs, one per tissue.

Two formats hold the same numbers: the text dump (``.dump``) and the binary of xgboost before 1.0
(``.save``), which today's xgboost no longer opens. Both are read here; no pickle, no xgboost.
"""

import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from foldcast.errors import InputError
from foldcast.spex.features.local_features import KERNELS
from foldcast.variants.published_settings import tissue_of

EXPECTED = (
    "a linear model of xgboost (gblinear): a text dump, or the binary of a version before 1.0"
)
MAGIC = b"binf"  # how xgboost began a binary; models without it begin with what is behind
BASE_SCORE = 2.0  # of ExPecto's models; a dump does not hold it
PARAMETERS = 136  # bytes of the parameters of a learner, and of those of a linear model


@dataclass(frozen=True)
class PublishedModel:
    """One tissue's model.

    weights: [10, F] float64, of the outputs under each kernel (upstream ones first, as in
    `local_features`). start: what the model says of zeros, its bias and its base score.
    """

    tissue: str
    weights: np.ndarray
    start: float

    def effects(self, differences: np.ndarray, *, single: bool = False) -> np.ndarray:
        """Model(difference) − model(zeros) of weighted differences [n, 10, F]: [n].

        Args:
            single: add in single precision, one after another from `start`, as xgboost does. What
                ExPecto's script gives is rounded so, by up to 1e-5.
        """
        if not single:
            return np.einsum("nkf,kf->n", differences, self.weights)
        start = np.float32(self.start)
        effects = []
        for one in differences:
            terms = one.astype(np.float32) * self.weights.astype(np.float32)
            terms = np.concatenate([[start], terms.ravel()]).astype(np.float32)
            effects.append(np.cumsum(terms, dtype=np.float32)[-1] - start)
        return np.array(effects, dtype=np.float64)


def read_model(path: str | Path) -> PublishedModel:
    """A published model; its format is told by its content.

    In each kernel's share of the weights the first belongs to no output; it must be zero.

    Raises:
        InputError: neither format, a tree, a file cut short, a number of weights that does not
            part into ten kernels, infinite weights.
    """
    content = Path(path).read_bytes()
    if content.startswith(b"booster["):
        weights, start = _read_dump(content, path)
    else:
        weights, start = _read_binary(content, path)
    if not np.isfinite(weights).all():
        raise _refused(path, "weights that are no finite numbers")
    if len(weights) % KERNELS:
        raise _refused(path, f"{len(weights):,} weights, which are no {KERNELS} equal shares")
    each = weights.reshape(KERNELS, -1)
    if each.shape[1] < 2 or each[:, 0].any():
        raise _refused(path, "a first weight of a kernel that is not 0: another layout")
    return PublishedModel(tissue_of(path), np.ascontiguousarray(each[:, 1:], np.float64), start)


def check_width(model: PublishedModel, outputs: int, path: str | Path) -> None:
    """Refuse a model of other outputs than there are.

    Raises:
        InputError: as many weights per kernel as another network has outputs.
    """
    if model.weights.shape[1] != outputs:
        raise InputError(
            path,
            found=f"weights of {model.weights.shape[1]:,} outputs",
            expected=f"{outputs:,}, as many as Beluga has here",
            remedy="give models and differences (or weights of Beluga) that belong together",
        )


def _read_dump(content: bytes, path: str | Path) -> tuple[np.ndarray, float]:
    lines = content.decode("ascii", "replace").split()
    if lines[:2] != ["booster[0]:", "bias:"] or lines[3:4] != ["weight:"]:
        raise _refused(path, f"a dump that begins {' '.join(lines[:4])!r}")
    try:
        numbers = np.array(lines[2:3] + lines[4:], dtype=np.float64)
    except ValueError as error:
        raise _refused(path, str(error)) from None
    return numbers[1:], float(numbers[0]) + BASE_SCORE


def _read_binary(content: bytes, path: str | Path) -> tuple[np.ndarray, float]:
    at = len(MAGIC) if content.startswith(MAGIC) else 0
    try:
        base_score, features = struct.unpack_from("<fI", content, at)
        at += PARAMETERS
        names = []
        for _ in ("objective", "booster"):
            (length,) = struct.unpack_from("<Q", content, at)
            if length > 100:
                raise _refused(path, f"{content[:8]!r} …")
            at += 8 + length
            names.append(content[at - length : at].decode("ascii", "replace"))
        if names[1] != "gblinear":
            raise _refused(path, f"a booster {names[1]!r}")
        _, groups = struct.unpack_from("<Ii", content, at)
        (count,) = struct.unpack_from("<Q", content, at + PARAMETERS)
        if groups != 1 or count != features + 1:
            raise _refused(path, f"{count:,} weights of {features:,} features, {groups} groups")
        numbers = np.frombuffer(content, "<f4", count, at + PARAMETERS + 8).astype(np.float64)
    except (struct.error, ValueError):
        raise _refused(path, f"{len(content):,} bytes, which end too early") from None
    return numbers[:-1], float(numbers[-1]) + base_score


def _refused(path: str | Path, found: str) -> InputError:
    return InputError(
        path, found=found, expected=EXPECTED, remedy="give the file as ExPecto published it"
    )
