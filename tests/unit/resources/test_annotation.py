"""Annotations of all formats → genes with one locus each."""

import gzip

import pandas as pd
import pytest

from foldcast.errors import InputError
from foldcast.resources.annotation import COLUMNS, import_annotation
from foldcast.resources.chromosomes import bundled_sizes

SIZES = pd.Series({"chr1": 10_000, "chr2": 5_000, "chr1_random": 3_000, "chrM": 500})


def write(path, text):
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "wt") as handle:
        handle.write(text)
    return path


def tsv(path, *rows):
    return write(path, "".join("\t".join(map(str, row)) + "\n" for row in rows))


def gtf(path, *genes):
    lines = ["#!genome-build test\n"]
    for chrom, start, end, strand, attributes in genes:
        for feature in ("gene", "transcript"):
            row = [chrom, "x", feature, start, end, ".", strand, ".", attributes]
            lines.append("\t".join(map(str, row)) + "\n")
    return write(path, "".join(lines))


@pytest.mark.parametrize("name", ["a.gtf", "a.gtf.gz"])
def test_gtf_of_ensembl_and_gencode(tmp_path, name):
    path = gtf(
        tmp_path / name,
        ("2", 101, 200, "-", 'gene_id "ENSMUSG01"; gene_name "B#1"; gene_biotype "lncRNA";'),
        ("1", 11, 20, "+", 'gene_id "ENSG02.7"; gene_type "protein_coding"; gene_name "A";'),
        ("MT", 1, 5, "+", 'gene_id "nameless";'),
    )
    genes = import_annotation(path, "gtf", SIZES)
    assert list(genes) == COLUMNS
    assert genes.drop(columns="aliases").to_numpy().tolist() == [
        ["ENSG02", "A", "chr1", 10, 20, "+", 10, "protein_coding"],
        ["ENSMUSG01", "B#1", "chr2", 100, 200, "-", 199, "lncRNA"],
        ["nameless", "nameless", "chrM", 0, 5, "+", 0, ""],
    ]


@pytest.mark.parametrize(
    ("attributes", "feature", "found"),
    [("ID=gene:1;Name=A", "gene", "no gene_id"), ('gene_id "A";', "exon", "no line whose feature")],
)
def test_gtf_that_is_none(tmp_path, attributes, feature, found):
    path = write(tmp_path / "a.gtf", f"# x\nchr1\tx\t{feature}\t1\t9\t.\t+\t.\t{attributes}\n")
    with pytest.raises(InputError, match=found) as error:
        import_annotation(path, "gtf", SIZES)
    assert error.value.place == ("line 2" if feature == "gene" else None)


def refgene(symbol, chrom, strand, start, end, coding=True):
    cds = (start, end) if coding else (end, end)
    return [0, "NM_1", chrom, strand, start, end, *cds, 1, start, end, 0, symbol, "c", "c", 0]


def test_refgene_joins_transcripts(tmp_path):
    path = tsv(
        tmp_path / "refGene.txt.gz",
        refgene("Fwd", "chr1", "+", 100, 300),
        refgene("Fwd", "chr1", "+", 120, 400),
        refgene("Fwd", "chr1", "+", 120, 350),
        refgene("Rev", "chr1", "-", 500, 700, coding=False),
        refgene("Rev", "chr1", "-", 550, 720, coding=False),
        # Two clusters on chr2; the scaffold has most transcripts and is still passed over.
        refgene("Far", "chr2", "+", 10, 20),
        refgene("Far", "chr2", "+", 1000, 1100),
        refgene("Far", "chr2", "+", 1050, 1200),
        *[refgene("Far", "chr1_random", "+", 10, 20)] * 3,
        # Touching is not overlapping, and the other strand is another cluster.
        refgene("Tie", "chr2", "+", 2000, 2100),
        refgene("Tie", "chr2", "+", 2100, 2200),
        refgene("Tie", "chr2", "-", 1900, 2150),
    )
    genes = import_annotation(path, "refgene", SIZES).set_index("gene")
    columns = ["chrom", "start", "end", "strand", "tss", "biotype"]
    assert genes.loc["Fwd", columns].tolist() == ["chr1", 100, 400, "+", 120, "protein_coding"]
    assert genes.loc["Rev", columns].tolist() == ["chr1", 500, 720, "-", 719, "noncoding"]
    assert genes.loc["Far", columns].tolist() == ["chr2", 1000, 1200, "+", 1000, "protein_coding"]
    assert genes.loc["Tie", columns].tolist() == ["chr2", 1900, 2150, "-", 2149, "protein_coding"]


def test_refgene_that_is_none(tmp_path):
    row = refgene("A", "chr1", "+", 1, 9)
    for strange in (row[1:], row[1:] + [0]):  # without UCSC's first column
        path = tsv(tmp_path / "genes.txt", strange)
        with pytest.raises(InputError, match="check that `format`"):
            import_annotation(path, "refgene", SIZES)


HEADER = ("ensgene", "entrez", "symbol", "chr", "start", "end", "strand", "aliases")


def test_table_ids_and_aliases(tmp_path):
    path = tsv(
        tmp_path / "genes.tsv",
        HEADER,
        ("E1", "11", "A", 1, 1, 10, 1, "a1|a2"),
        ("E1", "12", "A", 1, 1, 10, 1, ""),  # one gene with two Entrez ids
        ("E2", "21", "B", 1, 21, 30, -1, ""),  # one Ensembl id for two genes
        ("E2", "22", "C", 1, 41, 50, -1, "B|c1"),
        ("NA", "31.0", "", 1, 61, 70, 1, ""),
        ("", "", "D", 2, 1, 10, 1, ""),
    )
    genes = import_annotation(path, "table", SIZES).set_index("gene")
    assert genes["symbol"].to_dict() == {"E1": "A", "21": "B", "22": "C", "31": "31", "D": "D"}
    assert genes["aliases"].to_dict() == {
        "E1": "a1|a2|11|12",
        "21": "E2",
        "22": "c1|E2",  # B is a gene's own symbol
        "31": "",
        "D": "",
    }


def test_table_as_csv_with_its_own_tss(tmp_path):
    path = write(
        tmp_path / "genes.csv",
        "Gene,Chrom,Start,End,Strand,TSS\r\nA,chr1,11,20,+,13\r\nB,chr1,31,40,-,\r\n",
    )
    genes = import_annotation(path, "table", SIZES)
    assert genes[["gene", "symbol", "start", "end", "tss"]].to_numpy().tolist() == [
        ["A", "A", 10, 20, 12],
        ["B", "B", 30, 40, 39],
    ]


@pytest.mark.parametrize(
    ("row", "place"),
    [
        (("E1", "", "A", 1, "x", 10, 1, ""), "line 3, start"),
        (("E1", "", "A", 1, 20, 10, 1, ""), "line 3"),
        (("E1", "", "A", 1, 0, 10, 1, ""), "line 3"),
        (("E1", "", "A", 1, 1, 10, "?", ""), "line 3, strand"),
    ],
)
def test_table_faults_are_named_by_their_line(tmp_path, row, place):
    path = tsv(tmp_path / "genes.tsv", HEADER, ("E0", "", "Z", 1, 1, 10, 1, ""), row)
    with pytest.raises(InputError) as error:
        import_annotation(path, "table", SIZES)
    assert (error.value.source, error.value.place) == (str(path), place)


def test_table_without_its_columns(tmp_path):
    with pytest.raises(InputError, match="no chrom, strand"):
        import_annotation(tsv(tmp_path / "t", ("symbol", "start", "end")), "table", SIZES)


def test_another_assembly_is_refused(tmp_path):
    one = ("E1", "", "A", "chr1", 1, 10, 1, "")
    path = tsv(tmp_path / "a.tsv", HEADER, one, ("E2", "", "B", "chr2", 4990, 5001, 1, ""))
    with pytest.raises(InputError, match="chr2:4990-5001.* end at 5000") as error:
        import_annotation(path, "table", SIZES)
    assert error.value.place == "gene B" and "past the chromosome's end" in str(error.value)
    assert "both" in error.value.remedy
    other = [(f"E{i}", "", f"G{i}", f"scaffold{i}", 1, 10, 1, "") for i in range(2, 4)]
    with pytest.raises(
        InputError, match="1 of 3 loci .* unknown are scaffold2, scaffold3"
    ) as error:
        import_annotation(tsv(path, HEADER, one, *other), "table", SIZES)
    assert error.value.place == "chromosomes" and "one assembly" in error.value.remedy


def test_real_mouse_genes_and_their_aliases(shared):
    table = shared / "annotation" / "mm9_knownGene_genes.tsv.gz"
    aliases = shared / "annotation" / "mouse_aliases.tsv.gz"
    genes = import_annotation(table, "table", bundled_sizes("mm9"), aliases, "pairs")
    assert genes["gene"].is_unique and len(genes) == 21_632
    row = genes[genes["symbol"] == "Zglp1"].iloc[0]
    locus = ["gene", "chrom", "start", "end", "strand", "tss"]
    assert row[locus].tolist() == [
        *("ENSMUSG00000079681", "chr9", 20_866_836, 20_872_369, "-", 20_872_368),
    ]
    assert row["aliases"].split("|") == ["100009600", "Glp1"]
    named = set(genes["aliases"].str.split("|").explode())
    assert not named & set(genes["symbol"])

    with pytest.raises(InputError, match="past the chromosome's end"):
        import_annotation(table, "table", bundled_sizes("mm10"))


@pytest.mark.slow
@pytest.mark.parametrize(("build", "assembly"), [("grch37", "hg19"), ("grch38", "hg38")])
def test_real_human_genes(shared, build, assembly):
    table = shared / "annotation" / f"annotables_{build}.tsv.gz"
    genes = import_annotation(table, "table", bundled_sizes(assembly))
    assert genes["gene"].is_unique and genes["gene"].str.startswith("ENSG").all()
    assert genes["symbol"].ne("").all()
    assert genes["chrom"].nunique() == 25
    other = {"hg19": "hg38", "hg38": "hg19"}[assembly]
    with pytest.raises(InputError, match="past the chromosome's end"):
        import_annotation(table, "table", bundled_sizes(other))
