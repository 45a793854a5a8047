import re

import numpy as np
import pandas as pd
import pytest

from foldcast.demo import motifs
from foldcast.files import read_table

COMPLEMENT = str.maketrans("ACGT", "TGCA")


@pytest.fixture(scope="module")
def planted(usual):
    names = ["chrom", "start", "end", "name", "score", "strand"]
    return pd.read_csv(usual / "truth/motifs.bed", sep="\t", names=names)


@pytest.fixture(scope="module")
def places(usual):
    names = ["chrom", "start", "end", "motif"]
    return pd.read_csv(usual / "truth/places.bed", sep="\t", names=names)


@pytest.fixture(scope="module")
def genes(usual):
    return read_table(usual / "truth/all_genes.tsv")


@pytest.fixture(scope="module")
def sequence(usual):
    records = (record.partition("\n") for record in (usual / "genome.fa").read_text().split(">"))
    return {name: lines.replace("\n", "") for name, _, lines in records if name}


def distance(sites, genes):
    """bp from each site to the nearest TSS."""
    return np.concatenate(
        [
            np.abs(own["start"].to_numpy()[:, None] - near["tss"].to_numpy()).min(axis=1)
            for chrom, own in sites.groupby("chrom", sort=False)
            for near in [genes[genes["chrom"] == chrom]]
        ]
    )


def test_motifs_are_written_where_the_truth_says(planted, sequence):
    for row in planted.itertuples():
        word = sequence[row.chrom][row.start : row.end]
        if row.strand == "-":
            word = word.translate(COMPLEMENT)[::-1]
        assert word == motifs.MOTIFS[row.name]
    assert planted["strand"].value_counts().min() > 0.45 * len(planted)


def test_hardly_a_motif_is_there_by_chance(planted, sequence):
    for name, word in motifs.MOTIFS.items():
        both = f"{word}|{word.translate(COMPLEMENT)[::-1]}"
        found = sum(len(re.findall(both, letters)) for letters in sequence.values())
        drawn = (planted["name"] == name).sum()
        assert drawn <= found <= drawn + 12


def test_motifs_are_unlike_each_other_and_half_gc():
    words = list(motifs.MOTIFS.values())
    words += [word.translate(COMPLEMENT)[::-1] for word in words]
    assert len(set(words)) == len(words)
    for one in words:
        assert sum(letter in "GC" for letter in one) == 6
        for other in set(words) - {one}:
            for shift in range(-4, 5):
                pairs = zip(one[max(shift, 0) :], other[max(-shift, 0) :], strict=False)
                assert sum(a == b for a, b in pairs) <= 8


def test_promoter_motifs_are_near_a_tss(planted, genes):
    near = planted[planted["name"].isin(motifs.PROMOTER)]
    assert len(near) == pytest.approx(3 * len(genes), rel=0.1)
    away = distance(near, genes)
    assert away.max() <= 10_000
    assert np.median(away) < 2_000


def test_distal_motifs_are_in_places_without_a_tss(planted, places, genes):
    for place in places.itertuples():
        near = genes[genes["chrom"] == place.chrom]["tss"]
        assert not near.between(place.start - 1_000, place.end + 999).any()
    distal = planted[planted["name"].isin(["enhancer", "silencer"])]
    homes = distal.assign(place=distal["start"] // 10_000 * 10_000).merge(
        places, left_on=["chrom", "place"], right_on=["chrom", "start"], suffixes=("", "_place")
    )
    assert len(homes) == len(distal)
    assert (homes["motif"] == homes["name"]).all()
    counts = homes.groupby(["chrom", "place"]).size()
    assert counts.between(1, 6).all()
    assert (counts >= 3).mean() > 0.95  # some make way for a promoter motif
    assert len(places) == pytest.approx(0.3 * 1200, abs=1)


def test_motifs_do_not_overlap(planted):
    for _, own in planted.groupby("chrom", sort=False):
        assert (own["start"].to_numpy()[1:] >= own["end"].to_numpy()[:-1]).all()


def test_places_are_fewer_where_genes_leave_no_room():
    tss = pd.DataFrame({"chrom": "chr1", "tss": np.arange(0, 1_000_000, 10_000)})
    rng = np.random.default_rng(0)
    sizes = pd.Series({"chr1": 1_000_000})
    assert motifs.draw_places(sizes, tss, rng).empty
    assert len(motifs.draw_places(sizes, tss[10:], rng)) == 9
    assert len(motifs.draw_places(sizes, tss[50:], rng)) == 30


def test_planting_replaces_letters_and_keeps_the_length():
    sites = pd.DataFrame(
        [(3, "enhancer", "+"), (20, "enhancer", "-")], columns=["start", "name", "strand"]
    )
    found = motifs.plant(b"a" * 40, sites)
    assert found == b"aaaTGTTTACCGCAGaaaaaCTGCGGTAAACAaaaaaaaa"
