"""Which variants are on one copy of a chromosome: phased VCF files, and tables that name sets."""

from collections import Counter
from collections.abc import Collection, Sequence
from pathlib import Path

from foldcast.errors import InputError, first_few, known_name
from foldcast.files import open_text
from foldcast.spex.variants.summary_tables import is_summary, read_summary_table
from foldcast.spex.variants.variant_rows import Variants, check_some, read_variants

SET = "haplotype"  # name of the column of a table
FIXED = 9  # columns of a VCF file before those of its samples
NOWHERE = "on no copy of these samples"
EXPECTED = "a VCF file with phased genotypes (GT, 0|1), or a table of variants with a column "


def read_phased(path: str | Path, samples: Sequence[str] = (), *, strict: bool = False) -> Variants:
    """Variants with, in a column `carriers`, the haplotypes that they are on.

    Args:
        path: a VCF file whose samples have phased genotypes; or a table of variants, as
            `variant_rows.read_variants` reads it, with a column `haplotype` that names the set of
            variants that a row is of.
        samples: those of a VCF file, or sets of a table, that are wanted; none: all.
        strict: refuse genotypes whose phase is not known, which else are taken as the reference's.

    Returns:
        carriers: a tuple of (sample, 1 or 2), of a set (its name, 1). Variants that none carries
        are skipped.

    Raises:
        InputError: neither of the two, samples that are not there, nothing carried.
    """
    variants = read_variants(path)
    if is_summary(path):
        carriers = _of_sets(path, variants, samples)
    else:
        carriers = _of_samples(path, variants, samples, strict)
    variants.table["carriers"] = carriers
    variants.leave_out(variants.table["carriers"].map(len).eq(0), NOWHERE)
    check_some(variants, path)
    return variants


def _of_sets(path: str | Path, variants: Variants, samples: Sequence[str]) -> list[tuple]:
    table, _ = read_summary_table(path)
    named = next((name for name in table if str(name).casefold() == SET), None)
    if named is None:
        raise _refused(path, f"columns {first_few(table.columns)}")
    names = table.loc[variants.table["line"], named].str.strip()
    known_name(samples, list(dict.fromkeys(names)), path, named)
    return [((name, 1),) if name and (not samples or name in samples) else () for name in names]


def _of_samples(
    path: str | Path, variants: Variants, samples: Sequence[str], strict: bool
) -> list[tuple]:
    wanted, genotypes = _genotypes(path, samples, {*variants.table["line"]})
    unknown: Counter = Counter()
    found = []
    for row in variants.table.itertuples():
        alts, of_samples = genotypes[row.line]
        own = str(alts.index(row.alt) + 1)
        carriers: list[tuple[str, int]] = []
        for sample, genotype in zip(wanted, of_samples, strict=True):
            alleles = genotype.replace("/", "|").split("|")
            if "/" in genotype and len({*alleles}) > 1:
                if own in alleles:
                    unknown[sample] += 1
                continue
            carriers += [(sample, copy) for copy, one in enumerate(alleles, 1) if one == own]
        found.append(tuple(carriers))
    if unknown:
        count = (
            f"{unknown.total():,} genotypes whose phase is not known (0/1), first of {min(unknown)}"
        )
        if strict:
            raise InputError(
                path,
                found=count,
                expected="phased genotypes (0|1)",
                remedy="phase them (SHAPEIT, Beagle, WhatsHap), or leave `strict` out",
            )
        said = f"{count}, are taken as the reference's"
        variants.said = f"{variants.said}, {said}" if variants.said else said
    return found


def _genotypes(
    path: str | Path, samples: Sequence[str], lines: Collection[int]
) -> tuple[list[str], dict[int, tuple[list[str], list[str]]]]:
    """Names of the samples; by line the ALTs, in capitals, and the samples' genotypes."""
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
            at = keys.index("GT")
            given = dict(zip(header, cells[FIXED:], strict=True))
            genotypes = [given[one].split(":")[at] for one in samples or header]
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
