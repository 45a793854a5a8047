import bioframe
import numpy as np
import pandas as pd
import pytest

from foldcast.demo import simulated_genome
from foldcast.errors import InputError
from foldcast.files import read_table

BED = ["chrom", "start", "end"]


def bed(path, *names):
    return pd.read_csv(path, sep="\t", names=[*BED, *names])


def test_domains_tile_the_chromosomes(usual):
    sizes = pd.read_csv(usual / "chrom.sizes", sep="\t", names=["chrom", "length"])
    compartments = bed(usual / "truth/compartments.bed", "kind")
    boundaries = bed(usual / "truth/boundaries.bed")
    for chrom, length in sizes.itertuples(index=False):
        own = compartments[compartments["chrom"] == chrom]
        assert own["start"].tolist() == [0, *own["end"].tolist()[:-1]]
        assert own["end"].max() == length
        assert (own["kind"] != own["kind"].shift()).all()
        assert (own["end"] - own["start"]).between(200_000, 500_000).all()
        borders = boundaries.loc[boundaries["chrom"] == chrom, "start"]
        assert set(own["start"]) - {0} <= set(borders)
        assert np.diff([0, *borders, length]).min() >= 100_000
        assert np.diff([0, *borders, length]).max() <= 300_000


def test_gc_follows_the_compartments(usual):
    compartments = bed(usual / "truth/compartments.bed", "kind")
    fasta = bioframe.load_fasta(str(usual / "genome.fa"), engine="pyfaidx")
    gc = bioframe.frac_gc(compartments, fasta).groupby("kind")["GC"]
    assert gc.mean()["A"] == pytest.approx(0.50, abs=0.01)
    assert gc.mean()["B"] == pytest.approx(0.38, abs=0.01)
    assert gc.std().max() < 0.01


def test_fasta_has_the_lengths_of_the_sizes(usual):
    sizes = bioframe.read_chromsizes(str(usual / "chrom.sizes"), filter_chroms=False)
    records = (usual / "genome.fa").read_text().split(">")[1:]
    lines = {record.split("\n")[0]: record.split("\n")[1:] for record in records}
    assert {name: sum(map(len, parts)) for name, parts in lines.items()} == sizes.to_dict()
    assert {len(line) for parts in lines.values() for line in parts[:-2]} == {60}
    assert set("".join(lines["chr1"])) == set("ACGT")


def test_gtf_holds_the_genes(usual):
    gtf = bioframe.read_table(str(usual / "annotation.gtf"), schema="gtf", comment="#")
    truth = read_table(usual / "truth/all_genes.tsv")
    genes = gtf[gtf["feature"] == "gene"].reset_index(drop=True)
    assert len(genes) == len(truth) == 600
    attributes = genes["attributes"].str
    assert attributes.extract('gene_id "([^"]+)"')[0].tolist() == truth["gene_id"].tolist()
    assert attributes.extract('gene_name "([^"]+)"')[0].tolist() == truth["symbol"].tolist()
    assert attributes.extract('gene_biotype "([^"]+)"')[0].tolist() == truth["biotype"].tolist()
    tss = np.where(genes["strand"] == "+", genes["start"] - 1, genes["end"] - 1)
    assert tss.tolist() == truth["tss"].tolist()
    assert truth["biotype"].value_counts()["protein_coding"] > 450


def test_exons_lie_in_their_gene_and_reach_its_ends(usual):
    gtf = bioframe.read_table(str(usual / "annotation.gtf"), schema="gtf", comment="#")
    gtf["id"] = gtf["attributes"].str.extract('gene_id "([^"]+)"')
    span = gtf.groupby(["feature", "id"]).agg({"start": "min", "end": "max"})
    pd.testing.assert_frame_equal(span.loc["exon"], span.loc["gene"])
    assert (gtf["end"] >= gtf["start"]).all()


def test_genes_are_denser_in_a(usual):
    compartments = bed(usual / "truth/compartments.bed", "kind")
    size = (compartments["end"] - compartments["start"]).groupby(compartments["kind"]).sum()
    genes = read_table(usual / "truth/genes.tsv")["compartment"].value_counts()
    assert 1.8 < (genes["A"] / size["A"]) / (genes["B"] / size["B"]) < 5


def test_promoter_loops_join_tss_of_one_kind(usual):
    genes = read_table(usual / "truth/genes.tsv")
    loops = simulated_genome.draw_promoter_loops(genes, np.random.default_rng(0))
    kind = genes.set_index(["chrom", "tss"])["compartment"]
    left = kind.loc[zip(loops["chrom1"], loops["start1"] + 5000, strict=True)]
    right = kind.loc[zip(loops["chrom2"], loops["start2"] + 5000, strict=True)]
    assert left.tolist() == right.tolist()
    assert (loops["start2"] - loops["start1"]).between(150_000, 1_000_000).all()


def test_more_genes_than_fit_are_refused():
    rng = np.random.default_rng(0)
    compartments, *_ = simulated_genome.draw_domains({"chr1": 200_000}, rng)
    with pytest.raises(InputError, match="demo.genes(.|\n)*at most 150"):
        simulated_genome.draw_genes(compartments, 151, rng)
    assert simulated_genome.draw_genes(compartments, 150, rng)["tss"].is_unique


def test_further_genes_are_numbered_on_and_have_kilobases_of_their_own(usual):
    first = read_table(usual / "truth/genes.tsv")
    genes = read_table(usual / "truth/all_genes.tsv")
    pd.testing.assert_frame_equal(genes[:180], first)
    assert genes["symbol"].tolist() == [f"GENE{k:03d}" for k in range(1, 601)]
    assert genes["gene_id"].is_unique
    assert not pd.DataFrame([genes["chrom"], genes["tss"] // 1000]).T.duplicated().any()


def test_more_further_genes_than_fit_are_refused():
    rng = np.random.default_rng(0)
    compartments, *_ = simulated_genome.draw_domains({"chr1": 200_000}, rng)
    genes = simulated_genome.draw_genes(compartments, 50, rng)
    place = pd.DataFrame([("chr1", 100_000, 110_000)], columns=BED)
    # Twelve of the 150 kilobases are taken by the place, 50 by the genes.
    near = genes["tss"].between(99_000, 110_999).sum()
    most = 150 - 12 - (50 - near)
    with pytest.raises(InputError, match=f"demo.sequence_genes(.|\n)*at most {most}"):
        simulated_genome.draw_more_genes(genes, place, compartments, most + 1, rng)
    more = simulated_genome.draw_more_genes(genes, place, compartments, most, rng)
    assert not more["tss"].between(99_000, 110_999).any()


def test_the_other_folding_has_other_domains_and_loops(usual):
    for name in ("compartments.bed", "boundaries.bed", "loops.bedpe"):
        first, other = (
            pd.read_csv(usual / "truth" / file, sep="\t", header=None)
            for file in (name, f"other_{name}")
        )
        assert 0.8 < len(other) / len(first) < 1.25
        assert len(first.merge(other)) < 0.3 * len(first)


def test_the_sequence_half_leaves_the_temporal_half_as_it_is(usual, genome_with):
    alone = genome_with(sequence_genes=0)
    for name in ("compartments.bed", "boundaries.bed", "loops.bedpe", "genes.tsv"):
        assert (alone / "truth" / name).read_bytes() == (usual / "truth" / name).read_bytes()
    annotations = [(folder / "annotation.gtf").read_text() for folder in (alone, usual)]
    assert annotations[1].startswith(annotations[0])
    letters = [
        np.frombuffer((folder / "genome.fa").read_bytes(), np.uint8) for folder in (alone, usual)
    ]
    assert (letters[0] != letters[1]).mean() < 0.005
