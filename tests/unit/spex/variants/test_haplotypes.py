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
from foldcast.spex.variants.alleles import Change, Windows, alternative, differences, offsets
from foldcast.spex.variants.haplotypes import Haplotype, haplotype_differences, haplotype_window
from foldcast.spex.variants.phased_variants import read_phased
from published_windows import SMALL, random_weights
from scripts.spex import haplotype_effects

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


def vcf(path, *rows, header=HEADER):
    """Rows of position, ref, alt, genotypes."""
    lines = [
        "\t".join(["chr1", str(at), ".", ref, alt, ".", ".", ".", "GT:DP", *genotypes]) + "\n"
        for at, ref, alt, *genotypes in rows
    ]
    path.write_text(header + "".join(lines))
    return path


def test_genotypes_say_which_copy_carries_what(tmp_path):
    path = vcf(
        tmp_path / "phased.vcf",
        (10, "A", "C", "0|1:3", "1|1:3"),
        (20, "A", "C,*,g", "3|1", ".|3"),
        (30, "A", "T", "0/1", "1/1"),
        (40, "A", "T", "0|0", "0"),
        (50, "A", "T", "1", "0|."),
    )
    found = read_phased(path)
    carriers = {(row.position + 1, row.alt): row.carriers for row in found.table.itertuples()}
    assert carriers == {
        (10, "C"): (("one", 2), ("two", 1), ("two", 2)),
        (20, "C"): (("one", 2),),
        (20, "G"): (("one", 1), ("two", 2)),
        (30, "T"): (("two", 1), ("two", 2)),
        (50, "T"): (("one", 1),),
    }
    assert "1 genotypes whose phase is not known" in found.count()
    assert "1 on no copy of these samples" in found.count()
    alone = read_phased(path, ["two"])
    assert alone.table["carriers"].map(lambda each: {who for who, _ in each}).eq({"two"}).all()
    with pytest.raises(InputError, match=r"phase is not known"):
        read_phased(path, strict=True)
    with pytest.raises(InputError, match="'three'"):
        read_phased(path, ["three"])


def test_a_table_may_name_its_sets(tmp_path):
    path = tmp_path / "sets.tsv"
    path.write_text("chr\tpos\tea\toa\thaplotype\n1\t10\tC\tA\th1\n1\t20\tC\tA\th2\n")
    assert read_phased(path).table["carriers"].tolist() == [(("h1", 1),), (("h2", 1),)]
    assert read_phased(path, ["h2"]).table["position"].tolist() == [19]
    path.write_text("chr\tpos\tea\toa\n1\t10\tC\tA\n")
    with pytest.raises(InputError, match="column `haplotype`"):
        read_phased(path)
    bare = HEADER.replace("\tFORMAT\tone\ttwo", "")
    (tmp_path / "bare.vcf").write_text(bare + "chr1\t10\t.\tA\tC\t.\t.\t.\n")
    with pytest.raises(InputError, match="0 samples, and no genotypes"):
        read_phased(tmp_path / "bare.vcf")


def haplotypes(world, models, *rows, samples=()):
    job = world.scored(models)
    job.input.haplotypes = vcf(world.folder / "phased.vcf", *rows)
    job.params.samples, job.params.strict = list(samples), False
    job.output.effects = world.folder / "haplotypes.tsv"
    job.output.skipped = world.folder / "haplotypes_skipped.tsv"
    haplotype_effects.main(job)
    return read_table(job.output.effects, dtype={"copy": str})


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
