"""In-silico mutagenesis of 200 bp with the full-size network, beside what it would take otherwise.

`python tests/bench/bench_mutagenesis.py`. Both strands, all cores: every base to its three
alternatives, in the windows that linear models and trees are given. The other ways are measured on
a part of the changes, evenly spread, and extrapolated.
"""

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

sys.path.append(str(Path(__file__).parents[1] / "support"))
LENGTH, TSS = 60_000, 30_000
PART = 8  # changes whose windows are read whole
WHOLE = 2  # changes for which every window of the gene is read


def seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    start = time.perf_counter()
    result = call()
    return time.perf_counter() - start, result


def bench_mutagenesis() -> None:
    """Windows and seconds of 600 changes."""
    from bench_spex import CORES

    from foldcast.resources.genome_sequence import index_sequence
    from foldcast.spex.features.beluga import Beluga
    from foldcast.spex.features.dna_codes import Genome
    from foldcast.spex.features.local_features import SHIFTS, stretch
    from foldcast.spex.features.point_changes import PointChanges
    from foldcast.variants.alleles import differences, point_differences
    from foldcast.variants.mutagenesis import find_region
    from foldcast.variants.nearby_genes import Neighbourhood
    from published_windows import random_weights

    network = Beluga(random_weights(), threads=CORES)
    genes = pd.DataFrame([("A", "A", "chr1", TSS, "+")])
    genes.columns = ["gene", "symbol", "chrom", "tss", "strand"]
    region = find_region(genes, "A", None, pd.Series({"chr1": LENGTH}), "bench")
    with tempfile.TemporaryDirectory() as folder:
        fasta = Path(folder, "genome.fa")
        letters = np.random.default_rng(1).choice(list("ACGT"), LENGTH)
        fasta.write_text(">chr1\n" + "".join(letters) + "\n")
        index_sequence(fasta, f"{fasta}.fai")
        genome = Genome(fasta, f"{fasta}.fai")
        codes = genome.fetch("chr1", region.start, region.end)
        nearby = Neighbourhood(genes, None, [])
        changes = [change for _, change in region.changes(codes)]
        local = [nearby.pairs(change)[0].local for change in changes]
        ways = {"linear": [one.around for one in local], "trees": [one.windows for one in local]}
        gene = genome.fetch("chr1", *stretch(TSS, "+"))
    print(f"\n{len(changes)} changes of {region}, both strands, {CORES} threads")
    for name, asked in ways.items():
        points = PointChanges(network)
        took, found = seconds(
            lambda p=points, a=asked: point_differences(p, genome, a, reverse_complement=True)
        )
        print(f"{name}: {points.reference} windows of the reference, {points.changed} changed "
              f"in part: {took:.1f} s")  # fmt: skip
        some = asked[:: len(asked) // PART]
        whole, want = seconds(
            lambda a=some: differences(network, genome, a, reverse_complement=True)
        )
        off = max(float(np.abs(found[one] - want[one]).max()) for one in some)
        print(f"  windows that change, read whole, of {len(some)} changes: {whole:.1f} s, so of "
              f"all {whole / len(some) * len(changes):.0f} s; off by {off:.1e}")  # fmt: skip
    every, _ = seconds(
        lambda: [network.windows(gene, reverse_complement=True) for _ in range(WHOLE)]
    )
    print(f"every window of the gene ({len(SHIFTS)}), of {WHOLE} changes: {every:.1f} s, so of all "
          f"{every / WHOLE * len(changes):.0f} s")  # fmt: skip


if __name__ == "__main__":
    bench_mutagenesis()
