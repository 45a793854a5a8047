"""Effects of variants, against features that are recomputed from whole chromosomes."""

import math

import numpy as np
import pandas as pd
import pytest

from foldcast.resources.genome_sequence import index_sequence
from foldcast.spex.contacts.distal_features import plan_of
from foldcast.spex.contacts.tss_contacts import Contacts, Options, write_feature_sets
from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import Genome
from foldcast.variants.alleles import Change, differences
from foldcast.variants.nearby_genes import Neighbourhood
from foldcast.variants.variant_effects import Batch, published_weights
from published_windows import (
    SMALL,
    Network,
    local_part,
    local_windows,
    outputs_around,
    random_weights,
)

LENGTH = 140_000
CHR1 = "".join(np.random.default_rng(3).choice(list("ACGT"), LENGTH))
# gene, 1-based TSS, strand
GENES = [("one", 50_011, "+"), ("two", 56_204, "-"), ("far", 118_000, "-"), ("end", 139_990, "+")]
TSS = {name: tss for name, tss, _ in GENES}
STRAND = {name: strand for name, _, strand in GENES}
MAPS = ["near", "other"]
# start of a place, gene, upstream, weight; by map
PLACES = {
    "near": [(90_000, 0, 0, 2.0), (91_000, 0, 0, 0.5), (91_000, 1, 1, 3.0), (20_000, 1, 0, 1.5)],
    "other": [(91_000, 0, 0, 1.0)],
}
OUTPUTS = 5


@pytest.fixture(scope="module")
def state():
    return random_weights(SMALL, hidden=21, outputs=OUTPUTS)


@pytest.fixture(scope="module")
def network(state):
    return Beluga(dict(state))


class Remembering(Network):
    """Computes each window once: a variant changes few of a gene's."""

    def __init__(self, state):
        super().__init__(state)
        self.known = {}

    def __call__(self, windows):
        if new := [window for window in dict.fromkeys(windows) if window not in self.known]:
            self.known |= zip(new, super().__call__(new), strict=True)
        return np.stack([self.known[window] for window in windows])


@pytest.fixture(scope="module")
def oracle(state):
    return Remembering(state)


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    return genome_of(tmp_path_factory.mktemp("genome"), CHR1)


def genome_of(folder, sequence):
    fasta = folder / "genome.fa"
    fasta.write_text(f">chr1\n{sequence}\n")
    index_sequence(fasta, f"{fasta}.fai")
    return Genome(fasta, f"{fasta}.fai")


def genes_table(genes=GENES):
    table = pd.DataFrame(genes, columns=["gene", "tss", "strand"])
    return table.assign(tss=table["tss"] - 1, symbol=table["gene"].str.upper(), chrom="chr1")


def contacts_file(folder, **options):
    """The places as rule tss_contacts writes them; the last gene's bin has no contact at all."""
    paths = []
    for name, places in PLACES.items():
        start, gene, side, weight = map(
            np.array, zip(*sorted(places, key=lambda p: (p[1], p[0])), strict=True)
        )
        counts = np.bincount(gene, minlength=len(GENES))
        contacts = Contacts(
            indptr=np.concatenate([[0], np.cumsum(counts)]),
            start=start,
            side=side.astype(np.int8),
            weight=weight.astype(np.float32),
            degree=np.zeros((len(GENES), 2), int),
            touched=np.array([True, True, True, False]),
        )
        paths.append(folder / f"{name}.h5")
        names = [name for name, _, _ in GENES]
        write_feature_sets(
            paths[-1], {"chr1": names}, {"chr1": {name: contacts}}, 1000, Options(**options)
        )
    return paths


def batch_of(position, ref, alt, network, genome, *, genes=None, plan=None, both=True):
    """Of one variant (1-based), and the rows of its genes."""
    genes = genes_table() if genes is None else genes
    nearby = Neighbourhood(genes, plan, MAPS if plan else [])
    batch = Batch(OUTPUTS, MAPS if plan else [], {"linear", "trees"})
    for pair in nearby.pairs(Change.of("chr1", position - 1, ref, alt)):
        around = differences(network, genome, batch.around(pair), reverse_complement=True)
        under = differences(network, genome, batch.under(pair), reverse_complement=both)
        batch.add(0, pair, around, under)
    return batch, {genes["gene"][pair.gene]: k for k, pair in enumerate(batch.pairs)}


def changed(position, ref, alt, sequence=CHR1):
    assert sequence[position - 1 : position - 1 + len(ref)] == ref
    return sequence[: position - 1] + alt + sequence[position - 1 + len(ref) :]


def other_base(position):
    return {"A": "C", "C": "G", "G": "T", "T": "A"}[CHR1[position - 1]]


@pytest.mark.parametrize("both", [True, False])
@pytest.mark.parametrize(
    ("position", "read_by"),
    [
        (50_011, {"one", "two"}),
        (53_333, {"one", "two"}),
        # The first and the last base of a gene's windows, and those beside them.
        (50_011 - 20_999, {"one"}),
        (50_011 - 21_000, set()),
        (50_011 + 20_800, {"one", "two"}),
        (56_204 + 21_000, {"two"}),
        (56_204 + 21_001, set()),
        (139_999, {"end"}),
    ],
)
def test_for_trees_features_are_those_of_the_changed_chromosome(
    position, read_by, both, network, genome, oracle
):
    ref, alt = CHR1[position - 1], other_base(position)
    batch, rows = batch_of(position, ref, alt, network, genome, both=both)
    assert rows.keys() == read_by
    if position == 139_999 and not both:
        return  # slow, and nothing new
    for gene, k in rows.items():
        old, new = (
            local_part(oracle, sequence, TSS[gene], STRAND[gene], both)
            for sequence in (CHR1, changed(position, ref, alt))
        )
        found = batch.difference(np.array([k]), [], exact=True)[0]
        np.testing.assert_allclose(found, new - old, atol=2e-5)
        # A window's outermost bases hardly matter to it.
        assert position not in (50_011, 53_333) or np.abs(found).max() > 1e-2
        sign = 1 if STRAND[gene] == "+" else -1
        assert batch.pairs[k].distance == sign * (position - TSS[gene])
        assert batch.pairs[k].where(MAPS) == "local"


def around_variant(oracle, sequence, position):
    """Outputs of the nine windows, of both strands."""
    return outputs_around(
        oracle, sequence, [position + shift for shift in range(-800, 801, 200)], True
    )


@pytest.mark.parametrize("gene", ["one", "two"])
@pytest.mark.parametrize("position", [50_011, 51_111, 56_204, 60_999, 45_230])
def test_for_linear_models_features_are_the_published_difference(
    gene, position, network, genome, oracle
):
    ref, alt = CHR1[position - 1], other_base(position)
    batch, rows = batch_of(position, ref, alt, network, genome, both=False)
    old, new = (
        around_variant(oracle, sequence, position)
        for sequence in (CHR1, changed(position, ref, alt))
    )
    want = []
    sign = 1 if STRAND[gene] == "+" else -1
    for upstream in (True, False):
        for decay in (0.01, 0.02, 0.05, 0.1, 0.2):
            row = np.zeros(OUTPUTS)
            for shift, difference in zip(range(-800, 801, 200), new - old, strict=True):
                distance = (position + shift - TSS[gene]) * sign
                if distance <= 0 if upstream else distance >= 0:
                    row += math.exp(-decay * math.floor(abs(distance) / 200)) * difference
            want.append(row)
    found = batch.difference(np.array([rows[gene]]), [], exact=False)[0]
    np.testing.assert_allclose(found, np.concatenate(want), atol=2e-5)


@pytest.mark.parametrize("steps", [-60, -1, 0, 7, 80])
def test_on_the_genes_grid_the_published_difference_lacks_one_window_only(
    steps, network, genome, oracle
):
    """What is published is an approximation of the recomputed features, exact in a linear model
    but for two things: distances are cut to whole steps of 200 bp, and of the ten windows that a
    base is in, that which it is the last base of is left out. At whole steps only the second."""
    position = TSS["one"] + 200 * steps
    ref, alt = CHR1[position - 1], other_base(position)
    batch, rows = batch_of(position, ref, alt, network, genome)
    one = np.array([rows["one"]])
    exact, published = (batch.difference(one, [], exact=exact)[0] for exact in (True, False))
    old, new = (
        outputs_around(oracle, sequence, [position - 1000], True)[0]
        for sequence in (CHR1, changed(position, ref, alt))
    )
    missing = np.outer(published_weights(np.array([200 * steps - 1000]))[:, 0], new - old)
    np.testing.assert_allclose(exact - missing.ravel(), published, atol=2e-5)


@pytest.mark.parametrize(
    ("position", "length", "new"),
    [
        (53_001, 1, "GATTACAGATTACA"),
        (53_101, 31, ""),
        (49_101, 12, "GGG"),
        (49_001, 1, "ACGT" * 30),
    ],
)
@pytest.mark.parametrize("gene", ["one", "two"])
def test_indels_move_what_is_beyond_them_from_the_gene(
    gene, position, length, new, network, genome, oracle
):
    """Written with the base before, as in VCF files."""
    ref = CHR1[position - 1 : position - 1 + length]
    alt = ref[0] + new
    haplotype = changed(position, ref, alt)
    longer = len(haplotype) - LENGTH
    start, end = position + 1, position + length  # of what changes, 1-based, half-open
    weighted = np.zeros(10 * OUTPUTS)
    for shift, p in local_windows(TSS[gene], STRAND[gene]):
        if p - 999 < max(end, start) and p + 1000 >= start:
            there = p if position > TSS[gene] else p + longer
            old = outputs_around(oracle, CHR1, [p], True)[0]
            change = outputs_around(oracle, haplotype, [there], True)[0] - old
            decays = np.array([0.01, 0.02, 0.05, 0.1, 0.2])
            weights = np.exp(-decays * abs(shift) / 200)
            columns = np.concatenate([weights * (shift <= 0), weights * (shift >= 0)])
            weighted += np.outer(columns, change).ravel()
    batch, rows = batch_of(position, ref, alt, network, genome)
    found = batch.difference(np.array([rows[gene]]), [], exact=True)[0]
    np.testing.assert_allclose(found, weighted, atol=2e-5)


def test_both_strands_are_alike(tmp_path, network, genome):
    """The chromosome turned round: a window around p is that around LENGTH - p, from 1."""
    turn = str.maketrans("ACGT", "TGCA")
    turned = genome_of(tmp_path, CHR1[::-1].translate(turn))
    genes = genes_table(
        [(name, LENGTH - tss, "-+"[strand == "-"]) for name, tss, strand in GENES[:2]]
    )
    for position, length, alt in (
        (53_001, 1, "G"),
        (51_000, 9, "AC"),
        (57_001, 1, "ACCCC"),
        (40_001, 3, "T"),
    ):
        ref = CHR1[position - 1 : position - 1 + length]
        batch, rows = batch_of(position, ref, alt, network, genome)
        there = LENGTH - (position + length) + 2
        mirrored, same = batch_of(
            *(there, ref[::-1].translate(turn), alt[::-1].translate(turn)),
            network,
            turned,
            genes=genes,
        )
        assert rows.keys() == same.keys() and rows
        for gene, k in rows.items():
            one, two = (
                each.difference(np.array([row]), [], exact=True)[0]
                for each, row in ((batch, k), (mirrored, same[gene]))
            )
            np.testing.assert_allclose(one, two, atol=1e-5)


def block_of(oracle, sequence, places, gene, options):
    """Downstream and upstream sums of a gene's places."""
    block, total = np.zeros((2, OUTPUTS)), np.zeros(2)
    for start, of, upstream, weight in places:
        if of == gene:
            first = start if options["windows"] == "start" else None
            around = [first or start + 100 + 200 * k for k in range(5)]
            outputs = outputs_around(oracle, sequence, around, True)
            block[upstream] += weight * outputs.sum(axis=0)
            total[upstream] += weight * len(around)
    if options["aggregate"] == "mean":
        block /= np.where(total, total, 1)[:, None]
    return block.ravel()


@pytest.mark.parametrize("windows", ["centres", "start"])
@pytest.mark.parametrize("aggregate", ["sum", "mean"])
@pytest.mark.parametrize("position", [91_010, 90_300, 20_990])
def test_a_variant_in_a_place_that_touches_a_gene_changes_its_block(
    position, windows, aggregate, tmp_path, network, genome, oracle
):
    options = {"windows": windows, "aggregate": aggregate}
    plan = plan_of(contacts_file(tmp_path, **options), "chr1", LENGTH)
    ref, alt = CHR1[position - 1], other_base(position)
    batch, rows = batch_of(position, ref, alt, network, genome, plan=plan)
    sequences = (CHR1, changed(position, ref, alt))
    differ = {}
    for gene, (name, _, _) in enumerate(GENES):
        for one, places in PLACES.items():
            old, new = (block_of(oracle, each, places, gene, options) for each in sequences)
            differ[name, one] = new - old
    for (gene, one), want in differ.items():
        if want.any():
            k = np.array([rows[gene]])
            found = batch.difference(k, [one], exact=True)[0, 10 * OUTPUTS :]
            np.testing.assert_allclose(found, want, atol=3e-5)
            assert batch.pairs[rows[gene]].where([one]).endswith("contact")
            # Both maps together, in the order that is asked for.
            several = batch.difference(k, ["other", "near"], exact=False)[0, 10 * OUTPUTS :]
            want = np.concatenate([differ[gene, "other"], differ[gene, "near"]])
            np.testing.assert_allclose(several, want, atol=3e-5)
    assert {gene for (gene, _), want in differ.items() if want.any()} == {
        gene for gene, k in rows.items() if "contact" in batch.pairs[k].where(MAPS)
    }


def test_without_contacts_published_sums_over_local_windows_change_too(
    tmp_path, network, genome, oracle
):
    position = 139_000
    ref, alt = CHR1[position - 1], other_base(position)
    around = [p for _, p in local_windows(TSS["end"], "+") if abs(p - position) < 1100]
    old, new = (
        outputs_around(oracle, sequence, around, True).sum(axis=0)
        for sequence in (CHR1, changed(position, ref, alt))
    )
    for options, share in (
        ({"without": "local"}, 1),
        ({"without": "local", "aggregate": "mean"}, 1 / 200),
        ({"without": "zeros"}, 0),
    ):
        plan = plan_of(contacts_file(tmp_path, **options), "chr1", LENGTH)
        batch, rows = batch_of(position, ref, alt, network, genome, plan=plan)
        found = batch.difference(np.array([rows["end"]]), ["other"], exact=True)[0]
        np.testing.assert_allclose(found[10 * OUTPUTS :], share * np.tile(new - old, 2), atol=2e-5)


def test_the_reference_allele_has_no_effect_whatsoever(tmp_path, network, genome):
    plan = plan_of(contacts_file(tmp_path, without="local"), "chr1", LENGTH)
    for position in (50_011, 91_010):
        ref = CHR1[position - 1 : position + 6]
        batch, rows = batch_of(position, ref, ref, network, genome, plan=plan)
        assert not rows or not batch.difference(np.arange(len(rows)), MAPS, exact=True).any()
