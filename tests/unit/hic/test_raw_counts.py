"""Whether a map holds counts, and what preflight counts in it."""

import cooler
import numpy as np
import pandas as pd
import pytest

from foldcast.errors import together
from foldcast.graph.interactions import genes_in_contact
from foldcast.hic.contact_formats import import_contacts
from foldcast.hic.map_import import count_contacts, match_chromosomes
from foldcast.hic.raw_counts import holds_counts
from foldcast.preflight.given_maps import look_at_contacts, look_at_map
from random_map import BIN, random_pixels

SIZES = pd.Series({"chr1": 60 * BIN, "chr2": 60 * BIN})
LOCI = pd.DataFrame(
    {
        "gene": list("abcdefg"),
        "chrom": ["chr1"] * 4 + ["chr2"] * 2 + [None],
        "tss": [100.0, 6_000, 22_000, 290_000, 4_000, 9_000, np.nan],
    }
)
GRAPH = {"dataset": "mrna", "graph": "folded", "resolution": BIN}


def write(path, factor=1.0, dtype=int, chroms=("chr1", "chr2")):
    """A map of random counts, times a factor; chromosomes named as said."""
    pixels = pd.concat([random_pixels(k, chrom, 60, scale=60) for k, chrom in enumerate(chroms)])
    sizes = SIZES.set_axis(list(chroms))
    bins = cooler.binnify(sizes, BIN)
    start = pixels["chrom"].map({name: 60 * k for k, name in enumerate(chroms)})
    table = {"bin1_id": pixels["bin1"] + start, "bin2_id": pixels["bin2"] + start}
    table = pd.DataFrame(table).assign(count=(pixels["count"] * factor).astype(dtype).to_numpy())
    cooler.create_cooler(
        str(path), bins, table.sort_values(["bin1_id", "bin2_id"]), dtypes={"count": dtype}
    )
    return cooler.Cooler(str(path))


@pytest.mark.parametrize(
    ("factor", "dtype", "counts"), [(1, int, True), (2.0, float, True), (0.37, float, False)]
)
def test_counts_are_whole_however_they_are_stored(tmp_path, factor, dtype, counts):
    clr = write(tmp_path / "one.cool", factor, dtype)
    assert holds_counts(clr) is counts
    looked = count_contacts(clr, match_chromosomes(clr, SIZES, "m"), "m")
    assert looked.whole is counts and looked.between.empty


def test_triples_are_no_counts_though_they_be_whole(tmp_path):
    pairs = {"chrom1": "chr1", "bin1": [0, 1], "chrom2": "chr1", "bin2": [3, 4], "count": [5.0, 6]}
    import_contacts(pd.DataFrame(pairs), "triples", BIN, SIZES, tmp_path / "map.cool", 2)
    assert not holds_counts(cooler.Cooler(str(tmp_path / "map.cool")))


def test_contacts_between_the_bins_of_genes(tmp_path):
    """The map names its chromosomes otherwise than the genome."""
    clr = write(tmp_path / "one.cool", chroms=("1", "2"))
    chromosomes = match_chromosomes(clr, SIZES, "m")
    wanted = {"chr1": {0, 1, 4}, "chr2": {1, 2}}
    found = count_contacts(clr, chromosomes, "m", wanted).between
    assert set(found["chrom"]) == {"chr1", "chr2"}
    for chrom, bins in wanted.items():
        matrix = clr.matrix(balance=False).fetch(chrom.removeprefix("chr"))
        mine = found[found["chrom"] == chrom]
        expected = {(i, j): matrix[i, j] for i in bins for j in bins if i <= j and matrix[i, j]}
        got = mine.set_index(["bin1", "bin2"])["count"].astype(int).to_dict()
        assert got == expected and len(expected) > 2


def test_genes_that_have_a_contact():
    pairs = [("chr1", 0, 1, 12), ("chr1", 1, 4, 3), ("chr1", 0, 58, 50), ("chr2", 0, 1, 9)]
    contacts = pd.DataFrame(pairs, columns=["chrom", "bin1", "bin2", "count"])

    def count(max_distance, min_contacts):
        return genes_in_contact(LOCI, contacts, BIN, max_distance, min_contacts)

    assert count(None, 0) == 6 and count(None, 10) == 3
    assert count(100_000, 10) == 2 and count(5_500, 1) == 2
    assert count(None, 51) == 0 and genes_in_contact(LOCI, contacts[:0], BIN, None, 0) == 0


def look(files, graphs, form="cool", loci=LOCI, how=look_at_map, **options):
    options = {"format": form, "bin_size": BIN, "label": "start", **options}
    about = {"resolutions": [BIN], "options": options, "graphs": graphs}
    with together() as attempt:
        return how(attempt, "m", files, about, SIZES, {"mrna": loci})[0]


def test_preflight_says_how_many_genes_have_a_contact(tmp_path):
    clr = write(tmp_path / "one.cool")
    near = GRAPH | {"max_distance": 20_000, "min_contacts": 10}
    raw = clr.matrix(balance=False).fetch("chr1")
    pairs = {(i, j) for i, j in [(0, 1), (1, 2), (0, 2)] if raw[[0, 1, 4][i], [0, 1, 4][j]] >= 10}
    pairs = {p for p in pairs if p != (0, 2)}  # 21,900 bp apart
    expected = len({gene for pair in pairs for gene in pair})
    expected += 2 * (clr.matrix(balance=False).fetch("chr2")[0, 1] >= 10)
    said = look({"map": str(tmp_path / "one.cool")}, [near])
    assert expected > 1 and said.endswith(
        f"\n    graph folded of dataset mrna: {expected} of 7 genes have a contact before "
        "balancing (10 or more raw contacts, up to 20,000 bp)"
    )
    none = look({"map": str(tmp_path / "one.cool")}, [near | {"min_contacts": 10**6}])
    assert "mrna: 0 of 7 genes" in none and "warning: a graph without a pair" in none
    other = look({"map": str(tmp_path / "one.cool")}, [near | {"dataset": "unread"}])
    assert "graph" not in other


def test_a_map_without_counts_is_said_to_be_one(tmp_path):
    write(tmp_path / "one.cool", 0.37, float)
    limits = GRAPH | {"max_distance": None, "min_contacts": 10}
    said = look({"map": str(tmp_path / "one.cool")}, [limits])
    assert "mrna: 6 of 7 genes have a contact before balancing; the map holds no raw" in said
    path = tmp_path / "chr1.txt"
    path.write_text(f"0\t{BIN}\t40\n")
    said = look({"chr1": str(path)}, [limits], "triples", how=look_at_contacts)
    assert "mrna: 2 of 7 genes" in said and "`min_contacts` is not asked of it" in said
