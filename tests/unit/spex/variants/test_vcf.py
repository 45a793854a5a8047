"""VCF files: what is read, and every mistake that is refused."""

import gzip

import numpy as np
import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.resources.genome_sequence import index_sequence
from foldcast.spex.features.dna_codes import Genome
from foldcast.spex.variants.vcf import name_of, place_variants, read_vcf

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


def placed(path, genome):
    return place_variants(read_vcf(path), SIZES, genome, path)


def refused(path, genome):
    with pytest.raises(InputError) as error:
        placed(path, genome)
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
    found = placed(path, genome)
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
    assert placed(path, genome)["position"].tolist() == [1, 3]


def test_unknown_bases_agree_with_n_only(tmp_path, genome):
    assert len(placed(write(tmp_path, row(8, "TN", "T")), genome)) == 1
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
    assert len(placed(path, genome)) == 20_000
