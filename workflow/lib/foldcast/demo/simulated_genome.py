"""A simulated genome: domains and loops, a sequence that follows them, genes."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from foldcast.demo.motifs import CLEAR, plant
from foldcast.demo.simulated_folding import BED, BEDPE
from foldcast.errors import InputError
from foldcast.files import atomic

COMPARTMENT = (50_000, 200_000, 500_000)  # step, shortest, longest (bp)
TAD = (10_000, 100_000, 300_000)
ANCHOR = 10_000  # width of a loop's anchors (bp)
LOOPED = 0.6  # share of TADs with a loop between their ends
GC = {"A": 0.50, "B": 0.38}
GENE_DENSITY = {"A": 3.0, "B": 1.0}  # relative
MARGIN = 25_000  # no TSS nearer to a chromosome's end (bp)
PARTNER = (150_000, 1_000_000)  # distances of genes that loops bring together (bp)
LINCRNA = 0.15  # share of the genes


def draw_domains(
    chromosomes: Mapping[str, int], rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Alternating A/B compartments, TADs within them, loops between the ends of TADs.

    Args:
        chromosomes: name → length (bp), multiples of 50 kb.

    Returns:
        compartments (chrom, start, end, compartment); boundaries (chrom, start, end: the first
        base of the domain that begins there, chromosome ends left out); loops (the six columns
        of a BEDPE). Coordinates are 0-based, half-open.
    """
    compartments, boundaries, loops = [], [], []
    for chrom, length in chromosomes.items():
        kind = int(rng.integers(2))
        for start, end in _split(0, length, COMPARTMENT, rng):
            compartments.append((chrom, start, end, "AB"[kind]))
            kind = 1 - kind
            for left, right in _split(start, end, TAD, rng):
                if left > 0:
                    boundaries.append((chrom, left, left + 1))
                if rng.random() < LOOPED and left > 0 and right < length:
                    loops.append((chrom, left, left + ANCHOR, chrom, right - ANCHOR, right))
    return (
        pd.DataFrame(compartments, columns=[*BED, "compartment"]),
        pd.DataFrame(boundaries, columns=BED),
        pd.DataFrame(loops, columns=BEDPE),
    )


def _split(
    start: int, end: int, shape: tuple[int, int, int], rng: np.random.Generator
) -> Iterator[tuple[int, int]]:
    step, shortest, longest = shape
    while end - start > longest:
        most = min(longest, end - start - shortest)  # what is left must not be too short
        size = step * int(rng.integers(shortest // step, most // step + 1))
        yield start, start + size
        start += size
    yield start, end


def write_bed(table: pd.DataFrame, path: str | Path) -> None:
    """Write a table as BED or BEDPE: its columns in their order, no header."""
    with atomic(path) as temporary:
        table.to_csv(temporary, sep="\t", header=False, index=False, lineterminator="\n")


def draw_sequence(compartments: pd.DataFrame, rng: np.random.Generator) -> Iterator[bytes]:
    """The sequence of each compartment in turn: GC-rich in A, GC-poor in B."""
    for row in compartments.itertuples():
        gc = GC[row.compartment] / 2
        steps = np.cumsum([0.5 - gc, gc, gc])
        bases = np.searchsorted(steps, rng.random(row.end - row.start), side="right")
        yield np.frombuffer(b"ACGT", np.uint8)[bases].tobytes()


def write_fasta(
    path: Path,
    compartments: pd.DataFrame,
    motifs: pd.DataFrame,
    rng: np.random.Generator,
    width: int = 60,
) -> None:
    """Write the sequence of `draw_sequence` with ``motifs``; FASTA, ``width`` bases a line.

    Args:
        path: the FASTA file.
        compartments: chrom, start, end, compartment, in order.
        motifs: what is written over the sequence, and where.
        rng: draws the bases.
        width: bases of a line.
    """
    with open(path, "wb") as handle:
        for chrom, parts in compartments.groupby("chrom", sort=False):
            drawn = b"".join(draw_sequence(parts, rng))
            sequence = plant(drawn, motifs[motifs["chrom"] == chrom])
            handle.write(f">{chrom}\n".encode())
            for start in range(0, len(sequence), width):
                handle.write(sequence[start : start + width] + b"\n")


def draw_genes(compartments: pd.DataFrame, count: int, rng: np.random.Generator) -> pd.DataFrame:
    """``count`` genes, three times as dense in A as in B, no two TSS in one kilobase.

    Returns:
        One row per gene along the genome: gene_id, symbol, chrom, start, end, strand, tss
        (0-based, half-open), biotype, compartment.

    Raises:
        InputError: where so many genes do not fit.
    """
    return _draw_genes(compartments, _slots(compartments), count, rng, "demo.genes")


def draw_more_genes(
    genes: pd.DataFrame,
    places: pd.DataFrame,
    compartments: pd.DataFrame,
    count: int,
    rng: np.random.Generator,
) -> pd.DataFrame:
    """``count`` further genes, numbered on from ``genes`` and drawn as they are.

    Args:
        genes: of `draw_genes`; their kilobases are taken.
        places: distal places (chrom, start, end), in which there is no TSS.

    Raises:
        InputError: where so many genes do not fit.
    """
    slots = _slots(compartments)
    taken = pd.MultiIndex.from_arrays([genes["chrom"], genes["tss"] // 1000 * 1000])
    free = ~pd.MultiIndex.from_frame(slots[["chrom", "slot"]]).isin(taken)
    for place in places.itertuples():
        near = slots["slot"].between(place.start - CLEAR - 999, place.end + CLEAR - 1)
        free &= ~((slots["chrom"] == place.chrom) & near).to_numpy()
    slots = slots[free].reset_index(drop=True)
    return _draw_genes(compartments, slots, count, rng, "demo.sequence_genes", len(genes))


def _slots(compartments: pd.DataFrame) -> pd.DataFrame:
    """The kilobases that may hold a TSS: chrom, slot (bp), compartment."""
    slots = pd.concat(
        pd.DataFrame(
            {
                "chrom": row.chrom,
                "slot": np.arange(row.start, row.end, 1000),
                "compartment": row.compartment,
            }
        )
        for row in compartments.itertuples()
    )
    ends = slots["chrom"].map(compartments.groupby("chrom", sort=False)["end"].max())
    far = (slots["slot"] >= MARGIN) & (slots["slot"] < ends - MARGIN)
    return slots[far].reset_index(drop=True)


def _draw_genes(
    compartments: pd.DataFrame,
    slots: pd.DataFrame,
    count: int,
    rng: np.random.Generator,
    key: str,
    before: int = 0,
) -> pd.DataFrame:
    if count > len(slots):
        raise InputError(
            "the config",
            place=key,
            found=f"{count} genes",
            expected=f"at most {len(slots)} on these chromosomes, one per kilobase",
            remedy="ask for fewer genes or longer chromosomes",
        )
    density = slots["compartment"].map(GENE_DENSITY).to_numpy()
    chosen = rng.choice(len(slots), count, replace=False, p=density / density.sum())
    genes = slots.loc[np.sort(chosen)].reset_index(drop=True)

    size = np.clip(rng.lognormal(9.0, 0.7, count), 1_500, 60_000).astype(int)
    forward = rng.random(count) < 0.5
    tss = genes["slot"].to_numpy() + rng.integers(1000, size=count)
    end = np.where(forward, tss + size, tss + 1)
    lengths = compartments.groupby("chrom", sort=False)["end"].max()
    numbers = range(before + 1, before + count + 1)
    digits = max(3, len(str(before + count)))
    return pd.DataFrame(
        {
            "gene_id": [f"DEMOG{k:011d}" for k in numbers],
            "symbol": [f"GENE{k:0{digits}d}" for k in numbers],
            "chrom": genes["chrom"],
            "start": np.where(forward, tss, np.maximum(end - size, 0)),
            "end": np.minimum(end, genes["chrom"].map(lengths).to_numpy()),
            "strand": np.where(forward, "+", "-"),
            "tss": tss,
            "biotype": np.where(rng.random(count) < LINCRNA, "lincRNA", "protein_coding"),
            "compartment": genes["compartment"],
        }
    )


def draw_promoter_loops(genes: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """One loop from each gene's TSS to that of another in the same kind of compartment.

    Returns:
        The six columns of a BEDPE; a gene without a candidate has none, and a popular one several.
    """
    loops = set()
    for gene in genes.itertuples():
        distance = (genes["tss"] - gene.tss).abs()
        candidates = genes[
            (genes["chrom"] == gene.chrom)
            & (genes["compartment"] == gene.compartment)
            & distance.between(*PARTNER)
        ]
        if len(candidates):
            ends = sorted((gene.tss, int(rng.choice(candidates["tss"]))))
            left, right = (end - ANCHOR // 2 for end in ends)
            loops.add((gene.chrom, left, left + ANCHOR, gene.chrom, right, right + ANCHOR))
    return pd.DataFrame(sorted(loops), columns=BEDPE)


def write_gtf(path: Path, genes: pd.DataFrame, rng: np.random.Generator) -> None:
    """Write genes as GTF in Ensembl's dialect: one transcript each, with its exons."""
    with open(path, "w", newline="\n") as handle:
        handle.write("#!genome-build demo\n")
        for gene in genes.itertuples():
            named = (
                f'gene_id "{gene.gene_id}"; gene_name "{gene.symbol}"; '
                f'gene_source "foldcast"; gene_biotype "{gene.biotype}";'
            )
            transcript = f'{named} transcript_id "{gene.gene_id.replace("G", "T", 1)}.1";'
            rows = [("gene", gene.start, gene.end, named)]
            rows.append(("transcript", gene.start, gene.end, transcript))
            exons = _exons(gene.start, gene.end, rng)
            # Exons are counted along the transcript, so from the right on the reverse strand.
            for number, (start, end) in enumerate(exons[:: 1 if gene.strand == "+" else -1], 1):
                rows.append(("exon", start, end, f'{transcript} exon_number "{number}";'))
            for feature, start, end, attributes in rows:
                fields = (gene.chrom, "foldcast", feature, start + 1, end, ".", gene.strand, ".")
                handle.write("\t".join(map(str, fields)) + f"\t{attributes}\n")


def _exons(start: int, end: int, rng: np.random.Generator) -> list[tuple[int, int]]:
    count = int(rng.integers(1, 7))
    cuts = np.sort(rng.choice(end - start - 1, 2 * count - 2, replace=False)) + start + 1
    edges = [start, *cuts.tolist(), end]
    return list(zip(edges[::2], edges[1::2], strict=True))
