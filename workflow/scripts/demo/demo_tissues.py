"""Simulate the expression of two tissues, from the motifs that each gene sees and touches.

The logarithm of a gene's expression is a sum of three parts, each scaled to its share of the
variance over genes: promoter motifs near the TSS, whose effect falls exponentially with distance;
distal motifs in the places that touch the TSS in the tissue's own folding, each weighted by how
much more it touches than its distance says; and noise.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from foldcast.demo.motifs import PLACE
from foldcast.demo.simulated_folding import BED, Chromosome, read_folding
from foldcast.files import read_table, write_table
from foldcast.job import log, run

LOCAL = {  # effect of a promoter motif at the TSS, by tissue
    "alpha": {"promoter1": 1.0, "promoter2": 0.7, "promoter3": -0.9},
    "beta": {"promoter1": 1.0, "promoter2": 0.7, "promoter3": 0.3},
}
DISTAL = {"enhancer": 1.0, "silencer": -1.0}
REACH = 4_000  # bp in which the effect of a promoter motif falls to 1/e
NEAR = 20_000  # bp; farther away, promoter motifs say nothing and only distal ones do
FAR = 500_000  # bp; no contact is longer
PARTNERS = 10  # places that touch a TSS
SHARES = {"local": 0.40, "distal": 0.48, "noise": 0.12}  # of the variance
MEAN, SD = 2.0, 1.2  # of ln(expression)


def main(snakemake) -> None:
    given, out, params = snakemake.input, snakemake.output, snakemake.params
    genes = read_table(given.genes)
    motifs = pd.read_csv(given.motifs, sep="\t", names=[*BED, "name", "score", "strand"])
    foldings = {
        "alpha": read_folding(given.compartments, given.boundaries, given.loops),
        "beta": read_folding(given.other_compartments, given.other_boundaries, given.other_loops),
    }
    rng = np.random.default_rng([params.seed, 7])
    table, truths = pd.DataFrame({"gene": genes["gene_id"]}), []
    for tissue, folding in foldings.items():
        parts = {
            "local": local_effects(genes, motifs, LOCAL[tissue]),
            "distal": distal_effects(genes, motifs, folding, DISTAL),
        }
        expression, truth = express(parts, params.distal, rng)
        table[tissue] = expression.round(4)
        truth.insert(0, "tissue", tissue)
        truth.insert(0, "gene", genes["gene_id"])
        truths.append(truth)
    write_table(table, out.table)
    write_table(pd.concat(truths), out.truth)
    log.info("%d genes × %d tissues", len(table), len(foldings))


def local_effects(
    genes: pd.DataFrame, motifs: pd.DataFrame, effects: Mapping[str, float]
) -> np.ndarray:
    """What the promoter motifs within 20 kb say of each gene [G], whichever gene they were for."""
    known = motifs[motifs["name"].isin(effects)]
    total = np.zeros(len(genes))
    for chrom, own in genes.groupby("chrom", sort=False):
        sites = known[known["chrom"] == chrom]
        middle = (sites["start"] + sites["end"]).to_numpy() / 2
        distance = np.abs(own["tss"].to_numpy()[:, None] - middle)
        fallen = np.where(distance < NEAR, np.exp(-distance / REACH), 0.0)
        total[own.index] = fallen @ sites["name"].map(effects).to_numpy()
    return total


def distal_effects(
    genes: pd.DataFrame,
    motifs: pd.DataFrame,
    folding: Sequence[Chromosome],
    effects: Mapping[str, float],
) -> np.ndarray:
    """What the distal motifs say that touch each gene's TSS [G].

    A TSS is touched by the 10 places of 10 kb, 20 … 500 kb away, with the most contact for their
    distance, and each counts by that.
    """
    known = motifs[motifs["name"].isin(effects)]
    total = np.zeros(len(genes))
    for chromosome in folding:
        own = genes[genes["chrom"] == chromosome.chrom]
        sites = known[known["chrom"] == chromosome.chrom]
        middle = np.arange(PLACE / 2, chromosome.length, PLACE)
        said = np.bincount(
            sites["start"] // PLACE, sites["name"].map(effects), minlength=len(middle)
        )
        tss = own["tss"].to_numpy()[:, None]
        distance = np.abs(tss - middle)
        contact = chromosome.observed_over_expected(
            np.minimum(tss, middle), np.maximum(tss, middle), PLACE
        )
        contact = np.where((distance >= NEAR + PLACE / 2) & (distance <= FAR), contact, 0.0)
        weakest = np.sort(contact, axis=1)[:, -PARTNERS][:, None]
        total[own.index] = np.where(contact >= weakest, contact, 0.0) @ said
    return total


def express(
    parts: Mapping[str, np.ndarray], strength: float, rng: np.random.Generator
) -> tuple[np.ndarray, pd.DataFrame]:
    """Expression [G], like TPM, and the parts of its logarithm.

    Args:
        parts: `local` and `distal`, [G] each, in any unit.
        strength: 0 … 1, of the distal part; without it the variance is the less.
    """
    count = len(parts["local"])
    scaled = {name: _standard(values) for name, values in parts.items()}
    scaled["distal"] *= strength
    scaled["noise"] = rng.standard_normal(count)
    truth = pd.DataFrame(
        {name: SD * np.sqrt(SHARES[name]) * values for name, values in scaled.items()}
    )
    return np.exp(MEAN + truth.sum(axis=1).to_numpy()), truth


def _standard(values: np.ndarray) -> np.ndarray:
    spread = values.std()
    return (values - values.mean()) / (spread if spread > 0 else 1.0)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
