"""Letters as codes, the other strand, stretches of a FASTA file."""

import warnings

import numpy as np
import pytest
from pyfaidx import Faidx

from foldcast.errors import InputError
from foldcast.spex.features.dna_codes import (
    UNKNOWN,
    Genome,
    encode,
    reverse_complement,
    window_start,
)

CHR1 = "ACGTNacgtnRYKMSWBDHV" * 7 + "GAT"


@pytest.fixture
def fasta(tmp_path):
    path = tmp_path / "genome.fa"
    lines = [CHR1[k : k + 13] for k in range(0, len(CHR1), 13)]
    path.write_text(">chr1 human\n" + "\n".join(lines) + "\n>chr2\nTTTT\n")
    Faidx(str(path), indexname=str(tmp_path / "elsewhere.fai"))
    return path


@pytest.fixture
def genome(fasta):
    with Genome(fasta, fasta.with_name("elsewhere.fai")) as opened:
        yield opened


def test_codes_count_a_g_c_t_in_either_case():
    assert encode("AGCT").tolist() == encode(b"agct").tolist() == [0, 1, 2, 3]


def test_n_iupac_and_anything_else_are_unknown():
    assert (encode("NnRYSWKMBDHVU-*.é") == UNKNOWN).all()


def test_the_other_strand_is_read_backwards():
    np.testing.assert_array_equal(reverse_complement(encode("AACGTN")), encode("NACGTT"))
    codes = encode(CHR1)
    np.testing.assert_array_equal(reverse_complement(reverse_complement(codes)), codes)
    batch = np.stack([encode("AACG"), encode("NTTT")])
    np.testing.assert_array_equal(
        reverse_complement(batch), np.stack([encode("CGTT"), encode("AAAN")])
    )


def test_a_window_is_999_before_and_1000_after_its_position():
    # 1-based 5,000: letters 4,001 to 6,000, which are 4,000 to 6,000 counted from 0, half-open.
    assert window_start(4_999) == 4_000
    assert window_start(10) == -989


@pytest.mark.parametrize("start, end", [(0, 143), (0, 13), (12, 14), (13, 26), (140, 143), (5, 5)])
def test_a_stretch_is_that_of_the_chromosome(genome, start, end):
    np.testing.assert_array_equal(genome.fetch("chr1", start, end), encode(CHR1[start:end]))


@pytest.mark.parametrize("start, end", [(-5, 4), (140, 150), (-30, 200), (-9, -2), (150, 160)])
def test_past_an_end_is_unknown(genome, start, end):
    padded = "N" * 1000 + CHR1 + "N" * 1000
    codes = genome.fetch("chr1", start, end)
    np.testing.assert_array_equal(codes, encode(padded[1000 + start : 1000 + end]))
    assert codes.dtype == np.uint8 and (codes <= UNKNOWN).all()


def test_a_missing_chromosome_is_said(genome):
    with pytest.raises(InputError, match="chr7") as caught:
        genome.fetch("chr7", 0, 5)
    assert "chr1, chr2" in caught.value.found


def test_an_index_of_another_file_is_said(fasta):
    index = fasta.with_name("elsewhere.fai")
    index.write_text("chr1\t5000\t13\t13\t14\n")
    with Genome(fasta, index) as genome, pytest.raises(InputError, match="index"):
        genome.fetch("chr1", 0, 5000)


def test_the_index_is_never_made_anew(fasta):
    """Jobs that run side by side read it."""
    index = fasta.with_name("elsewhere.fai")
    before = index.read_bytes(), index.stat().st_mtime_ns
    fasta.touch()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        with Genome(fasta, index) as genome:
            genome.fetch("chr1", 0, 10)
    assert (index.read_bytes(), index.stat().st_mtime_ns) == before
