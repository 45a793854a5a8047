"""A made lab of any size: a genome in proportion to its genes, its map at 50 kb, a course.

Larger genomes have more chromosomes, not longer ones: 23 for 20,000 genes.
"""

from pathlib import Path

import cooler
import numpy as np
import pandas as pd
import yaml
from scipy.sparse import coo_array

BIN = 50_000  # bp
REACH = 400  # bins; nearer pairs of bins have contacts by their distance
PER_GENE = 150_000  # bp of genome: 20,000 genes in 3 Gb
PER_CHROMOSOME = 870  # genes
LEAST_CHROMOSOMES = 4
TRANS = 40  # far contacts of a bin
REPLICATES = 3
NEAREST = 2  # bins; nearer ones are left out in balancing


def make_lab(folder: Path, genes: int, times: int, seed: int = 1) -> Path:
    """Files of a lab, and the config that names them: one graph and its rewired control, one seed.

    Returns:
        Path of the config.
    """
    rng = np.random.default_rng(seed)
    folder.mkdir(parents=True, exist_ok=True)
    share = np.linspace(2, 0.5, max(round(genes / PER_CHROMOSOME), LEAST_CHROMOSOMES))
    bins = np.round(genes * PER_GENE * share / share.sum() / BIN).astype(int)
    sizes = {f"chr{k}": int(n) * BIN for k, n in enumerate(bins, 1)}
    sheet = pd.DataFrame(sizes.items())
    sheet.to_csv(folder / "chrom.sizes", sep="\t", header=False, index=False)
    _write_map(folder / "map.cool", sizes, rng)
    names = _write_genes(folder / "genes.gtf", sizes, genes, rng)
    _write_expression(folder, names, times, rng)
    config = {
        "name": f"genes{genes}",
        "genome": {
            "assembly": "made",
            "sizes": {"path": str(folder / "chrom.sizes")},
            "annotation": {"path": str(folder / "genes.gtf"), "format": "gtf"},
        },
        "maps": {"whole": {"path": str(folder / "map.cool"), "format": "cool"}},
        "graphs": {
            "folded": {"maps": ["whole"], "resolution": BIN},
            "rewired": {"rewire": {"of": "folded", "seed": 1}},
        },
        "datasets": {
            "rna": {
                "expression": {"path": str(folder / "counts.tsv")},
                "samples": str(folder / "samples.tsv"),
                "values": "counts",
                "graphs": ["folded", "rewired"],
            }
        },
        "evaluation": {"seeds": [1]},
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(config, sort_keys=False))
    return path


def _write_map(path: Path, sizes: dict[str, int], rng: np.random.Generator) -> None:
    """Contacts that fall with distance, more within domains and compartments; balanced."""
    parts, first = [], 0
    for length in sizes.values():
        n = length // BIN
        domain = np.cumsum(rng.random(n) < 0.06)
        compartment = np.cumsum(rng.random(n) < 0.02) % 2
        for apart in range(min(REACH, n)):
            one = np.arange(n - apart)
            other = one + apart
            expected = 3000 / (apart + 1)
            expected *= np.where(domain[one] == domain[other], 1.6, 0.8)
            expected *= np.where(compartment[one] == compartment[other], 1.25, 0.75)
            count = rng.poisson(expected)
            kept = count > 0
            parts.append(np.stack([one[kept] + first, other[kept] + first, count[kept]]))
        first += n
    ends = np.sort(rng.integers(0, first, (2, first * TRANS)), axis=0)
    far = np.unique(ends[:, ends[1] - ends[0] >= REACH], axis=1)
    parts.append(np.vstack([far, np.ones(far.shape[1], dtype=int)]))
    pixels = pd.DataFrame(np.hstack(parts).T, columns=["bin1_id", "bin2_id", "count"])
    pixels = pixels.sort_values(["bin1_id", "bin2_id"], ignore_index=True)
    table = cooler.binnify(pd.Series(sizes), BIN)
    table["weight"] = _weights(pixels, first)
    cooler.create_cooler(str(path), table, pixels, ordered=True)
    how = {"ignore_diags": NEAREST, "converged": True, "cis_only": False}
    with cooler.Cooler(str(path)).open("r+") as file:
        file["bins/weight"].attrs.update(how)


def _weights(pixels: pd.DataFrame, bins: int) -> np.ndarray:
    """Weights with which every bin has 1 contact; on a whole genome cooler takes an hour."""
    far = pixels[pixels["bin2_id"] - pixels["bin1_id"] >= NEAREST]
    ends = far["bin1_id"].to_numpy(), far["bin2_id"].to_numpy()
    half = coo_array((far["count"].to_numpy(float), ends), shape=(bins, bins)).tocsr()
    matrix = half + half.T
    weights = np.ones(bins)
    for _ in range(500):
        marginals = weights * (matrix @ weights)
        if np.abs(marginals / marginals.mean() - 1).max() < 1e-6:
            break
        weights *= np.sqrt(marginals.mean() / marginals)
    return weights / np.sqrt((weights * (matrix @ weights)).mean())


def _write_genes(
    path: Path, sizes: dict[str, int], genes: int, rng: np.random.Generator
) -> list[str]:
    lengths = np.array(list(sizes.values()))
    chrom = np.sort(rng.choice(len(sizes), genes, p=lengths / lengths.sum()))
    start = (rng.random(genes) * (lengths[chrom] - 200_000)).astype(int) + 50_000
    end = start + rng.integers(2_000, 80_000, genes)
    order = np.lexsort((start, chrom))
    names = [f"G{k:05d}" for k in range(genes)]
    lines = []
    for name, k in zip(names, order, strict=True):
        about = f'gene_id "E{name}"; gene_name "{name}"; gene_biotype "protein_coding";'
        where = f"chr{chrom[k] + 1}\tmade\tgene\t{start[k]}\t{end[k]}"
        lines.append(f"{where}\t.\t{'+-'[rng.integers(2)]}\t.\t{about}\n")
    path.write_text("".join(lines))
    return names


def _write_expression(folder: Path, names: list[str], times: int, rng: np.random.Generator) -> None:
    """Counts of genes whose levels wander, and their sheet."""
    level = rng.normal(8, 2, len(names)).clip(3, 14)
    away = np.zeros(len(names))
    columns, rows = {}, ["sample\tcolumn\ttime\treplicate\n"]
    for time in range(times):
        away = 0.9 * away + rng.normal(0, 0.3, len(names))
        for replicate in range(1, REPLICATES + 1):
            sample = f"t{time:02d}_r{replicate}"
            rows.append(f"{sample}\t{len(rows) + 1}\t{2 * time}\t{replicate}\n")
            columns[sample] = rng.poisson(2 ** (level + away + rng.normal(0, 0.1, len(names))))
    table = pd.DataFrame(columns, index=pd.Index(names, name="gene"))
    table.to_csv(folder / "counts.tsv", sep="\t")
    (folder / "samples.tsv").write_text("".join(rows))
