"""Bad inputs of the sequence half and of gene sets, and what must be said of each."""

import gzip
from collections.abc import Callable
from typing import Any

import h5py
import numpy as np

from bad_input import Bad
from bad_tables import ARRAY, HTML, RDS, cell, names, raw, table
from foldcast.spex.features.feature_tables import (
    LOCAL,
    PLACE,
    fingerprint_of,
    write_keys,
)
from small_lab import FASTA, GTF, SETS, TISSUES, WEIGHTS, Lab, Spoil


def run(*spoils: Spoil, **changes: Any) -> Spoil:
    """The sequence half alone, with other settings of its run, and then spoilt."""

    def spoil(lab: Lab) -> None:
        lab.sequence(**changes)
        for one in spoils:
            one(lab)

    return spoil


def tissues(change: Callable[[list[list[str]]], Any], **keys: Any) -> Spoil:
    """Another table of tissues, and other keys that say how it is read."""
    return run(
        table(change, TISSUES),
        lambda lab: [lab.set(f"spex.tiny.expression.{key}", value) for key, value in keys.items()],
    )


def features(write: Callable[[Any, list[str]], None], suffix: str = "h5") -> Spoil:
    """Features of another model, written to a file from the genes' ids."""

    def spoil(lab: Lab) -> None:
        ids = [row[0] for row in lab.rows(TISSUES)[1:]]
        path = f"data/features.{suffix}"
        lab.sequence(features={"other": {"path": path}})
        write(lab.path(path), ids)

    return spoil


def h5(**datasets: Callable[[list[str]], Any]) -> Callable[[Any, list[str]], None]:
    def write(path: Any, ids: list[str]) -> None:
        with h5py.File(path, "w") as file:
            for name, make in datasets.items():
                file[name] = make(ids)

    return write


def as_bytes(ids: list[str]) -> np.ndarray:
    return np.array(ids, dtype="S")


def numbers(*shape: int) -> Callable[[list[str]], np.ndarray]:
    return lambda ids: np.random.default_rng(1).random((len(ids), *shape))


def lines(write: Callable[[list[str]], str]) -> Callable[[Any, list[str]], None]:
    return lambda path, ids: path.write_text(write(ids)) and None


def cut_off(path: Any, ids: list[str]) -> None:
    h5(genes=as_bytes, x=numbers(500))(path, ids)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def vcf(*rows: str, header: str = "#CHROM\tPOS\tID\tREF\tALT\n") -> Spoil:
    """Variants; REF is the genome's where a row says {ref}."""

    def spoil(lab: Lab) -> None:
        lab.sequence(variants={"path": "data/variants.vcf", "strict": True})
        sequence = lab.read(FASTA).partition("\n")[2]
        text = "".join(row.format(ref=sequence[0].upper()) + "\n" for row in rows)
        lab.write("data/variants.vcf", "##fileformat=VCFv4.2\n" + header + text)

    return spoil


def sets(change: Callable[[list[list[str]]], list[list[str]]], **keys: Any) -> Spoil:
    """Gene sets, changed, asked about beside the time course."""

    def spoil(lab: Lab) -> None:
        lab.put(change(lab.rows(SETS)), SETS)
        lab.set("enrichment", {"sets": {"mine": {"path": SETS, **keys}}})

    return spoil


def given(name: str, content: str | bytes, then: Callable[[Lab], Any]) -> Spoil:
    """One more file, and a config that names it."""

    def spoil(lab: Lab) -> None:
        lab.write(name, content)
        then(lab)

    return spoil


def gene_table(text: str) -> Spoil:
    return run(
        given(
            "data/genes.tsv",
            text,
            lambda lab: lab.set("spex.tiny.genes", {"path": "data/genes.tsv"}),
        )
    )


def pairs(text: str, samples: str | None = None) -> Spoil:
    """A table of interactions in place of expression."""

    def spoil(lab: Lab) -> None:
        lab.write("data/pairs.csv", text)
        dataset = lab.config["datasets"]["mrna"]
        dataset.pop("expression")
        dataset["interactions"] = {"path": "data/pairs.csv"}
        lab.set("graphs.folded", {"interactions": {"path": "data/pairs.csv"}})

    return spoil


def targets(text: str, format: str = "tsv") -> Spoil:
    def spoil(lab: Lab) -> None:
        lab.write("data/targets.tsv", text)
        lab.set("datasets.mrna.nodes", "target")
        lab.set("datasets.mrna.targets", {"path": "data/targets.tsv", "format": format})

    return spoil


def predicted(text: str = "", **keys: Any) -> Spoil:
    """TSS of the user's that are to be predicted."""
    if text:
        keys["tss"] = {"path": BED}
    return run(
        lambda lab: lab.write(BED, text) if text else None,
        lambda lab: lab.set("spex.tiny.predict", keys),
    )


def places(**texts: str) -> Spoil:
    """What says how active places are."""
    ((kind, text),) = texts.items()
    return run(
        lambda lab: lab.write(PLACES, text),
        lambda lab: lab.set(f"spex.tiny.contacts.{kind}", {"path": PLACES}),
    )


def kept(kind: str = LOCAL) -> Spoil:
    """Features that were kept of other weights."""

    def spoil(lab: Lab) -> None:
        lab.set("beluga.tables", [FEATURES])
        options = {"precision": "fp32", "reverse_complement": True}
        with h5py.File(lab.path(FEATURES), "w") as file:
            write_keys(file, fingerprint_of(kind, "0" * 64, options), np.array([b"a"]))

    return spoil


FEATURES, FEATURES_TEXT = "data/features.h5", "data/features.tsv"
VCF, IDS, GENES, NAMES, OUTPUTS = (
    "data/variants.vcf", "data/ids.tsv", "data/genes.tsv", "data/names.tsv", "data/outputs.tsv",
)  # fmt: skip
BED, PLACES = "data/tss.bed", "data/places.bed"
CACHE, PAIRS, TARGETS = "data/mygene.json", "data/pairs.csv", "data/targets.tsv"
KNOWN = "data/known.tsv"
ASKED = "data/asked.txt"
EXPECTO = "id\tsymbol\tseqnames\tstrand\tTSS\tCAGE_representative_TSS\ttype\n"


def few(rows: list[list[str]]) -> list[list[str]]:
    """A tissue with values in a few genes only."""
    return [[*r, "few" if k == 0 else "1" if k % 30 == 0 else ""] for k, r in enumerate(rows)]


TISSUE_TABLES = {
    "a tissue of a few genes": Bad(tissues(few), "fold chr1, tissue few", "2 genes with a value in few", "name the other tissues"),
    "a tissue with one value": Bad(tissues(lambda rows: [[*r, "flat" if k == 0 else "3.5"] for k, r in enumerate(rows)]), TISSUES, "the same value in every gene", "name the other tissues"),
    "tissues that are no numbers": Bad(tissues(lambda rows: [[r[0], "high", "low"] if k else r for k, r in enumerate(rows)]), TISSUES, "no column of numbers", "id_column"),
    "a word among tissues": Bad(run(cell(5, 2, "n.d.", TISSUES)), TISSUES, "'n.d.'", "mend the cell"),
    "tissues without a header": Bad(tissues(lambda rows: rows[1:]), TISSUES, "numbers where the columns' names should be", "a first line"),
    "a tissue twice": Bad(tissues(lambda rows: rows[0].__setitem__(2, "alpha")), TISSUES, "'alpha' twice", "rename one"),
    "an unknown tissue": Bad(run(tissues=["alfa"]), TISSUES, "'alfa'", "did you mean alpha?"),
    "an unknown tissue of a map": Bad(run(matched={"alfa": "folded"}), "config", "'alfa'", "did you mean alpha?"),
    "negative values said to be linear": Bad(run(cell(5, 2, "-1.5", TISSUES)), TISSUES, "-1.5, the lowest", "values: log"),
    "linear values said to be logarithms": Bad(tissues(lambda rows: None, values="log"), TISSUES, "the highest value", "values: linear"),
    "tissues by symbols said to be ids": Bad(run(names(lambda i, n: f"GENE{i:03d}", TISSUES)), TISSUES, "these are symbols", "say `expression.id: symbol`"),
    "tissues by the mouse's ids": Bad(run(names(lambda i, n: f"ENSMUSG{i:011d}", TISSUES)), TISSUES, "Ensembl gene ids of mouse", "expression.id"),
    "a quarter of the tissues' genes known, the rest of the mouse": Bad(run(names(lambda i, n: n if i < 30 else f"ENSMUSG{i:011d}", TISSUES)), TISSUES, "Ensembl gene ids of mouse", "expression.id"),
    "a row too long among tissues": Bad(tissues(lambda rows: rows[4].extend("12")), TISSUES, "Expected 3 fields in line 5", "mend that line"),
    "no genes among tissues": Bad(tissues(lambda rows: rows[:1]), TISSUES, "1 lines", "tab-separated"),
    "tissues with blanks": Bad(run(lambda lab: lab.put(lab.rows(TISSUES), TISSUES, " ")), TISSUES, "1 columns", "tab-separated"),
    "decimal commas beside points among tissues": Bad(tissues(lambda rows: [[r[0], r[1].replace(".", ","), r[2]] for r in rows]), TISSUES, "beside", "number format of English"),
    "an id column past the end": Bad(tissues(lambda rows: None, id_column=9), TISSUES, "3 columns", "id_column"),
    "one sample of RSEM for tissues": Bad(tissues(lambda rows: [["gene_id", "length", "effective_length", "expected_count", "TPM", "FPKM"], *([r[0], "900", "700", "5", r[1], r[2]] for r in rows[1:])]), TISSUES, "RSEM's results, of one sample", "tissues"),
    "an R object for tissues": Bad(run(raw(RDS, TISSUES)), TISSUES, "an R object", "write it as text"),
    "a web page for tissues": Bad(run(raw(HTML, TISSUES)), TISSUES, "a web page", "fetch it again"),
    "Entrez numbers without their table": Bad(tissues(lambda rows: None, id="entrez"), "config", "null", "give `ids`, with the columns ensgene and entrez"),
    "a table of ids without Entrez": Bad(run(given(IDS, "ensgene\tsymbol\nA\tB\n", lambda lab: (lab.set("spex.tiny.expression.id", "entrez"), lab.set("spex.tiny.expression.ids", {"path": IDS})))), IDS, "columns ensgene, symbol", "name the columns so"),
    "a chromosome that the genome lacks": Bad(run(chromosomes=["chr1", "chr2", "chr7"]), "config", "'chr7'", "did you mean"),
    "a type of which there is no gene": Bad(run(gene_type="lincRNA"), "run tiny", "2 genes to train on", "more chromosomes"),
    "one chromosome to learn and to test on": Bad(run(chromosomes=["chr1"]), "spex.tiny.chromosomes", "1", "more chromosomes"),
    "folds of chromosomes that are not the run's": Bad(run(hold_out="fixed", test=["chr8"], validation=["chr2"]), "config.yaml", "'chr8'", "did you mean"),
    "a gene table of another layout": Bad(gene_table("gene_id\tchr\tpos\nA\tchr1\t5\n"), GENES, "columns gene_id, chr, pos", "name the columns so"),
    "a gene table with a gene twice": Bad(gene_table(EXPECTO + "A\tA\tchr1\t+\t5\t5\tx\n" * 2), GENES, "gene A twice", "delete one"),
    "a TSS that is no number": Bad(gene_table(EXPECTO + "A\tA\tchr1\t+\tfive\t5\tx\n"), GENES, "'five'", "mend that line"),
    "maps on a table that is not there": Bad(run(base="features+borzoi"), "spex.tiny.base", "'features+borzoi'", "define it"),
    "variants on a base without Beluga": Bad(run(base="promoter", variants={"path": FASTA}), "spex.tiny.base", "`variants`", "to another run"),
    "local sums on a base without Beluga": Bad(run(base="promoter", contacts={"without": "local"}), "spex.tiny.base", "`contacts.without: local`", "without: zeros"),
    "a signal of another genome": Bad(places(signal="NC_1\t5\t600\t2\n"), PLACES, "chromosomes NC_1", "of the maps' assembly"),
    "a signal that is a logarithm": Bad(places(signal="chr1\t5\t600\t-2\n"), PLACES, "-2, a value below 0", "not its logarithm"),
    "enhancers without ends": Bad(places(enhancers="chr1\t5\n"), PLACES, "chr1, 5", "mend the line"),
    "a TSS without strand": Bad(predicted("chr1\t5\t6\ta\t0\t.\n"), BED, "strand '.'", "write + or -"),
    "a TSS on a chromosome that the genome lacks": Bad(predicted("chr7\t5\t6\ta\t0\t+\n"), BED, "on chr7", "of one assembly"),
    "a TSS past the end": Bad(predicted("chr1\t5000000\t5000001\ta\t0\t+\n"), BED, "at chr1:5,000,001", "of one assembly"),
    "nothing to predict": Bad(predicted(), "spex.tiny.predict", "neither `genes` nor `tss`", "genes: unlabelled"),
    "a map of another assembly": Bad(predicted("chr1\t5\t6\ta\t0\t+\n", feature_sets=["folded"], genome={"assembly": "mm10", "fasta": {"path": FASTA}}), "spex.tiny.predict.feature_sets", "folded, in mm10", "lift the TSS over"),
    "genes of the genome in another": Bad(predicted("chr1\t5\t6\ta\t0\t+\n", genes="unlabelled", genome={"assembly": "mm10", "fasta": {"path": FASTA}}), "spex.tiny.predict.genes", "while `genome` is another", "in a run of its own"),
    "every gene with a label": Bad(predicted(genes="unlabelled"), GTF, "no gene without a label", "predictions.tsv.gz"),
    "a TSS off its chromosome": Bad(gene_table(EXPECTO + "A\tA\tchr1\t+\t5000000\t5000000\tx\n"), GENES, "off the chromosome", "of `genome.assembly`"),
}  # fmt: skip

OTHERS = {
    "weights cut off": Bad(run(lambda lab: lab.write(WEIGHTS, lab.path(WEIGHTS).read_bytes()[:3000])), WEIGHTS, "a broken file", "Beluga's own file"),
    "weights of another network": Bad(run(raw(b"PK\x03\x04" + ARRAY, WEIGHTS)), WEIGHTS, "a broken file", "Beluga's own file"),
    "a web page for weights": Bad(run(raw(HTML, WEIGHTS)), WEIGHTS, "a web page", "Beluga's own file"),
    "no weights": Bad(run(lambda lab: lab.config.pop("beluga")), "config", "null", "give `beluga.weights`"),
    "kept features of other weights": Bad(run(kept()), FEATURES, "weights: 0000", "take it off `beluga.tables`"),
    "kept sums of other weights": Bad(run(kept(PLACE)), FEATURES, "weights: 0000", "take it off `beluga.tables`"),
    "kept features of another kind": Bad(run(kept("features of mice")), FEATURES, "rows of features of mice", "take it off `beluga.tables`"),
    "kept features that are a web page": Bad(run(raw(HTML, FEATURES), lambda lab: lab.set("beluga.tables", [FEATURES])), FEATURES, "no table of features", "take it off `beluga.tables`"),
    "features cut off": Bad(features(cut_off), FEATURES, "damaged or truncated", "copy the file again"),
    "features of three dimensions": Bad(features(h5(genes=as_bytes, x=numbers(8, 4))), FEATURES, "/x [120, 8, 4]", "one row per gene"),
    "features whose ids are numbers": Bad(features(h5(genes=lambda ids: np.arange(len(ids)), x=numbers(5))), FEATURES, "/genes of numbers", "as text"),
    "features in a group": Bad(features(h5(**{"genes": as_bytes, "x/data": numbers(5)})), FEATURES, "/x a group", "toarray"),
    "features without ids": Bad(features(h5(x=numbers(5))), FEATURES, "/x [120, 5]", "these two datasets"),
    "features of fewer ids": Bad(features(h5(genes=lambda ids: as_bytes(ids[1:]), x=numbers(5))), FEATURES, "/genes [119]", "one id per row"),
    "features of words": Bad(features(h5(genes=as_bytes, x=lambda ids: np.full((len(ids), 2), b"a"))), FEATURES, "/x of type", "write numbers"),
    "features of other genes": Bad(features(lines(lambda ids: "gene\tf1\nX1\t2\nX2\t3\n"), "tsv"), FEATURES_TEXT, "ids such as X1, X2", "as the gene table does"),
    "a gene twice among features": Bad(features(lines(lambda ids: f"gene\tf1\n{ids[0]}\t1\n{ids[0]}\t2\n"), "tsv"), FEATURES_TEXT, "two rows", "keep one"),
    "a word among features": Bad(features(lines(lambda ids: f"gene\tf1\n{ids[0]}\tlow\n"), "tsv"), FEATURES_TEXT, "'low'", "leave out columns"),
    "infinite features": Bad(features(lines(lambda ids: "gene\tf1\n" + "".join(f"{i}\tinf\n" for i in ids)), "tsv"), FEATURES_TEXT, "infinite", "mend the table"),
    "features without a header": Bad(features(lines(lambda ids: "".join(f"{i}\t1.5\t2\n" for i in ids)), "tsv"), FEATURES_TEXT, "numbers where the columns' names should be", "a first line"),
    "an array of features": Bad(features(lambda path, ids: path.write_bytes(b"\x93NUMPY\1\0" + ARRAY), "npy"), "data/features.npy", "a damaged array", "copy the file again"),
    "an array of features without its genes": Bad(features(lambda path, ids: np.save(path, np.ones((len(ids), 3))), "npy"), "data/features.npy", "no list of its genes", "geneanno.csv"),
    "REF of another assembly": Bad(vcf("chr1\t1\t.\t{ref}{ref}{ref}{ref}{ref}{ref}\tA"), VCF, "where the genome has", "--check-ref"),
    "a position past the end": Bad(vcf("chr1\t600000\t.\tA\tC"), VCF, "chr1:600,000 A", "another assembly"),
    "an unknown chromosome": Bad(vcf("chr9\t10\t.\tA\tC"), VCF, "chromosome chr9", "of this genome"),
    "two alternatives in a row": Bad(vcf("chr1\t1\t.\t{ref}\tA,C"), VCF, "several alternative alleles", "bcftools norm -m -any"),
    "a symbolic allele": Bad(vcf("chr1\t1\t.\t{ref}\t<DEL>"), VCF, "a symbolic allele", "as letters"),
    "a position that is none": Bad(vcf("chr1\tx\t.\tA\tC"), VCF, "POS 'x'", "mend the row"),
    "alleles of other letters": Bad(vcf("chr1\t1\t.\tA\tQ"), VCF, "ALT 'Q'", "mend the rows"),
    "no line of columns": Bad(vcf("chr1\t1\t.\tA\tC", header=""), VCF, "no line that names the columns", "as its caller wrote it"),
    "no variants": Bad(vcf(), VCF, "no variants", "as its caller wrote it"),
    "BCF": Bad(run(given(VCF, gzip.compress(b"BCF\2\2" + ARRAY), lambda lab: lab.set("spex.tiny.variants", {"path": VCF}))), VCF, "BCF", "bcftools view -O z"),
    "genes that no run has": Bad(run(vcf("chr1\t1\t.\t{ref}\tN"), given(ASKED, "NOPE\nNOPE2\n", lambda lab: lab.set("spex.tiny.variants.genes", {"path": ASKED}))), ASKED, "2 names match no gene of the run (NOPE, NOPE2)", "`genes.tsv` of the run"),
    "haplotypes without genotypes": Bad(run(given(KNOWN, "variant_id\tgene\nchr1_10_A_C\tGENE001\n", lambda lab: lab.set("spex.tiny.haplotypes", {"path": KNOWN}))), KNOWN, "columns variant_id, gene", "belong into `variants`"),
    "known effects without a gene": Bad(run(given(KNOWN, "variant_id\tslope\nchr1_10_A_C\t1\n", lambda lab: lab.set("spex.tiny.known_effects", {"path": KNOWN}))), KNOWN, "columns variant_id, slope", "phenotype_id"),
    "a known effect in words": Bad(run(given(KNOWN, "variant_id\tgene\tslope\nchr1_10_A_C\tGENE001\tup\n", lambda lab: lab.set("spex.tiny.known_effects", {"path": KNOWN}))), KNOWN, "an effect of 'up'", "mend it"),
    "sets without descriptions": Bad(sets(lambda rows: [[r[0], *r[2:]] for r in rows]), SETS, "genes in the place of the description", "empty column"),
    "a set twice": Bad(sets(lambda rows: [*rows, rows[0]]), SETS, "a second set", "mend the line"),
    "a set without genes": Bad(sets(lambda rows: [*rows, ["EMPTY", "none"]]), SETS, "'EMPTY", "mend the line"),
    "no sets": Bad(sets(lambda rows: []), SETS, "no sets", "MSigDB"),
    "sets of the mouse": Bad(sets(lambda rows: [[*r[:2], *(["Trp53", "Myc", "Actb", "Gapdh", "Sox2", "Pax6", "Hoxa1", "Kras", "Nras", "Egfr", "Fos", "Jun"])] for r in rows]), SETS, "none of", "species"),
    "sets of Entrez numbers": Bad(sets(lambda rows: [[*r[:2], *map(str, range(7000, 7020))] for r in rows]), SETS, "Entrez", "identifiers"),
    "sets as a table": Bad(sets(lambda rows: [["gene,set"], ["GENE001,a"]]), SETS, "'gene,set'", "MSigDB"),
    "a picture of sets": Bad(given(SETS, b"\x89PNG\r\n\x1a\n" + ARRAY, lambda lab: lab.set("enrichment", {"sets": {"mine": {"path": SETS}}})), SETS, "a picture", "the table behind it"),
    "a table of names without columns": Bad(given(NAMES, "human\tmouse\nTP53\tTrp53\n", lambda lab: (lab.set("names", {"species": "mouse"}), sets(lambda rows: rows, species="human")(lab), lab.set("enrichment.names", {"human": {"path": NAMES}}))), NAMES, "human, mouse", "name the columns so"),
    "an Excel sheet of names": Bad(given(NAMES, b"PK\x03\x04" + b"\0" * 22 + b"xl/workbook.xml" + ARRAY, lambda lab: (lab.set("names", {"species": "mouse"}), sets(lambda rows: rows, species="human")(lab), lab.set("enrichment.names", {"human": {"path": NAMES}}))), NAMES, ".xlsx", "save the sheet"),
    "names of too few outputs": Bad(run(given(OUTPUTS, "name\tassay\nA\tB\n", lambda lab: lab.set("enrichment", {"outputs": {"path": OUTPUTS}}))), OUTPUTS, "1 lines", "outputs: null"),
    "a web page of outputs": Bad(run(given(OUTPUTS, HTML, lambda lab: lab.set("enrichment", {"outputs": {"path": OUTPUTS}}))), OUTPUTS, "a web page", "fetch it again"),
    "answers that are no JSON": Bad(given(CACHE, "gene\tid\n", lambda lab: lab.set("names", {"resolver": "mygene", "species": "human", "cache": CACHE})), CACHE, "no JSON", "names.cache"),
    "answers about another species": Bad(given(CACHE, '{"species": "mouse", "assembly": "mm9", "answers": {}}', lambda lab: lab.set("names", {"resolver": "mygene", "species": "human", "cache": CACHE})), CACHE, "mouse", "names.cache"),
    "interactions of other columns": Bad(pairs("a,b,c\n1,2,3\n"), PAIRS, "no Gene1, Gene2", "published layout"),
    "interactions that are empty": Bad(pairs(""), PAIRS, "an empty file", "get the file again"),
    "targets of other miRNAs": Bad(targets("mirna\tgene\nhsa-miR-1-3p\tGENE001\n"), TARGETS, "no gene with 1 or more", "bring another list"),
    "targets of one column": Bad(targets("mirna\nhsa-miR-1-3p\n"), TARGETS, "one column", "tab-separated"),
}  # fmt: skip

CASES = TISSUE_TABLES | OTHERS
