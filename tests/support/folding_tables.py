"""Tables of genes on a random map, as the rules that ask of folding read them."""

from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd

from foldcast.files import write_table
from random_map import BIN, made, random_pixels

TIMES = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]
N_BINS = 200
PAIRS = 120


def folding_tables(folder: Path) -> str:
    """A random map, one gene in each bin, two samples of each time and a copy; the map's path."""
    rng = np.random.default_rng(0)
    sizes = pd.Series({"chr1": N_BINS * BIN})
    clr = made(folder, random_pixels(0, n=N_BINS), sizes)
    genes = [f"g{k}" for k in range(N_BINS)]
    start = np.arange(N_BINS) * BIN + 1_000
    write_table(
        pd.DataFrame(
            {
                "gene": genes, "symbol": genes, "gene_id": genes, "chrom": "chr1", "start": start,
                "end": start + 500, "strand": "+", "tss": start,
            }
        ),
        folder / "loci.tsv",
    )  # fmt: skip
    write_table(pd.DataFrame({"gene": genes, "how": "symbol"}), folder / "report.tsv")
    names = [f"s{k}" for k in range(2 * len(TIMES))]
    values = rng.normal(8, 1, (N_BINS, len(names)))
    raw = pd.DataFrame(values, index=pd.Index(genes, name="gene"), columns=names)
    raw["copy"] = raw["s0"]
    write_table(raw, folder / "raw.tsv", index=True)
    samples = pd.DataFrame({"sample": [*names, "copy"], "time": [*np.repeat(TIMES, 2), 0.0]})
    samples["copy_of"] = [*[None] * len(names), "s0"]
    write_table(samples, folder / "samples.tsv")
    write_table(pd.DataFrame({"chrom": [], "middle": []}), folder / "middles.tsv")
    edges = np.arange(0, N_BINS, 10) * BIN
    tads = pd.DataFrame({"chrom": "chr1", "start": edges, "end": edges + 10 * BIN})
    tads.to_csv(folder / "tads.bed", sep="\t", header=False, index=False)
    (folder / "none.bed").write_text("")
    one = np.arange(PAIRS)
    contacts = pd.DataFrame({"Gene1": [genes[k] for k in one], "HiC_Interaction": 1.0})
    contacts.insert(1, "Gene2", [genes[k + 3] for k in one])
    contacts.to_csv(folder / "interactions.csv", index=False)
    return clr.filename


class Inputs(SimpleNamespace):
    def get(self, name):
        return getattr(self, name, None)
