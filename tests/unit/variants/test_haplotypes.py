"""Haplotypes: as single variants where there is one, as an edited genome where there are more."""

import numpy as np
import pandas as pd
import pytest

from effects_world import CHR1, broken
from foldcast.errors import InputError
from foldcast.files import read_table
from foldcast.resources.genome_sequence import index_sequence
from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import Genome, encode
from foldcast.variants.alleles import Change, Windows, alternative, differences, offsets
from foldcast.variants.haplotypes import (
    Haplotype,
    copies_of,
    haplotype_differences,
    haplotype_window,
)
from foldcast.variants.phased_variants import read_phased
from published_windows import SMALL, random_weights
from scripts.variants import haplotype_effects

TSS = 6000
DNA = "".join(np.random.default_rng(9).choice(list("ACGT"), 12_000))


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    fasta = tmp_path_factory.mktemp("genome") / "genome.fa"
    fasta.write_text(f">chr1\n{DNA}\n")
    index_sequence(fasta, f"{fasta}.fai")
    return Genome(fasta, f"{fasta}.fai")


def change(start, end, bases):
    return Change("chr1", start, end, bases)


SINGLE = [
    change(6500, 6501, "A"), change(6500, 6500, "ACGTT"), change(6500, 6517, ""),
    change(5200, 5231, "GG"), change(5200, 5200, "TTT"), change(5995, 6003, ""),
    change(5998, 6004, "ACGTACGTACGT"), change(6000, 6001, ""), change(6000, 6000, "GATTACA"),
    change(6001, 6001, "GATTACA"), change(6000, 6001, "T"), change(5990, 6010, "A" * 20),
]  # fmt: skip


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("one", SINGLE, ids=str)
def test_one_variant_is_as_by_itself(genome, one, sign):
    """Every window that it is in, at all kinds of places: within it, at its ends, over the TSS."""
    starts = np.arange(one.start - 1999, one.end)
    starts = starts[one.under(starts)][:: 7 if one.start != 6000 else 1]
    side, haplotype = one.fixed_side(TSS, sign), Haplotype.of([one])
    assert haplotype.under(starts).all()
    assert not haplotype.under(np.array([one.start - 2000, one.end])).any()
    new, anchor = alternative(genome, one), haplotype.fixed_side(TSS, sign)
    for start, at in zip(starts, offsets(one, side, starts), strict=True):
        found = haplotype_window(genome, haplotype, anchor, int(start))
        np.testing.assert_array_equal(found, new[at : at + 2000], err_msg=str(start))


def test_several_variants_are_an_edited_genome_read_from_the_tss_outwards(genome):
    changes = [
        change(4000, 4007, ""), change(4800, 4801, "A"), change(5300, 5300, "CCCCC"),
        change(6400, 6430, "T"), change(6900, 6901, "G"), change(7700, 7700, "ACAC"),
    ]  # fmt: skip
    haplotype = Haplotype.of(changes[::-1])
    before, behind = DNA[:TSS], DNA[TSS:]
    for one in changes[::-1]:
        if one.start >= TSS:
            behind = behind[: one.start - TSS] + one.bases + behind[one.end - TSS :]
        else:
            before = before[: one.start] + one.bases + before[one.end :]
    edited = encode(before + behind)
    anchor = haplotype.fixed_side(TSS, 1)
    for start in range(3100, 8600, 41):
        found = haplotype_window(genome, haplotype, anchor, start)
        if start <= TSS <= start + 2000:
            at = len(before) - (TSS - start)
            np.testing.assert_array_equal(found, edited[at : at + 2000])
        elif not haplotype.under(np.array([start]))[0]:
            np.testing.assert_array_equal(found, encode(DNA[start : start + 2000]))


def test_of_overlapping_variants_the_first_counts():
    one, over, same = change(10, 20, ""), change(15, 16, "A"), change(30, 30, "A")
    other = change(30, 30, "C")
    found = Haplotype.of([over, same, one, other, one])
    assert found.changes == (one, same)


def test_differences_are_those_of_the_network(genome):
    network = Beluga(random_weights(SMALL, hidden=9, outputs=7))
    starts = tuple(range(4100, 8100, 200))
    one = change(6700, 6712, "AC")
    asked = tuple(start for start in starts if one.under(np.array([start]))[0])
    want = differences(network, genome, [Windows(one, "left", asked)], reverse_complement=True)
    both = Haplotype.of([one])
    same = Windows(both, both.fixed_side(TSS, 1), asked)
    found = haplotype_differences(network, genome, [same], reverse_complement=True)
    np.testing.assert_allclose(found[same], *want.values(), atol=1e-6)
    assert np.abs(found[same]).max() > 1e-3
    many = Haplotype.of([one, change(5000, 5001, "A"), change(5001, 5002, "G")])
    asked = tuple(np.array(starts)[many.under(np.array(starts))].tolist())
    several = Windows(many, many.fixed_side(TSS, 1), asked)
    found = haplotype_differences(network, genome, [several], reverse_complement=False)[several]
    for start, row in zip(asked, found, strict=True):
        new = haplotype_window(genome, many, several.side, start)
        old = genome.fetch("chr1", start, start + 2000)
        each = [network.windows(codes, reverse_complement=False)[0] for codes in (new, old)]
        np.testing.assert_allclose(row, each[0] - each[1], atol=1e-6)


HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tone\ttwo\n"


def vcf(path, *rows, header=HEADER, keys="GT:DP"):
    """Rows of position, ref, alt, genotypes."""
    lines = [
        "\t".join(["chr1", str(at), ".", ref, alt, ".", ".", ".", keys, *genotypes]) + "\n"
        for at, ref, alt, *genotypes in rows
    ]
    path.write_text(header + "".join(lines))
    return path


def carriers_of(found):
    return {(row.position + 1, row.alt): row.carriers for row in found.table.itertuples()}


def test_genotypes_say_which_copy_carries_what(tmp_path):
    path = vcf(
        tmp_path / "phased.vcf",
        (10, "A", "C", "0|1:3", "1|1:3"),
        (20, "A", "C,*,g", "3|1", ".|3"),
        (30, "A", "T", "0/1", "1/1"),
        (40, "A", "T", "0|0", "0"),
        (50, "A", "T", "1", "0|."),
        (60, "A", "T", "0/1", "./."),
    )
    found = read_phased(path)
    assert carriers_of(found) == {
        (10, "C"): (("one", 2, ""), ("two", 1, None), ("two", 2, None)),
        (20, "C"): (("one", 2, ""),),
        (20, "G"): (("one", 1, ""), ("two", 2, "")),
        (30, "T"): (("two", 1, None), ("two", 2, None)),
        (50, "T"): (("one", 1, None),),
    }
    assert (
        "9 alleles of samples: 4 phased along the chromosome, 3 on every copy, "
        "2 of unknown phase (0/1) that count as the reference's"
    ) in found.count()
    assert "phase sets" not in found.count()
    assert "1 on no copy of these samples" in found.count()
    assert "1 of unknown phase in the samples that carry it" in found.count()
    alone = read_phased(path, ["two"])
    assert alone.table["carriers"].map(lambda each: {one.sample for one in each}).eq({"two"}).all()
    with pytest.raises(InputError, match=r"2 alleles whose phase is not known"):
        read_phased(path, strict=True)
    with pytest.raises(InputError, match="'three'"):
        read_phased(path, ["three"])


def test_genotypes_say_of_which_phase_set_they_are(tmp_path):
    """Of several samples, with several alleles in a row, with and without a set."""
    path = vcf(
        tmp_path / "phased.vcf",
        (10, "A", "C", "0|1:10", "0|1:.:9"),
        (20, "A", "C,G", "2|1:10", "1|2:10:9"),
        (30, "A", "T", "1|0:30", "0/1:30"),
        (40, "A", "T", "1/1:30", "|1|0"),
        (50, "A", "T,G", "0|1", "1/2:30"),
        keys="GT:PS:DP",
    )
    found = read_phased(path)
    assert carriers_of(found) == {
        (10, "C"): (("one", 2, "10"), ("two", 2, "")),
        (20, "C"): (("one", 2, "10"), ("two", 1, "10")),
        (20, "G"): (("one", 1, "10"), ("two", 2, "10")),
        (30, "T"): (("one", 1, "30"),),
        (40, "T"): (("one", 1, None), ("one", 2, None), ("two", 1, "")),
        (50, "T"): (("one", 2, ""),),
    }
    assert (
        "13 alleles of samples: 6 in a phase set, 3 phased along the chromosome, 1 on every copy, "
        "3 of unknown phase (0/1) that count as the reference's; phase sets: 3"
    ) in found.count()


def base(at, bases="A"):
    return change(at, at + 1, bases)


def test_variants_of_different_phase_sets_are_never_together():
    """Genes read 50 bp around 100, 200 … by their rows 1, 2 …"""
    both = [("s", 1, None), ("s", 2, None)]
    carried = [
        (base(100), [("s", 1, "a")]), (base(110), [("s", 2, "a")]), (base(120), both),
        (base(210), [("s", 1, "b")]), (base(140), [("s", 1, "b")]),
        (base(320), both), (base(410), both), (base(420), [("s", 2, ""), ("t", 1, "")]),
        (base(430), [("t", 2, "c")]),
    ]  # fmt: skip

    def readers(haplotype, genes=range(1, 6)):
        return [g for g in genes if any(abs(c.start - 100 * g) <= 50 for c in haplotype.changes)]

    found = {
        (one.sample, one.phase_set, one.copy): (
            [c.start for c in one.haplotype.changes if readers(Haplotype((c,)), one.genes)],
            {*one.genes},
        )
        for one in copies_of(carried, range(1, 6), readers)
    }
    assert found == {
        ("s", "a", 1): ([100, 120], {1}),
        ("s", "a", 2): ([110, 120], {1}),
        ("s", "b", 1): ([120, 140, 210], {1, 2}),
        ("s", "b", 2): ([120], {1, 2}),
        ("s", "", 1): ([320, 410], {3, 4}),
        ("s", "", 2): ([320, 410, 420], {3, 4}),
        ("t", "c", 2): ([430], {4}),
        ("t", "", 1): ([420], {4}),
    }
    # Without any set all genes are asked, and each copy is whole.
    plain = copies_of([(base(100), [("s", 2, "")]), (base(900), both)], range(1, 6), readers)
    assert [(one.copy, [c.start for c in one.haplotype.changes]) for one in plain] == [
        (1, [900]),
        (2, [100, 900]),
    ]
    assert {one.genes for one in plain} == {frozenset(range(1, 6))}


def test_what_lies_over_another_is_told():
    carried = [(change(10, 20, ""), [("s", 1, "")]), (base(15), [("s", 1, ""), ("s", 2, "")])]
    one, two = copies_of(carried, [0], lambda haplotype: [0])
    assert one.lost == {base(15)} and not two.lost


def test_a_table_may_name_its_sets(tmp_path):
    path = tmp_path / "sets.tsv"
    path.write_text("chr\tpos\tea\toa\thaplotype\n1\t10\tC\tA\th1\n1\t20\tC\tA\th2\n")
    assert read_phased(path).table["carriers"].tolist() == [(("h1", 1, ""),), (("h2", 1, ""),)]
    assert read_phased(path, ["h2"]).table["position"].tolist() == [19]
    path.write_text("chr\tpos\tea\toa\n1\t10\tC\tA\n")
    with pytest.raises(InputError, match="column `haplotype`"):
        read_phased(path)
    bare = HEADER.replace("\tFORMAT\tone\ttwo", "")
    (tmp_path / "bare.vcf").write_text(bare + "chr1\t10\t.\tA\tC\t.\t.\t.\n")
    with pytest.raises(InputError, match="0 samples, and no genotypes"):
        read_phased(tmp_path / "bare.vcf")


def haplotypes(world, models, *rows, samples=(), asked=None, **how):
    job = world.scored(models)
    job.input.haplotypes = vcf(world.folder / "phased.vcf", *rows, **how)
    job.input.asked = world.file("asked.tsv", asked) if asked else []
    job.params.samples, job.params.strict = list(samples), False
    job.output.effects = world.folder / "haplotypes.tsv"
    job.output.skipped = world.folder / "haplotypes_skipped.tsv"
    haplotype_effects.main(job)
    return read_table(job.output.effects, dtype={"copy": str, "phase_set": str})


def test_effects_of_a_copy_with_one_variant_and_with_two(world, models):
    """One variant: as variant_effects has it, for trees. Two in two places: nearly their sum."""
    promoter, enhancer = broken(43_150), broken(100_400)
    table = haplotypes(
        world, models, (*promoter, "0|1", "1|1"), (*enhancer, "1|0", "0|1"),
        (41_000, CHR1[40_999], CHR1[40_999] + "ACGT", "0|0", "0|0"),
    )  # fmt: skip
    single = world.effects(promoter, enhancer, models=models)
    keys = ["gene", "tissue", "feature_set", "model"]
    mine = table[table["gene"] == "A"]
    for copy, variant in (("2", promoter), ("1", enhancer)):
        one = mine[mine["sample"].eq("one") & mine["copy"].eq(copy)]
        assert (one["n_variants"] == 1).all()
        assert set(one["variants"]) == {f"chr1:{variant[0]} {variant[1]}>{variant[2]}"}
        both = one.merge(single[single["variant"].isin(one["variants"])], on=keys)
        assert len(both) == len(one)
        trees = both[both["model"] == "trees"]
        np.testing.assert_allclose(trees["effect_x"], trees["effect_y"], atol=1e-5)
        linear = both[both["model"] == "linear"]
        np.testing.assert_allclose(linear["effect_x"], linear["effect_y"], rtol=0.25, atol=0.02)
    linear = mine[(mine["model"] == "linear") & (mine["feature_set"] == "map")]
    linear = linear.set_index(["sample", "copy", "tissue"])["effect"]
    for tissue in linear.index.unique("tissue"):
        parts = linear["one", "1", tissue] + linear["one", "2", tissue]
        assert linear["two", "2", tissue] == pytest.approx(parts, abs=1e-5)
    assert linear.abs().min() > 0.1
    assert mine.loc[mine["sample"].eq("two") & mine["copy"].eq("2") & mine["feature_set"].eq("map"),
                    "n_variants"].eq(2).all()  # fmt: skip


def test_copies_that_are_alike_have_the_same_effects(world, models):
    variant = broken(40_150)
    table = haplotypes(world, models, (*variant, "1|1", "0|1"), samples=["one"])
    one, two = (table[table["copy"] == copy].drop(columns="copy") for copy in "12")
    pd.testing.assert_frame_equal(one.reset_index(drop=True), two.reset_index(drop=True))
    assert len(one)
    assert set(table["sample"]) == {"one"}


def test_phase_sets_are_haplotypes_of_their_own(world, models):
    """Two variants of one gene: together in one phase set, apart in two, on both copies in each."""
    near, enhancer, both = broken(43_150), broken(100_400), (41_000, CHR1[40_999], "N")

    def effects(*sets):
        rows = [(*near, f"1|0:{sets[0]}", "0|0:."), (*enhancer, f"1|0:{sets[1]}", "0|0:."),
                (*both, "1/1:.", "0|1:7")]  # fmt: skip
        return haplotypes(world, models, *rows, keys="GT:PS")

    whole, same, apart = (effects(*sets) for sets in ("..", "aa", "ab"))
    mine = whole[whole["sample"] == "one"].drop(columns="phase_set").reset_index(drop=True)
    assert set(whole["phase_set"].fillna("")) == {"", "7"} and set(mine["copy"]) == {"1", "2"}
    together = same[same["sample"] == "one"]
    assert set(together["phase_set"]) == {"a"}
    pd.testing.assert_frame_equal(
        together.drop(columns="phase_set").reset_index(drop=True), mine, check_dtype=False
    )
    table = apart[apart["sample"].eq("one") & apart["feature_set"].eq("map")]
    carried = table.groupby(["phase_set", "copy"])["variants"].first().to_dict()
    name = {k: f"chr1:{v[0]} {v[1]}>{v[2]}" for k, v in enumerate([both, near, enhancer])}
    assert carried == {
        ("a", "1"): f"{name[0]}; {name[1]}", ("a", "2"): name[0],
        ("b", "1"): f"{name[0]}; {name[2]}", ("b", "2"): name[0],
    }  # fmt: skip
    # The enhancer's place is A's, not B's, so that B has no rows of set b.
    assert set(table.loc[table["phase_set"] == "b", "gene"]) == {"A"}
    assert set(table.loc[table["phase_set"] == "a", "gene"]) == {"A", "B"}
    linear = table[table["model"].eq("linear") & table["gene"].eq("A")]
    linear = linear.set_index(["phase_set", "copy", "tissue"])["effect"]
    full = mine[mine["model"].eq("linear") & mine["feature_set"].eq("map") & mine["gene"].eq("A")]
    full = full[full["copy"] == "1"].set_index("tissue")["effect"]
    for tissue, effect in full.items():
        # What the second set adds to what both copies have.
        added = linear["b", "1", tissue] - linear["b", "2", tissue]
        assert abs(added) > 0.1
        assert linear["a", "1", tissue] + added == pytest.approx(effect, abs=1e-5)


def test_haplotypes_of_genes_that_are_asked_about(world, models):
    rows = [(*broken(43_150), "1|0", "1|1")]
    every = haplotypes(world, models, *rows)
    found = haplotypes(world, models, *rows, asked="B\nunknown\n")
    want = every[every["gene"] == "B"].reset_index(drop=True)
    assert 0 < len(want) < len(every)
    pd.testing.assert_frame_equal(found, want, check_dtype=False)
