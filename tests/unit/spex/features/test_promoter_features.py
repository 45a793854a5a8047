"""CpG and GC of promoters, on planted and on real sequence."""

import numpy as np
import pandas as pd
import pytest

from foldcast.resources.genome_sequence import index_sequence
from foldcast.spex.features.dna_codes import Genome, encode, reverse_complement
from scripts.spex.promoter_features import gc_cpg, promoter_features, with_columns_of


def test_gc_and_cpg():
    codes = encode("CGCGTTNNaa")
    gc, ratio = gc_cpg(codes)
    assert gc == 4 / 8 and ratio == pytest.approx(2 * 8 / (2 * 2))
    assert gc_cpg(reverse_complement(codes)) == (gc, ratio)
    assert gc_cpg(encode("AAAC")) == (0.25, 0.0)
    assert np.isnan(gc_cpg(encode("NNN"))).all()


def test_features(tmp_path):
    fasta, index = tmp_path / "genome.fa", tmp_path / "genome.fa.fai"
    fasta.write_text(">chr1\n" + "A" * 1000 + "CG" * 500 + "\n>chr2\n" + "N" * 3000 + "\n")
    index_sequence(fasta, index)
    genes = pd.DataFrame(
        {
            "gene": ["a", "b", "c"],
            "chrom": ["chr1", "chr1", "chr2"],
            "tss": [0, 1500, 1500],
            "biotype": ["lincRNA", "protein_coding", "lincRNA"],
            "length": [1000, None, 10],
        }
    )
    with Genome(fasta, index) as genome:
        table = promoter_features(genes, genome).set_index("gene")
    assert table.loc["a", "gc"] == 0 and table.loc["a", "cpg_oe"] == 0
    # The chromosome ends 500 bp behind the TSS: 1,000 known letters, 500 CpG.
    assert table.loc["b", "gc"] == 1 and table.loc["b", "cpg_oe"] == pytest.approx(2.0)
    assert table.loc["c", ["gc", "cpg_oe"]].isna().all()
    assert table["log10_length"].fillna(-1).tolist() == [3, -1, 1]
    assert table["biotype_lincRNA"].tolist() == [1, 0, 1]


def test_a_cpg_island_on_the_real_chr16(mirror, tmp_path):
    (fasta,) = mirror.glob("snakemake/snakemake-wrappers/*/bio/paraphase/test/test_data/chr16s.fa")
    index = tmp_path / "chr16s.fa.fai"
    index_sequence(fasta, index)
    chrom = index.read_text().split("\t")[0]
    genes = pd.DataFrame(
        {
            # AXIN1 and TSC2 have CpG island promoters; the third place lies within an intron.
            "gene": ["AXIN1", "TSC2", "intron"],
            "chrom": chrom,
            "tss": [352_722, 2_047_966, 300_000],
            "biotype": "protein_coding",
            "length": 1000,
        }
    )
    with Genome(fasta, index) as genome:
        table = promoter_features(genes, genome).set_index("gene")
    assert (table.loc[["AXIN1", "TSC2"], "cpg_oe"] > 0.6).all()
    assert (table.loc[["AXIN1", "TSC2"], "gc"] > 0.6).all()
    assert table.loc["intron", "cpg_oe"] < 0.6


def test_features_of_other_genes_are_those_of_the_models():
    columns = pd.Index(["gene", "gc", "log10_length", "biotype_lincRNA", "biotype_protein_coding"])
    table = pd.DataFrame(
        {"gene": ["a", "b", "c"], "gc": 0.5, "log10_length": 3.0, "biotype_lincRNA": [1, 0, 0],
         "biotype_miRNA": [0, 1, 0], "biotype_": [0, 0, 1]}
    )  # fmt: skip
    biotype = pd.Series(["lincRNA", "miRNA", None])
    found = with_columns_of(table, columns, biotype).set_index("gene")
    assert list(found) == list(columns[1:])
    assert found.loc["a"].tolist() == [0.5, 3, 1, 0]
    assert found.loc["b"].tolist() == [0.5, 3, 0, 0]
    assert found.loc["c"].tolist()[:2] == [0.5, 3]
    assert found.loc["c"].isna().tolist() == [False, False, True, True]  # not known of a TSS
