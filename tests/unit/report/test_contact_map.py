"""The stretch of a contact map that is drawn."""

import cooler
import pandas as pd

from scripts.report.plot_contact_map import busiest_region


def test_genes_on_chromosomes_that_the_map_lacks_are_passed_over(tmp_path):
    sizes = pd.Series({"1": 400_000, "2": 300_000})
    pixels = pd.DataFrame({"bin1_id": [0], "bin2_id": [1], "count": [3]})
    cooler.create_cooler(str(tmp_path / "map.cool"), cooler.binnify(sizes, 10_000), pixels)
    loci = pd.DataFrame({"chrom": ["X", "X", "X", "2", None], "tss": [5, 6, 7, 9, None]})
    clr = cooler.Cooler(str(tmp_path / "map.cool"))
    assert busiest_region(clr, loci) == ("2", 0, 300_000)
    assert busiest_region(clr, loci[:3]) == ("1", 0, 400_000)
