"""Where genes that change lie: in which compartment, in which TADs; beside what their level says.

How many genes change depends on how much they are expressed, and so does where they lie. So each
share stands beside the one that genes of the same level lead to expect, wherever they lie.
"""

import numpy as np
import pandas as pd
from scipy.stats import false_discovery_control, poisson_binom

from foldcast.evaluation.step_changes import is_changed
from foldcast.genes.interval_values import value_at
from foldcast.resampling import expanded_interval, ratio

STRATA = 10  # of genes by their level
FEWEST = 3  # genes in a TAD that is looked at
FEWEST_CHANGED = 5  # placed genes that change, below which shares say nothing
BLOCK = 5_000_000  # bp of a chromosome, which are drawn together
DRAWS = 999
COMPARTMENTS = ["from", "to", "compartment", "genes", "changed", "share", "expected", "difference",
                "low", "high", "sentence"]  # fmt: skip
TADS = ["from", "to", "chrom", "start", "end", "genes", "changed", "expected", "p", "q"]


def placed_changes(
    changes: pd.DataFrame,
    levels: pd.Series,
    loci: pd.DataFrame,
    compartments: pd.DataFrame,
    tads: pd.DataFrame,
    seed: int = 1,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The genes that change at each step, by compartment and by TAD.

    Args:
        changes: of `foldcast.evaluation.step_changes.step_changes`.
        levels: gene → mean log2 expression.
        loci: gene, chrom, start, end; empty where unplaced.
        compartments: chrom, start, end, score (above 0: A) of bins.
        tads: chrom, start, end.
        seed: of the draws of blocks.

    Returns:
        a row per tested step and compartment: share of its genes that change, and the share that
        genes of their levels lead to expect, with a 95 % interval of the difference (blocks of the
        genome drawn anew); and a row per step and TAD with three genes or more: p one-sided, of as
        many changed genes were genes of one level alike and independent, q over all of them.
        Nothing of steps with fewer than five placed genes that change.
    """
    placed = loci.dropna(subset=["chrom", "start", "end"]).set_index("gene")
    middle = (placed["start"] + placed["end"]) / 2
    placed = placed.assign(
        middle=middle,
        score=value_at(placed["chrom"], middle, compartments, compartments["score"]),
        tad=value_at(placed["chrom"], middle, tads, pd.Series(range(len(tads)), dtype=float)),
        block=placed["chrom"].astype(str) + ":" + (middle // BLOCK).astype(int).astype(str),
        level=levels.reindex(placed.index),
    )
    rng = np.random.default_rng(seed)
    found, domains = [], []
    for (begin, end), rows in changes.dropna(subset="q").groupby(["from", "to"], sort=True):
        own = pd.Series(is_changed(rows["q"]), rows["gene"])
        here = placed[placed.index.isin(own.index)]
        here = here.assign(changed=own[here.index].to_numpy(), stratum=_strata(here["level"]))
        if here["changed"].sum() < FEWEST_CHANGED:
            continue
        step = {"from": begin, "to": end}
        scored = here.dropna(subset="score")
        if scored["changed"].sum() >= FEWEST_CHANGED and (scored["score"] > 0).nunique() == 2:
            found += [step | row for row in _by_compartment(scored, rng)]
        domains += [step | row for row in _by_domain(here, tads)]
    by_compartment = pd.DataFrame([row | {"sentence": _sentence(row)} for row in found])
    by_domain = pd.DataFrame(domains)
    if len(by_domain):
        by_domain["q"] = false_discovery_control(by_domain["p"])
    return by_compartment.reindex(columns=COMPARTMENTS), by_domain.reindex(columns=TADS)


def _strata(level: pd.Series) -> np.ndarray:
    """[genes] tenth of the genes by level, fewer parts of few genes."""
    parts = max(1, min(STRATA, len(level) // STRATA))
    return (level.rank(method="first").to_numpy() - 1) * parts // max(len(level), 1)


def _by_compartment(genes: pd.DataFrame, rng: np.random.Generator) -> list[dict]:
    """A row for A and one for B."""
    block = pd.factorize(genes["block"])[0]
    stratum = genes["stratum"].to_numpy(int)
    is_b = (genes["score"].to_numpy() <= 0).astype(int)
    shape = block.max() + 1, stratum.max() + 1, 2
    number, changed = np.zeros((2, *shape))
    np.add.at(number, (block, stratum, is_b), 1.0)
    np.add.at(changed, (block, stratum, is_b), genes["changed"].to_numpy(float))
    draws = rng.multinomial(shape[0], np.full(shape[0], 1 / shape[0]), size=DRAWS)
    weights = np.concatenate([np.ones((1, shape[0])), draws])
    n, c = (np.tensordot(weights, part, axes=1) for part in (number, changed))  # draws, strata, 2
    rate = ratio(c.sum(axis=2), n.sum(axis=2))
    expected = ratio((rate[:, :, None] * n).sum(axis=1), n.sum(axis=1))
    share = ratio(c.sum(axis=1), n.sum(axis=1))
    rows = []
    for k, name in enumerate("AB"):
        low, high = expanded_interval(share[:, k] - expected[:, k], shape[0])
        rows.append(
            {"compartment": name, "genes": int(n[0, :, k].sum()),
             "changed": int(c[0, :, k].sum()), "share": share[0, k], "expected": expected[0, k],
             "difference": share[0, k] - expected[0, k], "low": low, "high": high}
        )  # fmt: skip
    return rows


def _by_domain(genes: pd.DataFrame, tads: pd.DataFrame) -> list[dict]:
    """A row for each TAD with genes enough."""
    rate = genes.groupby("stratum")["changed"].transform("mean")
    rows = []
    for tad, own in genes.assign(rate=rate).dropna(subset="tad").groupby("tad"):
        if len(own) < FEWEST:
            continue
        where = tads.iloc[int(tad)]
        changed, chance = int(own["changed"].sum()), own["rate"].to_numpy(float)
        p = float(poisson_binom.sf(changed - 1, chance)) if changed else 1.0
        rows.append(
            {"chrom": where["chrom"], "start": int(where["start"]), "end": int(where["end"]),
             "genes": len(own), "changed": changed, "expected": chance.sum(),
             "p": min(max(p, 0.0), 1.0)}
        )  # fmt: skip
    return rows


def _sentence(row: dict) -> str:
    """What a compartment says of a step."""
    return (
        f"From {row['from']:g} to {row['to']:g} {row['share']:.1%} of {row['genes']:,} genes in "
        f"compartment {row['compartment']} change; genes of their levels lead to expect "
        f"{row['expected']:.1%} (difference {100 * row['difference']:+.1f} points, 95 % interval "
        f"{100 * row['low']:+.1f} to {100 * row['high']:+.1f}; exploratory)."
    )
