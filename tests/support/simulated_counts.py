"""Raw counts of a time course of which it is known how deep each sample is and which genes rise."""

import numpy as np
import pandas as pd


def simulate_counts(
    genes: int = 1000, times: int = 12, replicates: int = 2, rising: float = 0.1, seed: int = 1
) -> tuple[pd.DataFrame, pd.DataFrame, pd.Series]:
    """Counts with a share of genes that rise eightfold in the second half of the times.

    Libraries differ up to several-fold; counts are Poisson around a level with 20 % of variation
    between replicates.

    Returns:
        gene × sample; sample, column, time, replicate; the true depth of each sample.
    """
    rng = np.random.default_rng(seed)
    sheet = pd.DataFrame(
        [(f"t{t}_r{r + 1}", t, r + 1) for t in range(times) for r in range(replicates)],
        columns=["sample", "time", "replicate"],
    )
    depth = pd.Series(2 ** rng.normal(0, 0.8, len(sheet)), sheet["sample"])
    level = np.exp(rng.normal(np.log(200), 1.2, genes))[:, None]
    rises = (np.arange(genes) < rising * genes)[:, None] & (sheet["time"] >= times / 2).to_numpy()
    level = level * np.where(rises, 8.0, 1.0) * np.exp(rng.normal(0, 0.2, (genes, len(sheet))))
    names = pd.Index([f"G{k:04d}" for k in rng.permutation(genes)], name="gene")
    counts = pd.DataFrame(rng.poisson(level * depth.to_numpy()), names, sheet["sample"])
    sheet.insert(1, "column", pd.array(np.arange(2, len(sheet) + 2), "Int64"))
    return counts.rename_axis(columns=None), sheet, depth


def write_counts(folder, counts: pd.DataFrame, sheet: pd.DataFrame) -> dict[str, str]:
    """The table and the sheet as a user would bring them: paths as table and samples."""
    folder.mkdir(exist_ok=True)
    paths = {"table": str(folder / "counts.tsv"), "samples": str(folder / "samples.tsv")}
    counts.to_csv(paths["table"], sep="\t")
    sheet.to_csv(paths["samples"], sep="\t", index=False)
    return paths
