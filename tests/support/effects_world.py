"""A small genome with planted motifs, its features by the real scripts, and models of them."""

from types import SimpleNamespace

import h5py
import numpy as np
import pandas as pd
import torch
import xgboost

from foldcast.demo.motif_network import OUTPUTS, weights
from foldcast.demo.motifs import MOTIFS
from foldcast.files import read_table
from foldcast.resources.genome_sequence import index_sequence
from foldcast.spex.contacts.tss_contacts import Contacts, Options, write_feature_sets
from foldcast.spex.models.folds import Fold
from foldcast.spex.models.linear import Linear
from foldcast.spex.models.saved_models import save_index, save_linear, save_trees
from foldcast.spex.models.trees import Trees
from scripts.spex import distal_features, local_features
from scripts.variants import variant_effects

LENGTH, F = 130_000, len(OUTPUTS)
PROMOTER, ENHANCER = (list(OUTPUTS).index({name: 1.0}) for name in ("promoter1", "enhancer"))
GENES = [
    ("A", "a", "chr1", 40_000, "+"),
    ("B", "NA", "chr1", 47_000, "-"),
    ("C", "c", "chr2", 60_000, "+"),
]
# 0-based first bases: beside A's TSS, in the place that touches A, where no gene reads, near A.
PLANTED = {40_150: "promoter1", 100_400: "enhancer", 10_000: "promoter1", 43_150: "promoter1"}
PLACE = 100_000
TISSUES = ["liver", "brain, all"]
COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\n"
OPTIONS = {"reverse_complement": True, "precision": "fp32", "memory_mb": 500}


def sequence():
    letters = np.random.default_rng(11).choice(list("ACGT"), LENGTH)
    for start, name in PLANTED.items():
        letters[start : start + 12] = list(MOTIFS[name])
    return "".join(letters)


CHR1 = sequence()


class Job(SimpleNamespace):
    """As Snakemake's objects are."""

    def get(self, name, default=None):
        return getattr(self, name, default)


class World:
    """A folder with everything that the rule reads."""

    def __init__(self, folder, chr1=CHR1, strands=True):
        self.folder = folder
        self.options = {**OPTIONS, "reverse_complement": strands}
        self.fasta = self.file("genome.fa", f">chr1\n{chr1}\n>chr2\n{chr1[:90_000]}\n")
        index_sequence(self.fasta, f"{self.fasta}.fai")
        self.sizes = self.file("chrom.sizes", f"chr1\t{len(chr1)}\nchr2\t90000\n")
        columns = ["gene", "symbol", "chrom", "tss", "strand"]
        self.genes = folder / "genes.tsv"
        pd.DataFrame(GENES, columns=columns).to_csv(self.genes, sep="\t", index=False)
        self.weights = folder / "beluga.pth"
        torch.save({k: torch.from_numpy(v) for k, v in weights().items()}, self.weights)
        self.contacts = folder / "contacts.h5"
        self._write_contacts()
        for chrom in ("chr1", "chr2"):
            self._features(local_features, "local", chrom)
            self._features(distal_features, "distal", chrom)

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def _write_contacts(self):
        """A touches one place downstream of it."""
        feature_sets, genes = {}, {"chr1": ["A", "B"], "chr2": ["C"]}
        for chrom, ids in genes.items():
            one = [1] if chrom == "chr1" else []
            feature_sets[chrom] = {
                "map": Contacts(
                    indptr=np.array([0, *one, *[len(one)] * (len(ids) - len(one))]),
                    start=np.array([PLACE] * len(one), dtype=np.int64),
                    side=np.array([0] * len(one), dtype=np.int8),
                    weight=np.array([1.5] * len(one), dtype=np.float32),
                    degree=np.zeros((len(ids), 2), int),
                    touched=np.ones(len(ids), bool),
                )
            }
        write_feature_sets(self.contacts, genes, feature_sets, 1000, Options())

    def job(self, **files):
        given = {key: getattr(self, key) for key in ("fasta", "sizes", "genes", "weights")}
        files = {"index": f"{self.fasta}.fai", **given, **files}
        options = self.options
        params = Job(beluga=options, options=options, cache=None, tables=[], code="x")
        return Job(input=Job(**files), params=params, output=Job(), wildcards=Job(), threads=1)

    def path(self, kind, chrom):
        return self.folder / kind / f"{chrom}.h5"

    def _features(self, script, kind, chrom):
        job = self.job(contacts=[self.contacts])
        job.params.chrom = job.wildcards.chrom = chrom
        job.output.features = self.path(kind, chrom)
        script.main(job)

    def x(self, gene, feature_set="map"):
        """Features of a gene of chr1, as the rules make them."""
        row = ["A", "B"].index(gene)
        with (
            h5py.File(self.path("local", "chr1")) as local,
            h5py.File(self.path("distal", "chr1")) as distal,
        ):
            blocks = [local["x"][row], *([distal["map/x"][row]] if feature_set == "map" else [])]
        return np.concatenate(blocks)[None]

    def scored(self, models, memory=500, maps=True):
        """A job that is given the fitted models and what they were fitted to."""
        feature_sets = {"expecto": [], **({"map": ["map"]} if maps else {})}
        fits = [
            f"{feature_set}/{model}"
            for feature_set in feature_sets
            for model in ("linear", "trees")
        ]
        job = self.job(
            contacts=[self.contacts] * maps,
            local=[self.path("local", chrom) for chrom in ("chr1", "chr2")],
            distal=[self.path("distal", chrom) for chrom in ("chr1", "chr2")] * maps,
            models=[models / fit for fit in fits],
        )
        job.params.beluga = {**self.options, "memory_mb": memory}
        job.params.chromosomes = ["chr1", "chr2"]
        job.params.fits = fits
        job.params.feature_sets = feature_sets
        return job

    def effects(self, *rows, models=None, memory=500, maps=True, strict=False, asked=None):
        """The table that the rule makes of variants (1-based position, ref, alt).

        Args:
            asked: text of a list of genes.
        """
        text = "".join(
            "\t".join(map(str, row)) + "\n"
            if isinstance(row[0], str)
            else f"chr1\t{row[0]}\t.\t{row[1]}\t{row[2]}\n"
            for row in rows
        )
        vcf = self.file("variants.vcf", f"##fileformat=VCFv4.2\n{COLUMNS}{text}")
        job = self.scored(models, memory, maps)
        job.input.variants = vcf
        job.input.asked = self.file("asked.tsv", asked) if asked else []
        job.params.strict = strict
        job.output.variants = self.folder / "variants.tsv"
        job.output.skipped = self.folder / "variants_skipped.tsv"
        variant_effects.main(job)
        return read_table(job.output.variants, dtype={"id": str})


def coefficients(feature_set):
    """Expression rises with promoter motifs near the TSS and with enhancers that touch it."""
    local, block = np.zeros((10, F)), np.zeros((2, F))
    local[:, PROMOTER] = 0.5
    block[:, ENHANCER] = 0.2
    return np.concatenate([local.ravel(), *([block.ravel()] if feature_set == "map" else [])])


def write_models(folder, world):
    """Linear models and trees that learned them, of two tissues; of the trees two seeds."""
    fold = Fold("fixed", "fixed", ("chr2",), ("chr2",), ("chr1",))
    for feature_set in ("expecto", "map"):
        coef = coefficients(feature_set)
        save_index(folder / feature_set / "linear", TISSUES, [fold])
        centre = np.full(len(coef), 7.0)
        linear = [Linear(coef * sign, centre, 3.0) for sign in (1, -2)]
        save_linear(folder / feature_set / "linear", 0, 1, linear)
        save_index(folder / feature_set / "trees", TISSUES, [fold])
        for tissue, sign in enumerate((1, -2)):
            for seed in (1, 2):
                booster = trees_of(coef * sign, world.x("A", feature_set), seed)
                save_trees(folder / feature_set / "trees", 0, seed, tissue, Trees(booster))
    return folder


def trees_of(coef, x, seed):
    rng = np.random.default_rng(seed)
    near = (x + rng.normal(0, 0.3, (2000, len(coef)))).astype(np.float32)
    data = xgboost.DMatrix(near, near @ coef)
    options = {"eta": 0.3, "max_depth": 4, "seed": seed, "nthread": 1}
    return xgboost.train(options, data, 60)


def broken(start):
    """A base in the middle of a planted motif, as position, ref and alt."""
    at = start + 6
    return at + 1, CHR1[at], {"A": "C", "C": "A", "G": "T", "T": "G"}[CHR1[at]]


def changed(position, ref, alt):
    return CHR1[: position - 1] + alt + CHR1[position - 1 + len(ref) :]


def value(table, **where):
    rows = table
    for column, each in where.items():
        rows = rows[rows[column] == each]
    assert len(rows) == 1, rows
    return rows["effect"].iloc[0]
