"""A simulated expression time course: who drives whom, the dynamics, the table a user would bring.

A gene's log2 level reverts to its own mean (Ornstein–Uhlenbeck process, so any time step is
exact). Its standardised shock at a time is partly its own innovation, partly the mean of its
drivers' innovations at the time before. Innovations themselves may be alike in genes that touch.
The parts are scaled so that every gene's shocks have variance 1 whoever drives it: regimes cannot
be told apart by how much genes change.
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
TOGETHER_REACH = 200_000  # bp; genes that are no farther apart may change together
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
        symbol = own["symbol"].to_numpy()
        distance, contact = _contact(own["tss"].to_numpy(), chromosome)
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


def share_innovations(
    genes: pd.DataFrame, folding: Sequence[Chromosome], regime: str
) -> np.ndarray:
    """What genes' innovations have in common, by whom they touch for their distance.

    The correlation of two genes within 200 kb is in proportion to the log2 of their contact over
    that of genes as far apart, as near as correlations of all can be; in regimes that contacts
    do not drive there is none.

    Args:
        genes: as of `draw_drivers`.

    Returns:
        [genes, sources] loadings on independent sources; squares sum to 1, or all are 0 of a gene
        that has nothing in common with others.
    """
    covariance = np.zeros((len(genes), len(genes)))
    for chromosome in folding if regime in ("folding", "lag") else ():
        own = np.flatnonzero(genes["chrom"] == chromosome.chrom)
        distance, contact = _contact(genes["tss"].to_numpy()[own], chromosome)
        near = (distance <= TOGETHER_REACH) & ~np.eye(len(own), dtype=bool)
        covariance[np.ix_(own, own)] = np.where(near, np.log2(contact), 0.0)
    values, vectors = np.linalg.eigh(covariance)
    loadings = vectors * np.sqrt(np.maximum(values, 0.0))
    norm = np.linalg.norm(loadings, axis=1, keepdims=True)
    some = norm > 1e-6
    return np.where(some, loadings / np.where(some, norm, 1.0), 0.0)


def _contact(tss: np.ndarray, chromosome: Chromosome) -> tuple[np.ndarray, np.ndarray]:
    """[genes, genes] distances (bp) of TSSs of one chromosome, and contact over its mean there."""
    first, second = np.minimum.outer(tss, tss), np.maximum.outer(tss, tss)
    return second - first, chromosome.observed_over_expected(first, second, STEP)


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
    together: float = 0.0,
    shared: np.ndarray | None = None,
) -> pd.DataFrame:
    """The noise-free log2 time course, gene × time: the annotated genes, then the control probes.

    Args:
        drivers: gene1, gene2, weight of `draw_drivers`.
        times: [T], ascending.
        strength: the drivers' part of a gene's shock relative to its own, 0 … 1.
        lag: how many time points a driver's innovation takes to arrive.
        together: the part of an innovation's variance that genes have in common by ``shared``.
        shared: loadings of `share_innovations`; needed where ``together`` is above 0.
    """
    names = [*genes["symbol"], *CONTROL_PROBES]
    index = pd.Index(names)
    weights = np.zeros((len(names), len(names)))
    driven, drives = (index.get_indexer(drivers[name]) for name in ("gene1", "gene2"))
    weights[driven, drives] = drivers["weight"]
    noise = rng.standard_normal((lag + len(times), len(names)))
    root = np.eye(len(names))
    if together and shared is not None:
        alike = np.flatnonzero(shared.any(axis=1))
        root[alike, alike] = np.sqrt(1 - together)
        sources = np.zeros((len(names), shared.shape[1]))
        sources[alike] = np.sqrt(together) * shared[alike]
        root = np.hstack([root, sources])
        noise = np.hstack([noise, rng.standard_normal((len(noise), shared.shape[1]))])
    innovations = noise @ root.T
    norm = np.linalg.norm(weights @ root, axis=1, keepdims=True)
    carried = strength * np.divide(weights, norm, out=weights, where=norm > 0)
    shocks = innovations[lag:] + innovations[:-lag] @ carried.T
    shocks /= np.sqrt(1 + ((carried @ root) ** 2).sum(axis=1))

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
