"""The worked example of docs/variants.md: its variants are in the demo, and break its motifs."""

from pathlib import Path

import pandas as pd
import pytest

from foldcast.resources.chromosomes import read_sizes
from foldcast.resources.genome_sequence import index_sequence
from foldcast.spex.features.dna_codes import Genome
from foldcast.variants.phased_variants import read_phased
from foldcast.variants.placed_variants import place_variants
from foldcast.variants.variant_rows import read_variants

SHEET = Path(__file__).resolve().parents[3] / "config/demo/samples.tsv"
FILES = {"variants.vcf": (read_variants, 12), "haplotypes.tsv": (read_phased, 6)}


@pytest.mark.parametrize("name", FILES)
def test_the_examples_variants_break_what_their_ids_say(usual, name):
    read, count = FILES[name]
    path = SHEET.with_name(name)
    fasta, index = usual / "genome.fa", usual / "genome.fa.fai"
    index_sequence(fasta, index)
    with Genome(fasta, index) as genome:
        sizes = read_sizes(usual / "chrom.sizes")
        table = place_variants(read(path), sizes, genome, path, strict=True).table
    assert len(table) == count and (table["sign"] == 1).all()
    columns = ["chrom", "start", "end", "motif", "score", "strand"]
    motifs = pd.read_csv(usual / "truth/motifs.bed", sep="\t", names=columns)
    for row in table.itertuples():
        inside = motifs["start"].le(row.position) & motifs["end"].gt(row.position)
        found = motifs.loc[motifs["chrom"].eq(row.chrom) & inside, "motif"].tolist()
        said = row.id.split("_")[1]
        assert found == ([] if said == "nothing" else [said])
