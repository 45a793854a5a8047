"""Which chromosomes a model learns from, is validated on and is tested on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from foldcast.errors import InputError, first_few, known_name
from foldcast.job import log

FIXED, EACH = "fixed", "each"
# Neither learnt from nor validated on: their dosage differs between the sexes, and ExPecto leaves
# them out too.
UNUSED = {"X", "Y", "M", "MT"}
# With fewer genes a penalty or a number of rounds is chosen by chance, and a score says nothing.
LEAST = {"train": 20, "validation": 5, "test": 5}
VERBS = {"train": "train", "validation": "validate", "test": "test"}


@dataclass(frozen=True)
class Fold:
    """One division of the chromosomes; no gene of ``test`` takes part in the fit.

    name: ``fixed``, or the chromosome that is tested.
    """

    name: str
    hold_out: str
    train: tuple[str, ...]
    validation: tuple[str, ...]
    test: tuple[str, ...]

    def serves(self, chrom: str) -> bool:
        """Whether this fold's model speaks for the genes of a chromosome.

        With one fold, for all of them; with a fold for each chromosome, only the one that did not
        learn from it.
        """
        return self.hold_out == FIXED or chrom in self.test

    def predicted(self, chroms: Sequence[str]) -> dict[str, tuple[str, ...]]:
        """The chromosomes of a run that are predicted without having been learnt from.

        ``test``; with one fold also ``validation``, and ``unused`` (neither of them, see `UNUSED`).
        """
        if self.hold_out != FIXED:
            return {"test": self.test}
        seen = {*self.train, *self.validation, *self.test}
        validation = tuple(chrom for chrom in self.validation if chrom not in self.test)
        unused = tuple(chrom for chrom in chroms if chrom not in seen)
        return {"test": self.test, "validation": validation, "unused": unused}


def divide(
    counts: Mapping[str, int],
    hold_out: str,
    test: Sequence[str],
    validation: Sequence[str],
    source: str,
) -> list[Fold]:
    """The folds of a run.

    ``fixed``: one, with the given chromosomes; ``each``: one for every chromosome that has genes.
    There the next chromosome, in a circle, is the one to validate on, and the ones behind it as
    well while there are fewer than `LEAST` genes.

    Args:
        counts: genes on each chromosome, in the config's order.
        hold_out: ``fixed`` or ``each``.
        test: chromosomes that are tested, if fixed.
        validation: chromosomes that a penalty or a number of rounds is chosen on, if fixed.
        source: what messages name.

    Raises:
        InputError: an unknown chromosome, or too few genes in a part.
    """
    usable = [c for c, n in counts.items() if n and c.removeprefix("chr") not in UNUSED]
    if hold_out == FIXED:
        known_name(test, list(counts), source, "test")
        known_name(validation, list(counts), source, "validation")
        if both := [chrom for chrom in validation if chrom in test]:
            log.warning(
                "%s is both validated on and tested: what is chosen there has seen the test, so "
                "the scores are too good (as published; `validation: [chr9]` mends it)",
                ", ".join(both),
            )
        used = {*test, *validation}
        train = tuple(chrom for chrom in usable if chrom not in used)
        found = [Fold(FIXED, FIXED, train, tuple(validation), tuple(test))]
    else:
        found = [_leave_out(chrom, usable, counts) for chrom, n in counts.items() if n]
    for fold in found:
        for part in LEAST if hold_out == FIXED else ("train", "validation"):
            check_part(part, sum(counts[c] for c in getattr(fold, part)), fold, source)
    return found


def check_part(part: str, count: int, fold: Fold, source: str) -> None:
    """Refuse a part (train, validation or test) of too few genes.

    Raises:
        InputError: so it is.
    """
    if count < LEAST[part]:
        raise InputError(
            source,
            place=f"fold {fold.name}",
            found=f"{count} genes to {VERBS[part]} on ({_chroms(part, fold)})",
            expected=f"at least {LEAST[part]}",
            remedy="give the run more chromosomes, or choose others for `test` and `validation`",
        )


def check_labels(
    labels: pd.DataFrame, chroms: Sequence[str] | np.ndarray | pd.Series, fold: Fold, source: str
) -> dict[str, pd.Series]:
    """How many genes with a label each tissue has in each part of a fold.

    Args:
        labels: gene × tissue, NaN where missing.
        chroms: chromosome of each gene.
        fold: with one for each chromosome, those that are tested may be few.
        source: the table of expression, for messages.

    Raises:
        InputError: tissues with too few, all of them with their numbers.
    """
    counts, here = {}, pd.Series(np.asarray(chroms))
    for part in LEAST:
        counts[part] = labels[here.isin(getattr(fold, part)).to_numpy()].notna().sum()
        few = counts[part][counts[part] < LEAST[part]].sort_values(kind="stable")
        if few.empty or (part == "test" and fold.hold_out != FIXED):
            continue
        others = "; as few in " + first_few(few.index[1:]) if len(few) > 1 else ""
        raise InputError(
            source,
            place=f"fold {fold.name}, tissue {few.index[0]}",
            found=f"{few.iloc[0]} genes with a value in {few.index[0]} to {VERBS[part]} on "
            f"({_chroms(part, fold)}){others}",
            expected=f"at least {LEAST[part]} in each tissue",
            remedy="name the other tissues in `tissues`, so that this one is left out; or give the "
            "run more chromosomes, or choose others for `test` and `validation`",
        )
    return counts


def _chroms(part: str, fold: Fold) -> str:
    return ", ".join(getattr(fold, part)) or "no chromosome"


def _leave_out(chrom: str, usable: list[str], counts: Mapping[str, int]) -> Fold:
    order = list(counts)
    behind = order[order.index(chrom) + 1 :] + order[: order.index(chrom)]
    others = [other for other in behind if other in usable]
    validation: list[str] = []
    while others and sum(counts[c] for c in validation) < LEAST["validation"]:
        validation.append(others.pop(0))
    train = tuple(other for other in order if other in others)
    return Fold(chrom, EACH, train, tuple(validation), (chrom,))
