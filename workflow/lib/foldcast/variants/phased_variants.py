"""Which variants are on one copy of a chromosome: phased VCF files, and tables that name sets."""

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from foldcast.errors import InputError, first_few, known_name
from foldcast.files import open_text
from foldcast.variants.summary_tables import is_summary, read_summary_table
from foldcast.variants.variant_rows import Variants, check_some, read_variants

SET = "haplotype"  # name of the column of a table
FIXED = 9  # columns of a VCF file before those of its samples
NOWHERE = "on no copy of these samples"
IN_DOUBT = "of unknown phase in the samples that carry it"
MISSING = "."
WHOLE = ""  # phase set of what is phased along the whole chromosome
EXPECTED = "a VCF file with phased genotypes (GT, 0|1), or a table of variants with a column "


class Carrier(NamedTuple):
    """A copy of a chromosome that has a variant.

    sample: its name, or that of a table's set. copy: 1 or 2 as in 0|1; of a set 1. phase_set: PS of
    the genotype, within which alone copies are known to be the same ones; `WHOLE` where it has
    none; None where every copy of the sample has the variant, so that it is in all sets.
    """

    sample: str
    copy: int
    phase_set: str | None


def read_phased(path: str | Path, samples: Sequence[str] = (), *, strict: bool = False) -> Variants:
    """Variants with, in a column `carriers`, the haplotypes that they are on.

    Args:
        path: a VCF file whose samples have phased genotypes; or a table of variants, as
            `variant_rows.read_variants` reads it, with a column `haplotype` that names the set of
            variants that a row is of.
        samples: those of a VCF file, or sets of a table, that are wanted; none: all.
        strict: refuse genotypes whose phase is not known, which else are taken as the reference's.

    Returns:
        carriers: a tuple of `Carrier`. Variants that none carries are skipped.

    Raises:
        InputError: neither of the two, samples that are not there, nothing carried.
    """
    variants = read_variants(path)
    if is_summary(path):
        carriers = _of_sets(path, variants, samples)
        in_doubt = [False] * len(carriers)
    else:
        carriers, in_doubt = _of_samples(path, variants, samples, strict)
    variants.table["carriers"] = carriers
    nowhere = variants.table["carriers"].map(len).eq(0)
    doubtful = nowhere & np.array(in_doubt, dtype=bool)
    variants.leave_out(doubtful, IN_DOUBT)
    variants.leave_out(nowhere[~doubtful], NOWHERE)
    check_some(variants, path)
    return variants


def _of_sets(path: str | Path, variants: Variants, samples: Sequence[str]) -> list[tuple]:
    table, _ = read_summary_table(path)
    named = next((name for name in table if str(name).casefold() == SET), None)
    if named is None:
        raise _refused(path, f"columns {first_few(table.columns)}")
    names = table.loc[variants.table["line"], named].str.strip()
    known_name(samples, list(dict.fromkeys(names)), path, named)
    wanted = {*(samples or names)} - {""}
    return [(Carrier(name, 1, WHOLE),) if name in wanted else () for name in names]


def _of_samples(
    path: str | Path, variants: Variants, samples: Sequence[str], strict: bool
) -> tuple[list[tuple], list[bool]]:
    """Who carries each variant, and whether someone does of whom the phase is not known."""
    wanted, genotypes = _genotypes(path, samples, {*variants.table["line"]})
    counts: Counter = Counter()
    unknown: Counter = Counter()
    sets = set()
    found, in_doubt = [], []
    for row in variants.table.itertuples():
        alts, of_samples = genotypes[row.line]
        own = str(alts.index(row.alt) + 1)
        carriers: list[Carrier] = []
        before = unknown.total()
        for sample, (genotype, phase_set) in zip(wanted, of_samples, strict=True):
            alleles = genotype.removeprefix("|").replace("/", "|").split("|")
            copies = [copy for copy, one in enumerate(alleles, 1) if one == own]
            if not copies:
                continue
            if len(copies) == len(alleles):
                counts["on every copy"] += 1
                carriers += [Carrier(sample, copy, None) for copy in copies]
            elif "/" in genotype:
                unknown[sample] += 1
            else:
                counts["in a phase set" if phase_set else "phased along the chromosome"] += 1
                sets |= {(sample, row.chrom, phase_set)} if phase_set else set()
                carriers += [Carrier(sample, copy, phase_set) for copy in copies]
        found.append(tuple(carriers))
        in_doubt.append(unknown.total() > before)
    if unknown and strict:
        raise InputError(
            path,
            found=f"{unknown.total():,} alleles whose phase is not known (0/1), first of "
            f"{next(iter(unknown))}",
            expected="phased genotypes (0|1)",
            remedy="phase them (SHAPEIT, Beagle, WhatsHap), or leave `strict` out",
        )
    parts = [f"{n:,} {how}" for how, n in counts.items()]
    if unknown:
        parts.append(f"{unknown.total():,} of unknown phase (0/1) that count as the reference's")
    of_sets = f"; phase sets: {len(sets):,}" if sets else ""
    said = f"{counts.total() + unknown.total():,} alleles of samples: {', '.join(parts)}{of_sets}"
    variants.said = f"{variants.said}, {said}" if variants.said else said
    return found, in_doubt


def _genotypes(
    path: str | Path, samples: Sequence[str], lines: Collection[int]
) -> tuple[list[str], dict[int, tuple[list[str], list[tuple[str, str]]]]]:
    """Names of the samples; by line the ALTs, in capitals, and the samples' genotypes and sets."""
    header: list[str] = []
    found = {}
    with open_text(path, EXPECTED + f"`{SET}`") as handle:
        for number, raw in enumerate(handle, 1):
            cells = raw.decode("utf-8", "replace").rstrip("\r\n").split("\t")
            if cells[0] == "#CHROM":
                header = cells[FIXED:]
                known_name(samples, header, path, f"line {number}")
            if number not in lines:
                continue
            keys = cells[FIXED - 1].split(":") if len(cells) > FIXED else []
            if not header or "GT" not in keys or len(cells) != FIXED + len(header):
                raise _refused(path, f"{len(header)} samples, and no genotypes", f"line {number}")
            given = dict(zip(header, cells[FIXED:], strict=True))
            each = [
                dict(zip(keys, given[one].split(":"), strict=False)) for one in samples or header
            ]
            genotypes = [(of["GT"], of.get("PS", WHOLE)) for of in each]
            genotypes = [(gt, WHOLE if ps == MISSING else ps) for gt, ps in genotypes]
            found[number] = cells[4].upper().split(","), genotypes
    return list(samples) or header, found


def _refused(path: str | Path, found: str, place: str | None = None) -> InputError:
    return InputError(
        path,
        place=place,
        found=found,
        expected=EXPECTED + f"`{SET}` that says which of them are together",
        remedy="give one of these; single variants by themselves belong into `variants`",
    )
