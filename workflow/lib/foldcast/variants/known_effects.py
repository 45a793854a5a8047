"""Predicted effects of variants held against known ones, such as those of eQTLs.

Two questions: does the prediction have the sign of the known effect, and do variants that have an
effect come before those that have none, by the size of what is predicted? Each answer stands
beside what is known without any model, with intervals by a bootstrap over loci, since variants of
one gene share its windows, and its neighbours' genes their linkage.
"""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few
from foldcast.job import log
from foldcast.resampling import expanded_interval, ratio
from foldcast.spex.comparison.locus_bootstrap import MIN_BLOCKS, LocusBlocks, independent_blocks
from foldcast.spex.models.gene_table import ids_of
from foldcast.variants.listed_genes import GENE
from foldcast.variants.placed_variants import name_of
from foldcast.variants.refused_rows import refuse_rows
from foldcast.variants.summary_tables import read_summary_table
from foldcast.variants.variant_rows import Variants, read_variants

# Names of columns in small letters, in the order in which they are preferred.
CALLED = {
    "gene": GENE,
    "known": ("slope", "beta", "effect", "effect_size", "log2_afc", "afc", "z", "zscore", "sign"),
    "significant": ("significant", "is_eqtl", "causal", "label"),
    "tissue": ("tissue", "tissue_name"),
}
YES, NO = ("yes", "true", "1", "y"), ("no", "false", "0", "n")
SIGN, AUPRC = "sign_concordance", "auprc"
COIN, MAJORITY = "coin", "majority_sign"
RATE, DISTANCE = "positive_rate", "distance_to_tss"
KEYS = ["feature_set", "model", "tissue"]
PAIR = ["line", "variant", "gene", "known", "significant", "distance"]
COLUMNS = [
    *KEYS, "metric", "baseline", "value", "low", "high", "baseline_value", "difference",
    "difference_low", "difference_high", "verdict", "n", "positives", "unread", "blocks",
]  # fmt: skip
AT_ONCE = 100  # draws whose ranked pairs are in memory together


def read_known(path: str | Path) -> Variants:
    """A table of known effects: variants with, in further columns, what is known of each.

    Its variants are read as those of association studies are; the known effect is that of the
    effect allele.

    Returns:
        with gene (as written), known (float), significant (True, False, or None where the table
        does not say), tissue (empty: any) in the table.

    Raises:
        InputError: no such columns, effects that are no numbers, labels that are neither yes nor
            no; as `read_variants`.
    """
    variants = read_variants(path)
    cells, _ = read_summary_table(path)
    by_name = {str(name).casefold(): name for name in cells}
    found = {
        key: next((by_name[name] for name in names if name in by_name), None)
        for key, names in CALLED.items()
    }
    for key in ("gene", "known"):
        if found[key] is None:
            raise InputError(
                path,
                found=f"columns {first_few(cells.columns)}",
                expected="a table with a header: variants as in an association study (chromosome, "
                "position, effect and other allele; or chr_pos_other_effect), a gene and an effect",
                remedy=f"name the column so: {', '.join(CALLED[key])}",
            )
    own = cells.loc[variants.table["line"]]
    given = {key: own[name].str.strip().to_numpy() for key, name in found.items() if name}
    table = variants.table.assign(
        **{key: given.get(key, "") for key in CALLED}, said=given["known"]
    )
    table["known"] = pd.to_numeric(
        table["said"].replace(["", "NA", "NaN", "nan"], np.nan), "coerce"
    )
    odd = table["known"].isna() & ~table["said"].isin(["", "NA", "NaN", "nan"])
    odd |= np.isinf(table["known"])
    number = "a number; empty or NA where it is not known"
    refuse_rows(path, table[odd], lambda row: f"an effect of {row['said']!r}", number, "mend it")
    label = table["significant"].str.lower()
    strange = ~label.isin([*YES, *NO, "", "na", "nan"])
    refuse_rows(
        *(path, table[strange], lambda row: f"{found['significant']} {row['significant']!r}"),
        *("yes or no (true, false, 1, 0)", "mend the column"),
    )
    table["significant"] = label.map(dict.fromkeys(YES, True) | dict.fromkeys(NO, False))
    variants.table = table.drop(columns="said")
    return variants


def pair_up(known: pd.DataFrame, effects: pd.DataFrame, genes: pd.DataFrame) -> pd.DataFrame:
    """Known and predicted effects of the same variant and gene, side by side.

    A pair that one feature set does not read and another does has the effect 0 in the former.

    Args:
        known: of `read_known`, placed on the genome (`placed_variants.place_variants`).
        effects: ``variants.tsv``. genes: of the run: gene, symbol, chrom, tss.

    Returns:
        `PAIR`, `KEYS`, effect, read (whether the feature set reads it), chrom, tss; a row per pair,
        tissue, feature set and model.

    Raises:
        InputError: no pair.
    """
    own = ids_of(known["gene"], genes)
    known = known.assign(gene=own).dropna(subset=["gene"])
    # The file of variants may have the other allele as the new one.
    forth, back = (known.assign(sign=sign) for sign in (1, -1))
    both = [each.assign(variant=name_of(each), known=known["known"] * known["sign"] * each["sign"])
            for each in (forth, back)]  # fmt: skip
    pairs = pd.concat(both).drop_duplicates(["variant", "gene", "tissue"])
    any_set = effects.drop_duplicates(["variant", "gene"])[["variant", "gene", "distance"]]
    met = pairs.merge(any_set, on=["variant", "gene"]).drop_duplicates("line")
    fits = effects[KEYS].drop_duplicates()
    everything = met.drop(columns="tissue").assign(of=met["tissue"]).merge(fits, how="cross")
    everything = everything[everything["of"].eq("") | everything["of"].eq(everything["tissue"])]
    found = effects.drop_duplicates(["variant", "gene", *KEYS])
    columns = ["variant", "gene", *KEYS, "effect"]
    table = everything.merge(found[columns], on=columns[:-1], how="left")
    log.info(
        "known effects: %d rows, %d of genes of the run, %d pairs that a feature set reads",
        *(len(own), len(known), len(met)),
    )
    if table.empty:
        raise InputError(
            "known effects",
            found=f"{len(own):,} rows, of which {len(known):,} are of genes of the run and "
            f"{len(met):,} are read by them; tissues {first_few(met['tissue'].unique(), 3)}",
            expected=f"variants that genes of the run read; {first_few(fits['tissue'].unique())}",
            remedy="give effects in these tissues (or no tissue) of variants near the run's genes",
        )
    table["read"] = table["effect"].notna()
    table = table.fillna({"effect": 0.0}).merge(genes[["gene", "chrom", "tss"]], on="gene",
                                                suffixes=("_of_variant", ""))  # fmt: skip
    return table[[*PAIR, *KEYS, "effect", "read", "chrom", "tss"]]


def score_known(pairs: pd.DataFrame, length: int, draws: int, seed: int) -> pd.DataFrame:
    """Rows of ``known_effects.tsv``: `COLUMNS`.

    Args:
        pairs: of `pair_up`. length (bp), draws, seed: of the bootstrap over loci.
    """
    rows = []
    for keys, own in pairs.groupby(KEYS, sort=False):
        about = dict(zip(KEYS, keys, strict=True))
        for metric, some, values, baselines in _measured(own, length, draws, seed):
            blocks = LocusBlocks.of(some, length, draws, seed)
            sizes = blocks.sizes(np.ones(len(some), bool))
            many = independent_blocks(sizes)
            low, high = expanded_interval(values, many)
            for name, baseline in baselines.items():
                ends = expanded_interval(values - baseline, many)
                rows.append(
                    {
                        **about,
                        **{"metric": metric, "baseline": name, "value": values[0]},
                        **{"low": low, "high": high, "baseline_value": baseline[0]},
                        **{"difference": values[0] - baseline[0]},
                        **dict(zip(("difference_low", "difference_high"), ends, strict=True)),
                        **{"verdict": _verdict(ends, len(sizes)), "n": len(some)},
                        "positives": int((some["significant"] == True).sum())  # noqa: E712
                        if metric == AUPRC
                        else int((some["known"] > 0).sum()),
                        **{"unread": int((~some["read"]).sum()), "blocks": len(sizes)},
                    }
                )
    return pd.DataFrame(rows, columns=COLUMNS)


def _measured(
    own: pd.DataFrame, length: int, draws: int, seed: int
) -> Iterator[tuple[str, pd.DataFrame, np.ndarray, dict[str, np.ndarray]]]:
    """Metric, its pairs, its value and those of its baselines, each [1 + draws]."""
    labelled = own["significant"].notna()
    signed = own[own["known"].fillna(0).ne(0) & (own["significant"].eq(True) | ~labelled)]
    if len(signed):
        blocks = LocusBlocks.of(signed, length, draws, seed)
        weight = blocks.counts[:, blocks.block]
        right = _share(weight, (1 + np.sign(signed["effect"] * signed["known"])) / 2)
        up = _share(weight, signed["known"] > 0)
        chance = {COIN: np.full(len(weight), 0.5), MAJORITY: np.maximum(up, 1 - up)}
        yield SIGN, signed, right, chance
    asked = own[labelled]
    label = asked["significant"].to_numpy(bool)
    if label.any() and not label.all():
        blocks = LocusBlocks.of(asked, length, draws, seed)
        weight = blocks.counts[:, blocks.block]
        found = average_precision(asked["effect"].abs().to_numpy(), label, weight)
        near = average_precision(-asked["distance"].abs().to_numpy(float), label, weight)
        yield AUPRC, asked, found, {RATE: _share(weight, label), DISTANCE: near}


def average_precision(score: np.ndarray, label: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Area under the curve of precision and recall, by steps; equal scores are one step.

    Args:
        score: [n], high first. label: [n] bool. weight: [draws, n], how often each counts.

    Returns:
        [draws]; NaN where no positive one counts.
    """
    order = np.argsort(-score, kind="stable")
    last = np.flatnonzero(np.append(np.diff(score[order]) != 0, True))
    parts = []
    for k in range(0, len(weight), AT_ONCE):
        drawn = weight[k : k + AT_ONCE, order]
        all_ = np.cumsum(drawn, axis=1)[:, last]
        positive = np.cumsum(drawn * label[order], axis=1)[:, last]
        gained = np.diff(positive, axis=1, prepend=0)
        total = positive[:, -1]
        area = (gained * ratio(positive, all_)).sum(axis=1)
        parts.append(np.where(total > 0, ratio(area, total), np.nan))
    return np.concatenate(parts)


def _share(weight: np.ndarray, of: np.ndarray | pd.Series) -> np.ndarray:
    """Weighted mean of each draw; NaN where nothing is drawn."""
    total = weight.sum(axis=1)
    return np.where(total > 0, ratio(weight @ np.asarray(of, float), total), np.nan)


def _verdict(ends: tuple[float, float], blocks: int) -> str:
    if blocks < MIN_BLOCKS:
        return "too few loci"
    if ends[0] > 0:
        return "better"
    return "worse" if ends[1] < 0 else "no difference seen"
