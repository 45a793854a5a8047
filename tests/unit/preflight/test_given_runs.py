"""What is said of runs of the sequence half before the work begins; which mistakes are found."""

import h5py
import numpy as np
import pandas as pd
import pytest
import torch

from foldcast.demo.motif_network import weights
from foldcast.errors import InputError, together
from foldcast.files import checksum
from foldcast.preflight.given_runs import (
    look_at_predicted,
    look_at_run,
    look_at_weights,
)
from foldcast.preflight.given_variants import look_at_variants
from foldcast.resources.genome_sequence import index_sequence
from foldcast.spex.features.feature_tables import PLACE, fingerprint_of, write_keys

SIZES = pd.Series({"chr1": 90_000, "chr8": 40_000, "chr9": 50_000})
COUNTS = {"chr1": 30, "chr8": 8, "chr9": 9}
GENES = [
    (f"ENSG{chrom[3:]}{k:03}", chrom, 1000 * k) for chrom, n in COUNTS.items() for k in range(1, n)
]
TABLE = {"id": "ensembl", "id_column": 1, "values": "linear", "pseudocount": 1e-4}
ABOUT = {
    "chromosomes": ["chr1", "chr8", "chr9"],
    "gene_type": "all",
    "expression": TABLE,
    "tissues": [],
    "matched": {"Liver": "folded"},
    "features": {"borzoi": 1},
    "hold_out": "fixed",
    "test": ["chr8"],
    "validation": ["chr9"],
    "mutagenesis": {},
}
STRICT = {"strict": True, "haplotypes": {"samples": [], "strict": False}}


@pytest.fixture
def given(tmp_path):
    """Good files."""
    genes = pd.DataFrame(GENES, columns=["id", "seqnames", "TSS"])
    genes["CAGE_representative_TSS"], genes["strand"] = genes["TSS"], "+"
    genes["symbol"], genes["type"] = genes["id"].str.lower(), "protein_coding"
    genes.to_csv(tmp_path / "genes.csv", index=False)
    rng = np.random.default_rng(1)
    expression = pd.DataFrame({"gene": genes["id"], "Liver": rng.random(len(genes)) * 50})
    expression.iloc[2:].to_csv(tmp_path / "expression.tsv", sep="\t", index=False)
    features = pd.DataFrame({"gene": genes["id"] + ".3", "one": 1.5})
    features.to_csv(tmp_path / "features.tsv", sep="\t", index=False)
    return {
        "genes": str(tmp_path / "genes.csv"),
        "expression": str(tmp_path / "expression.tsv"),
        "features": [str(tmp_path / "features.tsv")],
    }


def look(given, sizes=SIZES, annotation=None, **about):
    with together() as attempt:
        return look_at_run(attempt, "mine", given, ABOUT | about, sizes, annotation)[0]


def edit(path, old, new):
    with open(path) as handle:
        text = handle.read()
    assert old in text
    with open(path, "w") as handle:
        handle.write(text.replace(old, new))


def test_a_run_is_summed_up(given):
    said = look(given)
    assert said == "run mine: 42 of 44 genes on 3 chromosomes have expression, in 1 tissues: Liver"


def test_a_run_takes_the_annotation_where_it_has_no_gene_table(given):
    annotation = pd.DataFrame(GENES, columns=["gene", "chrom", "tss"])
    annotation = annotation.assign(symbol="NA", strand="-", biotype="lincRNA", aliases="")
    annotation["start"], annotation["end"] = annotation["tss"] - 900, annotation["tss"] + 1
    del given["genes"]
    assert look(given, annotation=("genes.gtf", annotation)).startswith("run mine: 42 of 44 genes")
    with pytest.raises(InputError, match="genes.gtf(.|\n)*gene type: 0 genes"):
        look(given, annotation=("genes.gtf", annotation), gene_type="protein_coding")
    # One that could not be read was said before.
    assert look(given, annotation=("genes.gtf", None)) == ""


MISTAKES = {
    "no number": (lambda given: edit(given["expression"], "ENSG1003\t", "ENSG1003\tx"), "'x"),
    "a gene twice": (lambda given: edit(given["genes"], "ENSG1002", "ENSG1003"), "ENSG1003 twice"),
    "other ids": (lambda given: edit(given["expression"], "ENSG", "X"), "not such as X1003"),
    "another assembly": (lambda given: edit(given["genes"], "8000,8000", "8,80000000"), "off the"),
    "features of other genes": (lambda given: edit(given["features"][0], "ENSG", "Y"), "borzoi"),
    "features that are text": (lambda given: edit(given["features"][0], "1.5", "high"), "'high'"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_in_a_file_is_found(name, given):
    spoil, found = MISTAKES[name]
    spoil(given)
    with pytest.raises(InputError) as error:
        look(given)
    assert found in str(error.value) and "mistakes" not in str(error.value)


def test_mistakes_are_said_together(given):
    edit(given["features"][0], "1.5", "high")
    with pytest.raises(InputError) as error:
        look(given, matched={"Lver": "folded"}, chromosomes=["chr1", "chr7", "chr8", "chr9"])
    assert "3 mistakes" in str(error.value)
    for found in ("'Lver'", "did you mean Liver?", "'chr7'", "'high'"):
        assert found in str(error.value)


def test_too_few_genes_to_test_on_are_found(given):
    with open(given["expression"]) as handle:
        kept = [
            line for line in handle if not line.startswith(("ENSG8003", "ENSG8004", "ENSG8005"))
        ]
    with open(given["expression"], "w") as handle:
        handle.writelines(kept)
    with pytest.raises(InputError, match="run mine, fold fixed(.|\n)*4 genes to test on"):
        look(given)


def test_weights_are_looked_at(tmp_path):
    state = {key: torch.from_numpy(value) for key, value in weights().items()}
    torch.save(state, tmp_path / "beluga.pth")
    with together() as attempt:
        assert look_at_weights(attempt, tmp_path / "beluga.pth") == "Beluga: 12 outputs"
    del state["model.1.4.1.bias"]
    torch.save(state, tmp_path / "beluga.pth")
    with pytest.raises(InputError, match="model.1.4.1.bias"), together() as attempt:
        look_at_weights(attempt, tmp_path / "beluga.pth")


def test_a_table_of_features_of_these_weights_fits(tmp_path):
    state = {key: torch.from_numpy(value) for key, value in weights().items()}
    path, table = tmp_path / "beluga.pth", tmp_path / "chr1.h5"
    torch.save(state, path)
    options = {"precision": "fp32", "reverse_complement": True}
    with h5py.File(table, "w") as file:
        write_keys(file, fingerprint_of(PLACE, checksum(path), options), np.array([b"a"]))
        file["sum"] = np.zeros((1, 12), "f4")
    with together() as attempt:
        assert look_at_weights(attempt, path, None, [table], options) == "Beluga: 12 outputs"
    with pytest.raises(InputError, match="precision: fp32"), together() as attempt:
        look_at_weights(attempt, path, None, [table], options | {"precision": "bf16"})


def test_regions_of_mutagenesis_are_looked_for(given):
    regions = {"one": {"gene": "ensg1005", "region": None}}
    said = look(given, mutagenesis=regions)
    assert "mutagenesis one: ensg1005, chr1:4,900-5,099" in said
    regions["two"] = {"gene": "ENSG1006", "region": "chr1:1-100,000"}
    regions["three"] = {"gene": "MYC", "region": None}
    with pytest.raises(InputError, match=r"2 mistakes(.|\n)*two.region(.|\n)*three.gene"):
        look(given, mutagenesis=regions)


def test_genes_without_a_label_are_counted(given, tmp_path):
    def look_at(given, sizes=SIZES, **predict):
        about = ABOUT | {"predict": {"genes": None, "chromosomes": ["chr1"]} | predict}
        with together() as attempt:
            labelled = pd.DataFrame({"gene": [gene for gene, *_ in GENES[2:]]})
            return look_at_predicted(attempt, "mine", given, about, sizes, None, labelled)

    assert look_at(given) == ""
    genes = look_at(given, genes="unlabelled")
    assert genes == "run mine: 2 genes without a label to predict"
    bed, other = tmp_path / "tss.bed", tmp_path / "other.fa"
    bed.write_text("chr1\t80000\t80001\tone\t0\t+\n")
    assert "mine: 3 genes" in look_at(given | {"tss": str(bed)}, genes="unlabelled")
    assert "mine: 1 genes" in look_at(given | {"tss": str(bed)})
    # In another sequence the TSS is held against that one's chromosomes.
    other.write_text(">chr1\n" + "ACGT" * 1000 + "\n")
    with pytest.raises(InputError, match="at most 4,000"):
        look_at(given | {"tss": str(bed), "other": str(other)})


def test_variants_are_held_against_the_sequence(tmp_path):
    fasta, index, path = (tmp_path / name for name in ("genome.fa", "some.fai", "variants.vcf"))
    fasta.write_text(">chr8\nACGTACGT\n")
    sizes = pd.Series({"chr8": 8})
    path.write_text("#CHROM\tPOS\tID\tREF\tALT\n8\t2\t.\tC\tT\n8\t3\t.\tC\tT\n")
    with together() as attempt:
        # A sequence that could not be indexed was said before.
        assert (
            look_at_variants(attempt, "mine", {"variants": path}, STRICT, sizes, fasta, index) == ""
        )
    index_sequence(fasta, index)
    with pytest.raises(InputError, match="line 3(.|\n)*genome has G"), together() as attempt:
        look_at_variants(attempt, "mine", {"variants": path}, STRICT, sizes, fasta, index)
    edit(path, "8\t3", "8\t6")
    with together() as attempt:
        said = look_at_variants(attempt, "mine", {"variants": path}, STRICT, sizes, fasta, index)
    assert said == "run mine: 2 variants of 2 rows"
    known = tmp_path / "known.tsv"
    known.write_text("variant_id\tgene\tslope\nchr8_2_C_T\tA\t0.5\nchr8_2_C_G\tA\tNA\n")
    both = {"variants": path, "known": known}
    with together() as attempt:
        said = look_at_variants(attempt, "mine", both, STRICT, sizes, fasta, index)
    assert "run mine, known effects: 2 variants of 2 rows" in said
    edit(known, "0.5", "high")
    with pytest.raises(InputError, match="'high'"), together() as attempt:
        look_at_variants(attempt, "mine", both, STRICT, sizes, fasta, index)


def test_genes_that_variants_are_asked_about_are_held_against_the_runs(tmp_path):
    fasta, index = tmp_path / "genome.fa", tmp_path / "some.fai"
    fasta.write_text(">chr8\nACGTACGT\n")
    index_sequence(fasta, index)
    header = "#CHROM\tPOS\tID\tREF\tALT"
    more = "\tQUAL\tFILTER\tINFO\tFORMAT\tme"
    files = {
        "variants": f"{header}\n8\t2\trs1\tC\tT\n",
        "haplotypes": f"{header}{more}\n8\t2\t.\tC\tT\t.\t.\t.\tGT\t0|1\n",
        "asked_variants": "variant\tgene\nrs1\tA\nrs1\tX\n",
        "asked_haplotypes": "A\nY\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    given = {name: str(tmp_path / name) for name in files}
    genes = pd.DataFrame({"gene": ["ENSG1"], "symbol": ["A"]})

    def look(strict, genes=genes):
        about = {"strict": strict, "haplotypes": {"samples": [], "strict": strict}}
        with together() as attempt:
            return look_at_variants(
                attempt, "mine", given, about, pd.Series({"chr8": 8}), fasta, index, genes
            )

    said = look(False)
    assert "run mine: 1 pairs of 1 variants and 1 genes are asked about" in said
    assert "run mine, haplotypes: 1 genes are asked about, 1 names match no gene" in said
    with pytest.raises(InputError, match=r"2 mistakes(.|\n)*\(X\)(.|\n)*\(Y\)"):
        look(True)
    # Where the run's genes could not be told, that was said before.
    assert "asked" not in look(True, None)


def test_tissues_of_few_genes_or_one_value_are_found(given):
    table = pd.read_csv(given["expression"], sep="\t")
    table["few"] = table["Liver"].where(table.index % 5 == 0)
    table["same"] = 2.0
    table.to_csv(given["expression"], sep="\t", index=False)
    with pytest.raises(InputError) as error:
        look(given)
    said = str(error.value)
    assert "column same" in said and "the same value in every gene" in said
    assert "fold fixed, tissue few" in said and "genes with a value in few to train on" in said
    assert said.count("`tissues`") == 2
    assert look(given, tissues=["Liver"]).endswith("in 1 tissues: Liver")


def test_features_of_few_genes_are_found(given):
    with open(given["features"][0]) as handle:
        kept = handle.readlines()[:15]
    with open(given["features"][0], "w") as handle:
        handle.writelines(kept)
    with pytest.raises(InputError, match="run mine, features borzoi, fold fixed"):
        look(given)


def test_names_of_outputs_are_counted(tmp_path):
    state = {key: torch.from_numpy(value) for key, value in weights().items()}
    torch.save(state, tmp_path / "beluga.pth")
    (tmp_path / "outputs.tsv").write_text("name\tassay\n" + "mark\tChIP\n" * 11)
    with pytest.raises(InputError, match="11 lines"), together() as attempt:
        look_at_weights(attempt, tmp_path / "beluga.pth", tmp_path / "outputs.tsv")


def test_a_fasta_may_name_chromosomes_without_chr(tmp_path):
    fasta, index, path = (tmp_path / name for name in ("genome.fa", "some.fai", "variants.vcf"))
    fasta.write_text(">8\nACGTACGT\n")
    path.write_text("#CHROM\tPOS\tID\tREF\tALT\nchr8\t2\t.\tC\tT\n8\t3\t.\tG\tT\n")
    index_sequence(fasta, index)
    with together() as attempt:
        said = look_at_variants(
            attempt, "mine", {"variants": path}, STRICT, pd.Series({"chr8": 8}), fasta, index
        )
    assert said == "run mine: 2 variants of 2 rows"
