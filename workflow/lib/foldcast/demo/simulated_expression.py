"""A simulated expression time course: who drives whom, the dynamics, the table a user would bring.

A gene's log2 level reverts to its own mean (Ornstein–Uhlenbeck process, so any time step is
exact). Its standardised shock at a time is partly its own innovation, partly the mean of its
drivers' innovations at the time before. The parts are scaled so that every gene's shocks have
variance 1 whoever drives it: regimes cannot be told apart by how much genes change.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.demo.simulated_folding import Chromosome, decay
from foldcast.errors import InputError
from foldcast.files import read_table

CONTROL_PROBES = ("CTRL1", "CTRL2", "CTRL3", "CTRL4")  # in the panel, not in the annotation
PARTNERS = 4  # drivers of a gene
REACH = 1_000_000  # bp; drivers are no farther away
STEP = 10_000  # bp; bin size at which a contact is compared with its distance
LEVEL = {"A": 8.0, "B": 5.0}  # mean log2 level by compartment
LEVEL_SD, LOWEST, HIGHEST = 1.5, 3.5, 10.5
SPREAD = 0.6  # stationary sd of a gene around its level (log2)
MEMORY = 24.0  # time in which a deviation falls to 1/e, in the unit of the sheet


def read_samples(path: str | Path) -> pd.DataFrame:
    """The sample sheet (sample, column, time, replicate) that says what to simulate, by column.

    Raises:
        InputError: where columns are missing or times are no numbers, or where the table's
            columns 2, 3, … are not each described once.
    """
    sheet = read_table(path)
    missing = [c for c in ("sample", "column", "time", "replicate") if c not in sheet]
    if missing:
        raise InputError(
            path,
            place="header",
            found=", ".join(sheet.columns),
            expected="sample, column, time, replicate",
            remedy=f"add {', '.join(missing)}",
        )
    for name in ("column", "time"):
        numbers = pd.to_numeric(sheet[name], errors="coerce")
        if numbers.isna().any():
            row = int(np.flatnonzero(numbers.isna())[0])
            raise InputError(
                path,
                place=f"line {row + 2}, {name}",
                found=str(sheet[name][row]),
                expected="a number",
                remedy="correct the sheet",
            )
        sheet[name] = numbers
    sheet = sheet.sort_values("column", ignore_index=True)
    if sheet["column"].tolist() != list(range(2, len(sheet) + 2)):
        raise InputError(
            path,
            place="column",
            found=", ".join(map(str, sheet["column"])),
            expected=f"each of 2 … {len(sheet) + 1} once: column 1 holds the genes",
            remedy="number the samples from 2 on, without gaps",
        )
    return sheet


def draw_drivers(genes: pd.DataFrame, folding: Sequence[Chromosome], regime: str) -> pd.DataFrame:
    """Who drives whom within 1 Mb of the same chromosome.

    `folding` and `lag`: a gene's partners with the most contact for their distance; `distance`:
    its nearest neighbours; `wrong`: for every partner in `folding` one of the half with the
    least contact, at the most similar distance, so that the numbers of drivers and their
    distances are about kept and the map is not; `none`: nobody.

    Args:
        genes: gene_id … tss as of `foldcast.demo.simulated_genome.draw_genes`.

    Returns:
        gene1 (driven), gene2 (its driver), weight (sums to 1 over the drivers of gene1).
    """
    rows = []
    for chromosome in folding if regime != "none" else ():
        own = genes[genes["chrom"] == chromosome.chrom]
        symbol, tss = own["symbol"].to_numpy(), own["tss"].to_numpy()
        distance = np.abs(tss[:, None] - tss[None, :])
        contact = chromosome.observed_over_expected(
            np.minimum(tss[:, None], tss[None, :]), np.maximum(tss[:, None], tss[None, :]), STEP
        )
        if regime == "distance":
            contact = decay(distance)
        for gene in range(len(own)):
            others = np.flatnonzero((distance[gene] <= REACH) & (np.arange(len(own)) != gene))
            ranked = others[np.argsort(-contact[gene, others], kind="stable")]
            drivers = ranked[:PARTNERS]
            weight = contact[gene, drivers]
            if regime == "wrong":
                strangers = ranked[max(PARTNERS, len(ranked) // 2) :]
                drivers = _same_distance(distance[gene], drivers, strangers)
                weight = weight[: len(drivers)]
            rows += [
                (symbol[gene], symbol[driver], share)
                for driver, share in zip(drivers, weight / weight.sum(), strict=True)
            ]
    return pd.DataFrame(rows, columns=["gene1", "gene2", "weight"])


def _same_distance(distance: np.ndarray, wanted: np.ndarray, rest: np.ndarray) -> np.ndarray:
    """For each of ``wanted`` another of ``rest``, at the most similar distance; each once."""
    left = list(rest)
    chosen = []
    for partner in wanted[: len(rest)]:
        gap = np.abs(np.log((distance[left] + STEP) / (distance[partner] + STEP)))
        chosen.append(left.pop(int(np.argmin(gap))))
    return np.array(chosen, dtype=int)


def simulate_time_course(
    genes: pd.DataFrame,
    drivers: pd.DataFrame,
    times: np.ndarray,
    *,
    strength: float,
    lag: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """The noise-free log2 time course, gene × time: the annotated genes, then the control probes.

    Args:
        drivers: gene1, gene2, weight of `draw_drivers`.
        times: [T], ascending.
        strength: the drivers' part of a gene's shock relative to its own, 0 … 1.
        lag: how many time points a driver's innovation takes to arrive.
    """
    names = [*genes["symbol"], *CONTROL_PROBES]
    index = pd.Index(names)
    weights = np.zeros((len(names), len(names)))
    driven, drives = (index.get_indexer(drivers[name]) for name in ("gene1", "gene2"))
    weights[driven, drives] = drivers["weight"]
    norm = np.linalg.norm(weights, axis=1, keepdims=True)
    carried = strength * np.divide(weights, norm, out=weights, where=norm > 0)
    innovations = rng.standard_normal((lag + len(times), len(names)))
    shocks = innovations[lag:] + innovations[:-lag] @ carried.T
    shocks /= np.sqrt(1 + (carried**2).sum(axis=1))

    middle = sum(LEVEL.values()) / len(LEVEL)
    usual = np.array([*genes["compartment"].map(LEVEL), *[middle] * len(CONTROL_PROBES)])
    level = np.clip(usual + LEVEL_SD * rng.standard_normal(len(names)), LOWEST, HIGHEST)
    deviation = np.empty((len(times), len(names)))
    deviation[0] = SPREAD * shocks[0]
    for k, step in enumerate(np.diff(times), 1):
        kept = np.exp(-step / MEMORY)
        deviation[k] = kept * deviation[k - 1]
        deviation[k] += SPREAD * np.sqrt(1 - kept**2) * shocks[k]
    header = [f"{time:g}" for time in times]
    return pd.DataFrame((level + deviation).T, index=pd.Index(names, name="gene"), columns=header)


def measure(
    time_course: pd.DataFrame, samples: pd.DataFrame, noise: float, rng: np.random.Generator
) -> pd.DataFrame:
    """The table that a user would bring: gene × sample, log2, with Gaussian replicate noise.

    Samples stand where the sheet's `column` says; values have four decimals.
    """
    clean = time_course[[f"{time:g}" for time in samples["time"]]].to_numpy()
    values = clean + noise * rng.standard_normal(clean.shape)
    return pd.DataFrame(
        values.round(4), index=time_course.index, columns=samples["sample"].tolist()
    )
