"""The public mouse-lung course, built from its raw file."""

from dataclasses import dataclass

import numpy as np
import pytest

from foldcast.files import read_text

RAW = "raw_data_conversion/raw_data_mrna/mRNAnorm.txt"


@dataclass(frozen=True)
class Lung:
    """names: rows as given; samples [126, 174] and ages [174]; course and variance [126, 43]."""

    names: list[str]
    samples: np.ndarray
    ages: np.ndarray

    @property
    def times(self) -> np.ndarray:
        return np.unique(self.ages)

    @property
    def replicates(self) -> np.ndarray:
        return np.array([(self.ages == time).sum() for time in self.times])

    @property
    def course(self) -> np.ndarray:
        return np.stack([self.samples[:, self.ages == t].mean(axis=1) for t in self.times], 1)

    @property
    def variance(self) -> np.ndarray:
        return np.stack([self.samples[:, self.ages == t].var(1, ddof=1) for t in self.times], 1)


@pytest.fixture(scope="session")
def lung(mirror) -> Lung:
    lines = [
        line.split("\t")
        for line in read_text(next((mirror / "beyzoskaya/STEP").glob(f"*/{RAW}"))).split("\n")
        if line.strip()
    ]
    return Lung(
        names=[line[0] for line in lines[1:]],
        samples=np.array([line[1:] for line in lines[1:]], dtype=float),
        ages=np.array(lines[0][1:], dtype=float),
    )
