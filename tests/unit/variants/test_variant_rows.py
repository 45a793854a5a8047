"""Variants of every kind of file: what is read, split, left out with its reason, or refused."""

import gzip

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.resources.genome_sequence import index_sequence
from foldcast.spex.features.dna_codes import Genome
from foldcast.variants.placed_variants import name_of, place_variants
from foldcast.variants.variant_rows import read_variants

COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
HEADER = f"##fileformat=VCFv4.2\n##source=test # of a header\n{COLUMNS}"
CHR1 = "ACGTACGTNNacgtTTTTGGGGCCCCAAAA"


def write(folder, *rows, header=HEADER, name="some.vcf", packed=False):
    text = header + "".join("\t".join(map(str, row)) + "\n" for row in rows)
    path = folder / name
    path.write_bytes(gzip.compress(text.encode(), mtime=0) if packed else text.encode())
    return path


def row(position, ref, alt, chrom="chr1", id="."):
    return (chrom, position, id, ref, alt, ".", "PASS", "A=1;B=#2")


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    fasta = tmp_path_factory.mktemp("genome") / "genome.fa"
    fasta.write_text(f">chr1\n{CHR1}\n>chrM\nACGTA\n")
    index_sequence(fasta, f"{fasta}.fai")
    with Genome(fasta, f"{fasta}.fai") as genome:
        yield genome


SIZES = pd.Series({"chr1": len(CHR1), "chrM": 5})


def placed(path, genome, strict=True, **options):
    found = read_variants(path, strict=strict, **options)
    return place_variants(found, SIZES, genome, path, strict=strict)


def refused(path, genome, **options):
    with pytest.raises(InputError) as error:
        placed(path, genome, **options)
    assert str(path) in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("packed", [False, True])
def test_rows_are_read_as_they_are_and_placed(tmp_path, genome, packed):
    # The name does not decide what is gzipped; samples behind are not read.
    path = write(
        tmp_path,
        row(2, "C", "G", id="rs1"),
        row(11, "ac", "t", chrom="1"),
        (*row(5, "A", "AGG"), "GT", "0|1"),
        row(3, "G", "C", chrom="MT"),
        packed=packed,
    )
    found = placed(path, genome).table
    assert found["position"].tolist() == [1, 10, 4, 2]
    assert found["chrom"].tolist() == ["chr1", "chr1", "chr1", "chrM"]
    assert found["line"].tolist() == [4, 5, 6, 7]
    assert found["id"].tolist() == ["rs1", "", "", ""]
    assert name_of(found).tolist() == [
        *("chr1:2 C>G", "chr1:11 AC>T", "chr1:5 A>AGG", "chrM:3 G>C")
    ]


def test_blocks_of_bgzip_line_ends_of_windows_and_a_last_empty_line(tmp_path, genome):
    text = (HEADER + "chr1\t2\t.\tC\tG\nchr1\t4\t.\tT\tA\n\n").replace("\n", "\r\n").encode()
    path = tmp_path / "some.vcf.gz"
    path.write_bytes(gzip.compress(text[:150], mtime=0) + gzip.compress(text[150:], mtime=0))
    assert placed(path, genome).table["position"].tolist() == [1, 3]


def test_unknown_bases_agree_with_n_only(tmp_path, genome):
    assert len(placed(write(tmp_path, row(8, "TN", "T")), genome).table) == 1
    said = refused(write(tmp_path, row(9, "A", "C")), genome)
    assert "REF A at chr1:9, where the genome has N" in said


MISTAKES = {
    "several alternatives": (row(2, "C", "G,T"), "several alternative", "bcftools norm -m -any"),
    "several, one symbolic": (row(2, "C", "G,<DEL>"), "several alternative", "bcftools norm"),
    "no alternative": (row(2, "C", "."), "no alternative allele", "bcftools view"),
    "empty": (row(2, "C", ""), "no alternative allele", "bcftools view"),
    "overlapping deletion": (row(2, "C", "*"), "'*'", "bcftools view"),
    "symbolic": (row(2, "C", "<DEL>"), "symbolic", "write the alleles out"),
    "breakend": (row(2, "C", "C[chr2:9["), "breakend", "write the alleles out"),
    "single breakend": (row(2, "C", "C."), "breakend", "write the alleles out"),
    "no letters": (row(2, "C", "G-"), "ALT 'G-'", "mend"),
    "ambiguous reference": (row(2, "Y", "G"), "REF 'Y'", "mend"),
    "reference mismatch": (row(2, "G", "C"), "REF G at chr1:2, where the genome has C", "norm"),
    "mismatch behind": (row(2, "CGA", "C"), "has CGT", "norm --check-ref"),
    "off the end": (row(31, "A", "C"), "chr1:31 A", "another assembly"),
    "over the end": (row(30, "AA", "C"), "chr1:30 AA", "another assembly"),
    "off by far": (row(10**9, "A", "C"), "chr1:1,000,000,000", "another assembly"),
    "telomere": (row(0, "A", "C"), "POS '0'", "mend the row"),
    "before it": (row(-1, "A", "C"), "POS '-1'", "mend the row"),
    "no number": (row("1e3", "A", "C"), "POS '1e3'", "mend the row"),
    "no position": (row("", "A", "C"), "POS ''", "mend the row"),
    "no such chromosome": (row(2, "C", "G", chrom="chr9"), "chromosome chr9", "chr1, chrM"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_with_its_line_and_a_remedy(tmp_path, genome, name):
    wrong, found, remedy = MISTAKES[name]
    said = refused(write(tmp_path, row(1, "A", "C"), wrong), genome)
    assert ", line 5\n" in said
    assert found in said and remedy in said
    assert "mistakes" not in said


def test_equal_mistakes_are_one_message_and_different_ones_come_together(tmp_path, genome):
    path = write(
        tmp_path,
        *[row(2, "C", "G,T")] * 3,
        row(2, "C", "<INS>"),
        row("x", "C", "G"),
        row(2, "C", "G"),
    )
    said = refused(path, genome)
    assert "3 mistakes" in said
    assert "line 4 and 2 more like it" in said and "line 7\n" in said and "line 8\n" in said
    path = write(
        tmp_path, *[row(2, "A", "G")] * 2, row(40, "C", "G"), row(2, "C", "G", chrom="chrUn")
    )
    said = refused(path, genome)
    assert "3 mistakes" in said
    assert "line 4 and 1 more like it" in said and "line 6\n" in said and "line 7\n" in said


# Kinds of rows beside nine good ones: what is left of them as old>new, and why not the rest.
KINDS = {
    "a letter": (row(2, "C", "G"), ["2 C>G"], []),
    "small letters": (row(2, "c", "g"), ["2 C>G"], []),
    "an insertion": (row(2, "C", "CAA"), ["2 C>CAA"], []),
    "a deletion": (row(2, "CG", "C"), ["2 CG>C"], []),
    "several letters": (row(2, "CG", "AT"), ["2 CG>AT"], []),
    "an unknown base": (row(9, "N", "A"), ["9 N>A"], []),
    "two alternatives": (row(2, "C", "G,T"), ["2 C>G", "2 C>T"], []),
    "three": (row(2, "C", "G,T,CA"), ["2 C>G", "2 C>T", "2 C>CA"], []),
    "two, one overlapping": (row(2, "C", "G,*"), ["2 C>G"], ["deletion upstream"]),
    "two, one symbolic": (row(2, "C", "<DEL>,T"), ["2 C>T"], ["symbolic"]),
    "gVCF": (row(2, "C", "G,<NON_REF>"), ["2 C>G"], ["symbolic"]),
    "a reference block": (row(2, "C", "<NON_REF>"), [], ["symbolic"]),
    "an empty one among several": (row(2, "C", "G,"), ["2 C>G"], ["no alternative"]),
    "no alternative": (row(2, "C", "."), [], ["no alternative"]),
    "nothing": (row(2, "C", ""), [], ["no alternative"]),
    "overlapping": (row(2, "C", "*"), [], ["deletion upstream"]),
    "symbolic": (row(2, "C", "<DUP:TANDEM>"), [], ["symbolic"]),
    "a breakend": (row(2, "C", "]chr2:9]C"), [], ["breakend"]),
    "a single breakend": (row(2, "C", ".C"), [], ["breakend"]),
    "another alphabet": (row(2, "C", "R"), [], ["other letters"]),
    "a dash": (row(2, "C", "-"), [], ["other letters"]),
    "an ambiguous reference": (row(2, "Y", "G"), [], ["other letters"]),
    "the reference itself": (row(2, "C", "C"), ["2 C>C"], []),
    "a telomere": (row(0, "N", "C"), [], ["before the first base"]),
    "before it": (row(-4, "N", "C"), [], ["before the first base"]),
    "past the end": (row(31, "A", "C"), [], ["past the end"]),
    "over the end": (row(30, "AA", "C"), [], ["past the end"]),
    "another chromosome": (row(2, "C", "G", chrom="chrUn_1"), [], ["genome lacks"]),
    "without chr": (row(2, "C", "G", chrom="1"), ["2 C>G"], []),
    "one of another assembly": (row(2, "G", "C"), [], ["not the genome's"]),
}


@pytest.mark.parametrize("name", KINDS)
def test_nothing_is_dropped_in_silence(tmp_path, genome, name):
    wrong, left, reasons = KINDS[name]
    good = [row(1 + 4 * (k % 2), "A", "C", id=f"good{k}") for k in range(14)]
    path = write(tmp_path, *good, wrong)
    found = placed(path, genome, strict=False)
    kept = found.table[~found.table["id"].str.startswith("good")]
    assert name_of(kept).tolist() == [f"chr1:{one}" for one in left]
    assert len(found.skipped) == len(reasons) and found.records == 15
    for reason, said in zip(reasons, found.skipped.itertuples(), strict=True):
        assert reason in said.reason and said.line == 18 and reason in found.count()
        assert str(said.position) == str(wrong[1])
    alleles = wrong[4].count(",") + 1
    assert len(found.table) + len(found.skipped) == found.records + alleles - 1
    assert found.split == (alleles > 1)


def test_too_many_bases_of_another_assembly_are_refused(tmp_path, genome):
    path = write(tmp_path, *[row(1, "A", "C")] * 8, row(2, "G", "C"))
    assert "REF G at chr1:2" in refused(path, genome, strict=False)


def test_a_file_of_which_nothing_is_left_says_why(tmp_path, genome):
    path = write(tmp_path, row(2, "C", "*"), row(2, "C", "<DEL>"), row(2, "C", "<INS>"))
    said = refused(path, genome, strict=False)
    assert "0 variants of 3 rows, 3 are left out (2 a symbolic allele" in said


TABLES = {
    "PLINK": "CHR SNP BP A1 A2 P\n1 rs1 2 G C 0.1\n1 rs2 1 A C 0.2\n",
    "GWAS catalog": "chromosome\tbase_pair_location\teffect_allele\tother_allele\trsid\n"
    "1\t2\tG\tC\trs1\n1\t1\tA\tC\trs2\n",
    "harmonised": "hm_rsid\thm_chrom\thm_pos\thm_other_allele\thm_effect_allele\n"
    "rs1\t1\t2\tC\tG\nrs2\t1\t1\tC\tA\n",
    "commas": 'Chr,Pos,"EA","NEA",MarkerName\n1,2,G,C,rs1\n1,1,a,c,rs2\n',
    "METAL": "MarkerName\tAllele1\tAllele2\tChr\tPos\nrs1\tg\tc\t1\t2\nrs2\ta\tc\t1\t1\n",
    "REGENIE": "CHROM GENPOS ID ALLELE0 ALLELE1 N\n1 2 rs1 C G 9\n1 1 rs2 C A 9\n",
    "PLINK 2": "CHROM\tPOS\tID\tREF\tALT\tA1\n1\t2\trs1\tC\tG\tG\n1\t1\trs2\tA\tC\tA\n",
}


@pytest.mark.parametrize("name", TABLES)
def test_the_effect_allele_of_a_study_is_the_new_one(tmp_path, genome, name):
    """The second's effect allele is the genome's own: its effect is turned round."""
    path = tmp_path / "study.txt"
    path.write_text(TABLES[name])
    found = placed(path, genome, strict=False)
    assert found.table[["ref", "alt", "sign"]].values.tolist() == [["C", "G", 1], ["A", "C", -1]]
    assert name_of(found.table).tolist() == ["chr1:2 C>G", "chr1:1 C>A"]
    assert found.table["id"].tolist() == ["rs1", "rs2"] and "effect allele:" in found.count()


def test_neither_allele_of_a_study_is_the_genomes(tmp_path, genome):
    path = tmp_path / "study.tsv"
    rows = ["1\t1\tA\tG"] * 12 + ["1\t2\tA\tG", "1\t5\tD\tI"]
    path.write_text("\n".join(["chr\tpos\tEA\tNEA", *rows]))
    found = placed(path, genome, strict=False)
    assert len(found.table) == 12 and found.skipped["line"].tolist() == [15, 14]
    assert "not the genome's" in found.skipped["reason"].iloc[1]


IDS = ["rs1\nrs7\nrs2\n", "SNP\tP\nrs1\t0.1\nrs7\t0.2\nrs2\t0.3\n"]


@pytest.mark.parametrize("text", IDS)
def test_ids_are_resolved_by_a_vcf_file_alone(tmp_path, genome, text):
    path = tmp_path / "ids.txt"
    path.write_text(text)
    known = write(tmp_path, row(2, "C", "G,T", id="rs1"), row(1, "A", "C", id="rs2"))
    found = placed(path, genome, strict=False, resolve=known)
    assert name_of(found.table).tolist() == ["chr1:2 C>G", "chr1:2 C>T", "chr1:1 A>C"]
    assert found.skipped[["id", "reason"]].values.tolist() == [["rs7", "an id without a place"]]
    assert "2 of 3 are in" in found.count()
    assert "`variants.resolve`" in refused(path, genome, strict=False)
    assert "id 'rs7'" in refused(path, genome, resolve=known)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("chr\tpos\tbeta\n1\t2\t0.1\n", "no column for"),
        ("chr\tpos\tEA\tNEA\n1\t2\tG\n", "3 cells under 4 names"),
        ("chr\tpos\tEA\tNEA\n", "no variants"),
        ("chr\tpos\tEA\tNEA\n1\t2e5\tG\tC\n", "POS '2e5'"),
    ],
)
def test_tables_that_say_too_little_are_refused(tmp_path, genome, text, found):
    path = tmp_path / "study.tsv"
    path.write_text(text)
    assert found in refused(path, genome, strict=False)


def test_long_alleles_are_cut_in_messages(tmp_path, genome):
    assert f"{'A' * 20}… (900 letters)" in refused(write(tmp_path, row(2, "A" * 900, "A")), genome)


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", "no line that names the columns"),
        (b"chr1\t2\tC\tG\t.\n", "no line that names the columns"),
        (b"##fileformat=VCFv4.2\nchr1\t2\t.\tC\tG\n", "##fileformat=VCFv4.2, no line"),
        (HEADER.replace("\t", " ").encode(), "no line that names the columns"),
        (HEADER.encode(), "no variants"),
        (HEADER.encode() + b"chr1\t2\t.\n", "line"),
        (gzip.compress(b"BCF\2\2...", mtime=0), "BCF, the binary form"),
        (gzip.compress(HEADER.encode() * 100, mtime=0)[:-12], "broken gzip"),
    ],
)
def test_what_is_no_vcf_is_refused(tmp_path, genome, content, found):
    path = tmp_path / "some.vcf"
    path.write_bytes(content)
    assert found in refused(path, genome)


def test_a_file_that_is_not_there(tmp_path, genome):
    assert "no such file" in refused(tmp_path / "some.vcf", genome)


def test_a_large_file_is_read_in_moderate_time(tmp_path, genome):
    rng = np.random.default_rng(1)
    at = rng.choice([0, 1, 2, 3], 20_000)
    path = write(tmp_path, *(row(1 + k, "ACGT"[k], "TGCA"[k]) for k in at))
    assert len(placed(path, genome).table) == 20_000
