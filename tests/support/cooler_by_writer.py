"""Write one small map by the cooler (or hic2cool) that is installed here: for tests/data/coolers.

Run once per version, each in an environment of its own, outside the repository:

    python3.8 -m venv old && old/bin/pip install 'cooler==0.8.11' 'numpy<1.24' 'pandas<1.4'
    old/bin/python tests/support/cooler_by_writer.py tests/data/coolers/cooler-0.8.11.cool

Made so: cooler 0.8.11 (Python 3.8; numpy<1.24, pandas<1.4), 0.9.1 and 0.9.3 (3.10; numpy<1.26,
pandas<2.2), 0.10.4 (3.11; numpy<2), 0.11.0 (3.11), and hictkpy 1.4.0 (3.11; its extra pyarrow).
hic2cool 0.8.3 cannot read the .hic file at hand, of version 9, so there is no file of its own. All
hold the same counts, of `pixels`; cooler's hold weights as well.
"""

import sys

import numpy as np
import pandas as pd

BIN = 10_000
LENGTHS = {"chr1": 396_000, "chr2": 250_000, "chrM": 16_000}


def bins():
    """Chromosome, start and end of each bin."""
    rows = []
    for chrom, length in LENGTHS.items():
        for start in range(0, length, BIN):
            rows.append((chrom, start, min(start + BIN, length)))
    return pd.DataFrame(rows, columns=["chrom", "start", "end"])


def pixels():
    """Counts that fall with distance, by a rule and no random numbers, which differ by version."""
    table = bins()
    chrom = table["chrom"].to_numpy()
    i, j = np.triu_indices(len(table))
    near = 900 // (1 + j - i) + (7 * i + 13 * j) % 5
    count = np.where(chrom[i] == chrom[j], near, (i * j) % 7 // 5)
    keep = (count > 0) & (i % 17 != 4) & (j % 17 != 4)  # some bins are empty
    return pd.DataFrame({"bin1_id": i[keep], "bin2_id": j[keep], "count": count[keep]})


def by_cooler(path):
    import cooler

    cooler.create_cooler(path, bins(), pixels())
    clr = cooler.Cooler(path)
    cooler.balance_cooler(clr, store=True, min_nnz=3)
    return cooler.__version__


def by_hictkpy(path):
    import hictkpy

    writer = hictkpy.cooler.FileWriter(path, LENGTHS, BIN, assembly="made")
    writer.add_pixels(pixels().astype("int64"))
    writer.finalize()
    return hictkpy.__version__


if __name__ == "__main__":
    path = sys.argv[1]
    made = by_hictkpy if "hictkpy" in path else by_cooler
    print(path, made(path))
