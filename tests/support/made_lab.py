"""What a lab brings, made: featureCounts' table, an annotation (GTF) and the map of a chromosome.

Mouse (mm10): a whole genome of genes with Ensembl ids and versions, eight times × three replicates,
counts of libraries of unequal depth; GENCODE's and featureCounts' layouts as these programs write
them. The map holds chr19 alone.
"""

from pathlib import Path

import bioframe
import cooler
import numpy as np
import pandas as pd

HOURS, REPLICATES = (0, 1, 2, 4, 8, 12, 24, 48), (1, 2, 3)
MAPPED, BIN, LEVELS = "chr19", 25_000, [25_000, 50_000, 100_000]
NUCLEAR = [*(f"chr{n}" for n in range(1, 20)), "chrX", "chrY"]


def make_lab(folder: Path, n_genes: int = 18_000, seed: int = 1) -> None:
    """Write counts.txt, genes.gtf and hic.mcool."""
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    genes = _genes(n_genes, rng)
    (folder / "genes.gtf").write_text(_gtf(genes))
    (folder / "counts.txt").write_text(_feature_counts(genes, _counts(len(genes), rng)))
    _map(folder / "hic.mcool", rng)


def _genes(n: int, rng: np.random.Generator) -> pd.DataFrame:
    """chrom, start (1-based), end, strand, id (with its version), symbol; in genome order."""
    sizes = bioframe.assembly_info("mm10").chromsizes[NUCLEAR]
    chrom = rng.choice(NUCLEAR, n, p=sizes / sizes.sum())
    length = rng.lognormal(9.5, 1.2, n).astype(int).clip(200, 400_000)
    room = sizes[chrom].to_numpy() - 3_100_000 - length
    start = 3_000_001 + (rng.random(n) * room).astype(int)  # mouse chromosomes begin with 3 Mb of N
    genes = pd.DataFrame({"chrom": chrom, "start": start, "end": start + length})
    genes["strand"] = rng.choice(["+", "-"], n)
    genes["order"] = genes["chrom"].map(NUCLEAR.index)
    genes = genes.sort_values(["order", "start"], ignore_index=True)
    numbers = rng.choice(99_999, n, replace=False)
    versions = rng.integers(1, 16, n)
    pairs = zip(numbers, versions, strict=True)
    genes["id"] = [f"ENSMUSG000000{number:05d}.{version}" for number, version in pairs]
    letters = rng.choice(list("abcdefghiklmnoprstuvwz"), (n, 3))
    genes["symbol"] = [f"{''.join(each).capitalize()}{i}" for i, each in enumerate(letters)]
    return genes


def _gtf(genes: pd.DataFrame) -> str:
    """As GENCODE writes it: a gene, its transcript and two exons."""
    lines = [
        "##description: evidence-based annotation of the mouse genome (GRCm38), version M25\n"
        "##provider: GENCODE\n##format: gtf\n"
    ]
    for gene in genes.itertuples():
        about = f'gene_id "{gene.id}"; gene_type "protein_coding"; gene_name "{gene.symbol}";'
        transcript = f'{about} transcript_id "{gene.id.replace("MUSG", "MUST")}";'
        parts = [("gene", gene.start, gene.end, about)]
        parts += [("transcript", gene.start, gene.end, transcript)]
        parts += [("exon", start, end, transcript) for start, end in _exons(gene)]
        for feature, start, end, attributes in parts:
            lines.append(
                f"{gene.chrom}\tHAVANA\t{feature}\t{start}\t{end}\t.\t{gene.strand}\t.\t{attributes}\n"
            )
    return "".join(lines)


def _exons(gene) -> list[tuple[int, int]]:
    third = (gene.end - gene.start) // 3
    return [(gene.start, gene.start + third), (gene.end - third, gene.end)]


def _counts(n: int, rng: np.random.Generator) -> np.ndarray:
    """Counts, gene × sample: smooth courses, overdispersed, a third of the genes all but silent."""
    level = np.where(rng.random(n) < 0.35, rng.normal(-3, 1.5, n), rng.normal(7, 2, n))
    steps = rng.normal(0, 0.35, (n, len(HOURS))) * (rng.random((n, 1)) < 0.4)
    course = np.repeat(level[:, None] + steps.cumsum(axis=1), len(REPLICATES), axis=1)
    depth = rng.uniform(0.5, 2, course.shape[1])
    mean = 2.0**course * depth
    return rng.poisson(mean * rng.gamma(20, 1 / 20, mean.shape))


def _feature_counts(genes: pd.DataFrame, counts: np.ndarray) -> str:
    """As featureCounts writes it: exons divided by semicolons, samples named by their BAM files."""
    files = [
        f"aln/lung_{hour:02d}h_rep{replicate}.bam" for hour in HOURS for replicate in REPLICATES
    ]
    quoted = " ".join(f'"{file}"' for file in files)
    lines = [
        f'# Program:featureCounts v2.0.3; Command:"featureCounts" "-a" "genes.gtf" {quoted}\n',
        "\t".join(["Geneid", "Chr", "Start", "End", "Strand", "Length", *files]) + "\n",
    ]
    for gene, row in zip(genes.itertuples(), counts, strict=True):
        exons = _exons(gene)
        starts, ends = (";".join(str(exon[side]) for exon in exons) for side in (0, 1))
        length = sum(end - start + 1 for start, end in exons)
        about = [gene.id, ";".join([gene.chrom] * 2), starts, ends, ";".join([gene.strand] * 2)]
        lines.append("\t".join([*about, str(length), *map(str, row)]) + "\n")
    return "".join(lines)


def _map(path: Path, rng: np.random.Generator) -> None:
    """Contacts that decay with distance, more of them within domains of 0.5 to 2 Mb."""
    size = bioframe.assembly_info("mm10").chromsizes[[MAPPED]]
    bins = cooler.binnify(size, BIN)
    n = len(bins)
    first, second = np.triu_indices(n)
    domain = np.repeat(np.arange(n), rng.integers(20, 80, n))[:n]
    within = 1 + 2 * (domain[first] == domain[second])
    count = rng.poisson(400 * within / (1 + second - first) ** 1.1)
    covered = first >= 3_000_000 // BIN
    use = (count > 0) & covered
    pixels = {"bin1_id": first[use], "bin2_id": second[use], "count": count[use]}
    base = path.with_suffix(".cool")
    cooler.create_cooler(str(base), bins, pd.DataFrame(pixels), ordered=True)
    cooler.zoomify_cooler(str(base), str(path), LEVELS, chunksize=10_000_000)
    base.unlink()
