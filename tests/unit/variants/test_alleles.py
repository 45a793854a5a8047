"""The two alleles under a window, and how the network's outputs differ."""

import numpy as np
import pytest

from foldcast.resources.genome_sequence import index_sequence
from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import LETTERS, Genome
from foldcast.variants.alleles import (
    Change,
    Windows,
    alternative,
    differences,
    offsets,
    windows_under,
)
from published_windows import SMALL, Network, other_strand, random_weights

LENGTH = 12_000
CHR1 = "".join(np.random.default_rng(5).choice(list("ACGT"), LENGTH))


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    fasta = tmp_path_factory.mktemp("genome") / "genome.fa"
    fasta.write_text(f">chr1\n{CHR1}\n")
    index_sequence(fasta, f"{fasta}.fai")
    with Genome(fasta, f"{fasta}.fai") as genome:
        yield genome


@pytest.fixture(scope="module")
def state():
    return random_weights(SMALL, hidden=21, outputs=5)


@pytest.fixture(scope="module")
def network(state):
    return Beluga(dict(state))


def letters(codes):
    return "".join((LETTERS + "N")[code] for code in codes)


def window(genome, change, side, start):
    at = offsets(change, side, np.array([start]))[0]
    return letters(alternative(genome, change)[at : at + 2000])


@pytest.mark.parametrize(
    ("ref", "alt", "change"),
    [
        ("A", "G", (10, 11, "G")),
        ("ACG", "ATG", (11, 12, "T")),
        ("ACG", "GCA", (10, 13, "GCA")),
        ("A", "ACC", (11, 11, "CC")),
        ("ACC", "A", (11, 13, "")),
        ("CCA", "A", (10, 12, "")),
        ("ACT", "AGGT", (11, 12, "GG")),
        ("AAAA", "AA", (12, 14, "")),
        ("A", "A", (11, 11, "")),
    ],
)
def test_shared_bases_are_no_part_of_a_change(ref, alt, change):
    found = Change.of("chr1", 10, ref, alt)
    assert (found.start, found.end, found.bases) == change


def test_windows_move_away_from_the_gene():
    gone, new, other = (
        Change("chr1", 10, end, bases) for end, bases in ((13, ""), (10, "A"), (11, "T"))
    )
    assert gone.fixed_side(9, 1) == gone.fixed_side(9, -1) == "left"
    assert gone.fixed_side(13, 1) == gone.fixed_side(13, -1) == "right"
    # Over the TSS: what is upstream stays.
    assert (gone.fixed_side(11, 1), gone.fixed_side(11, -1)) == ("left", "right")
    assert (new.fixed_side(9, 1), new.fixed_side(10, 1)) == ("left", "right")
    assert other.fixed_side(0, 1) == other.fixed_side(99, 1) == "left"


@pytest.mark.parametrize(
    ("change", "first", "last"),
    [
        (Change("chr1", 5000, 5001, "A"), 3001, 5000),
        (Change("chr1", 5000, 5400, ""), 3001, 5399),
        # Between two bases: a window's edge between them has no part of it.
        (Change("chr1", 5000, 5000, "ACG"), 3001, 4999),
    ],
)
def test_windows_are_those_that_have_the_change_in_them(change, first, last):
    starts = np.arange(2000, 7000)
    assert starts[change.under(starts)][[0, -1]].tolist() == [first, last]
    grid = np.arange(-1000, 12_000, 200)
    found = windows_under(change, "left", np.concatenate([grid, grid])[::-1])
    assert found.starts == tuple(start for start in grid if first <= start <= last)
    assert windows_under(change, "left", np.array([first - 1, last + 1])) is None


CHANGES = {
    "substitution": Change("chr1", 6000, 6003, "TTT"),
    "deletion": Change("chr1", 6000, 6030, ""),
    "insertion": Change("chr1", 6000, 6000, "ACGTTGCAAC"),
    "replacement": Change("chr1", 6000, 6020, "GATTACA"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_window_reads_the_haplotype_from_its_fixed_end(genome, name):
    change = CHANGES[name]
    haplotype = CHR1[: change.start] + change.bases + CHR1[change.end :]
    longer = len(haplotype) - LENGTH
    for start in range(4001, 6001, 111):
        assert window(genome, change, "left", start) == haplotype[start : start + 2000]
    for end in range(change.end, 7999, 111):
        found = window(genome, change, "right", end - 2000)
        assert found == haplotype[end + longer - 2000 : end + longer]


def test_a_window_whose_fixed_end_is_gone_begins_at_what_is_left(genome):
    change = Change("chr1", 6000, 9000, "GA")
    assert window(genome, change, "left", 6001) == "A" + CHR1[9000:10_999]
    for start in (6002, 7000, 8999):
        assert window(genome, change, "left", start) == CHR1[9000:11_000]
    assert window(genome, change, "right", 6999) == CHR1[4001:6000] + "G"
    for start in (4001, 5000, 6000):
        assert window(genome, change, "right", start) == CHR1[4000:6000]


def test_off_the_ends_of_the_chromosome_nothing_is_known(genome):
    change = Change("chr1", 10, 12, "")
    assert window(genome, change, "left", -500) == "N" * 500 + CHR1[:10] + CHR1[12:1502]
    assert window(genome, change, "right", -500) == "N" * 502 + CHR1[:10] + CHR1[12:1500]
    change = Change("chr1", LENGTH - 1, LENGTH, "")
    assert window(genome, change, "left", LENGTH - 1500) == CHR1[-1500:-1] + "N" * 501


@pytest.mark.parametrize("both", [True, False])
def test_differences_are_those_of_the_network_read_window_by_window(genome, state, network, both):
    oracle = Network(state)
    asked = {
        # Off the grid of any gene, in the wrong order, with a gap, and where a deletion is.
        Windows(CHANGES["substitution"], "left", (4103, 4303, 4503, 5003, 5999)),
        Windows(CHANGES["deletion"], "right", tuple(range(4100, 6000, 200))),
        Windows(CHANGES["insertion"], "left", (5100,)),
        Windows(Change("chr1", 3000, 8000, ""), "left", tuple(range(1100, 8000, 200))),
        Windows(Change("chr1", 100, 101, "N"), "left", (-900, -700)),
    }
    made = differences(network, genome, asked, reverse_complement=both)
    assert made.keys() == asked
    for one in asked:
        news = [window(genome, one.change, one.side, start) for start in one.starts]
        olds = [letters(genome.fetch("chr1", start, start + 2000)) for start in one.starts]
        want = oracle(news) - oracle(olds)
        if both:
            others = oracle([other_strand(s) for s in news]) - oracle(list(map(other_strand, olds)))
            want = (want + others) / 2
        np.testing.assert_allclose(made[one], want, atol=2e-6)
        assert np.abs(want).max() > 1e-3


def test_what_reads_alike_does_not_differ_at_all(genome, network):
    same = Windows(Change("chr1", 6000, 6004, CHR1[6000:6004]), "left", (4500, 4700))
    # One of two equal letters is gone, of which the first is a window's last base.
    first = next(k for k in range(5000, 6000) if CHR1[k] == CHR1[k + 1])
    gone = Change("chr1", first, first + 1, "")
    edge = Windows(gone, "left", (first - 1999, first - 1799))
    made = differences(network, genome, [same, edge], reverse_complement=True)
    assert not made[same].any()
    assert not made[edge][0].any() and made[edge][1].any()
    assert differences(network, genome, [], reverse_complement=True) == {}
