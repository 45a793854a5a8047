"""Effects of variants through the rules, held against how the demo's expression was made."""

import gzip

import numpy as np
import pandas as pd
import pytest
from pyfaidx import Fasta

from demo_files import SEQUENCE_RUN
from foldcast.files import read_table
from foldcast.variants.mutated_bases import by_position, mean_size, read_first
from project import Project
from scripts.demo.demo_tissues import LOCAL, NEAR, REACH
from used_memory import asked_and_used, wrongly_asked

TABLE = "results/tiny/variants/tiny/variants.tsv"
SPEX = SEQUENCE_RUN | {
    "control_contacts": {"kinds": []},
    "trees": {"rounds": 200, "patience": 20, "eta": 0.1, "reg_lambda": 10},
    "seeds": [1],
    "variants": {"path": "data/variants.vcf.gz"},
}
CHANGED = str.maketrans("ACGT", "CATG")


def ask_for(project: Project) -> None:
    """A run of the sequence half that has variants."""
    project.configure("beluga", {"weights": {"path": "resources/demo/beluga.pth"}})
    project.configure("spex", {"tiny": SPEX})
    project.write("data/variants.vcf.gz", "")


@pytest.fixture(scope="module")
def prepared(module_clone) -> tuple[Project, pd.DataFrame]:
    """The tiny demo with a run that has variants, its sequence gzipped; and the planted motifs."""
    ask_for(module_clone)
    module_clone.snakemake("resources/demo/tissues.tsv", "resources/demo/beluga.pth")
    demo = module_clone.folder / "resources/demo"
    packed = module_clone.folder / "data/genome.fa.gz"
    packed.write_bytes(gzip.compress((demo / "genome.fa").read_bytes(), 1, mtime=0))
    module_clone.configure("genome.fasta", {"path": "data/genome.fa.gz"})
    columns = ["chrom", "start", "end", "name", "score", "strand"]
    motifs = pd.read_csv(demo / "truth/motifs.bed", sep="\t", names=columns)
    with Fasta(str(demo / "genome.fa"), as_raw=True) as sequence:
        middle = motifs["start"] + 6
        letters = [sequence[c][p] for c, p in zip(motifs["chrom"], middle, strict=True)]
    motifs = motifs.assign(position=middle + 1, ref=letters)
    motifs["alt"] = motifs["ref"].str.translate(CHANGED)
    motifs["variant"] = [f"{m.chrom}:{m.position} {m.ref}>{m.alt}" for m in motifs.itertuples()]
    return module_clone, motifs


def write_vcf(project: Project, motifs: pd.DataFrame) -> None:
    """A VCF that breaks each of the motifs; a chromosome's name without chr is as good."""
    rows = (
        f"{m.chrom[3:]}\t{m.position}\t{m.name}\t{m.ref}\t{m.alt}\n" for m in motifs.itertuples()
    )
    text = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\n" + "".join(rows)
    (project.folder / "data/variants.vcf.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def test_variants_are_planned_with_all_that_they_need(clone):
    ask_for(clone)
    clone.write("data/genome.fa.gz", "")
    clone.configure("genome.fasta", {"path": "data/genome.fa.gz"})
    jobs = {job.rule: job for job in clone.plan(TABLE)}
    assert {"unpack", "index_genome", "local_features", "distal_features"} <= jobs.keys()
    given = jobs["variant_effects"].input
    fits = [
        f"{feature_set}/{model}"
        for feature_set in ("expecto", "folded")
        for model in ("linear", "trees")
    ]
    folder = "results/tiny/spex/tiny"
    assert [path for path in given if "fits" in path] == [
        f"{folder}/fits/{fit}/models" for fit in fits
    ]
    assert f"{folder}/contacts/folded.h5" in given and f"{folder}/distal/chr3.h5" in given


def test_regions_and_known_effects_are_planned_with_what_they_need(clone):
    ask_for(clone)
    clone.configure("spex.tiny.mutagenesis", {"near": {"gene": "GENE001"}})
    clone.configure("stages", ["spex", "variants", "report"])
    clone.configure("spex.tiny.variants", None)
    clone.configure("spex.tiny.known_effects", {"path": "data/known.tsv"})
    clone.write("data/known.tsv", "")
    clone.configure("spex.tiny.background", {"per_bin": 50})
    genes = {"path": "data/asked.txt"}
    clone.configure("spex.tiny.haplotypes", {"path": "data/phased.vcf", "genes": genes})
    for name in ("phased.vcf", "asked.txt"):
        clone.write(f"data/{name}", "")
    planned = clone.plan()
    scored = {job.made[0]: job.input for job in planned if job.rule == "variant_effects"}
    assert "data/known.tsv" in scored.pop(TABLE)
    (drawn,) = scored.values()
    assert "results/tiny/variants/tiny/background.vcf" in drawn
    jobs = {job.rule: job for job in planned}
    assert "standardise_effects" in jobs
    assert {"mutate_region", "plot_mutagenesis", "export_mutagenesis"} <= jobs.keys()
    figure = "results/tiny/report/figures/mutagenesis.tiny.near.png"
    folder = "results/tiny/variants/tiny"
    tables = ("variants_z", "variant_outputs", "haplotypes", "known_effects")
    shown = {figure, *(f"{folder}/{table}.tsv" for table in tables)}
    assert shown <= {*jobs["report_page"].input}
    assert "data/known.tsv" not in jobs["mutate_region"].input
    # Without variants of their own, known effects bring them.
    assert {TABLE, "data/known.tsv"} <= {*jobs["score_known_effects"].input}
    assert {"data/phased.vcf", "data/asked.txt"} <= {*jobs["haplotype_effects"].input}
    # A list of the variants' is none of the random ones', which stand for every gene.
    clone.configure("spex.tiny.variants", {"path": "data/known.tsv", "genes": genes})
    planned = [job for job in clone.plan() if job.rule == "variant_effects"]
    assert {job.made[0]: "data/asked.txt" in job.input for job in planned} == {
        TABLE: True,
        TABLE.replace("variants.tsv", "background.tsv"): False,
    }


@pytest.mark.slow
def test_preflight_holds_variants_against_the_genome(prepared):
    project, motifs = prepared
    write_vcf(project, motifs.head(3))
    assert "run tiny: 3 variants" in project.snakemake("preflight")
    write_vcf(project, motifs.head(3).assign(ref="N"))
    said = project.snakemake("preflight", check=False)
    assert "variants.vcf.gz, line 3 and 2 more like it" in said
    assert "Traceback" not in said


@pytest.mark.slow
def test_broken_motifs_have_the_effects_that_the_demo_gives_them(prepared):
    project, motifs = prepared
    motifs = motifs[::3]
    write_vcf(project, motifs)
    project.snakemake(TABLE, "--benchmark-extended", timeout=1800)
    table = read_table(project.folder / TABLE)
    genes = read_table(project.folder / "results/tiny/spex/tiny/genes.tsv")
    table = table.merge(motifs[["variant", "chrom", "position", "name"]], on="variant")
    table = table.merge(genes[["gene", "tss"]], on="gene")
    # Motifs around a TSS, whichever gene they are for.
    local = table[(table["feature_set"] == "expecto") & table["name"].str.startswith("promoter")]
    local = local.assign(near=(local["position"] - 1 - local["tss"]).abs())
    assert (local["near"] < NEAR + 1000).all()
    for tissue, effects in LOCAL.items():
        here = local[local["tissue"] == tissue]
        truth = -here["name"].map(effects) * np.exp(-here["near"] / REACH)
        found = here.assign(truth=truth).groupby("model")[["truth", "effect"]]
        found = found.apply(lambda rows: rows.corr(method="spearman").iloc[0, 1])
        # Most splits of trees are not where a single motif would cross them.
        assert found["linear"] > 0.65 and found["trees"] > 0.15, tissue
        beside = here[here["near"] < 2000].groupby(["model", "name"])["effect"].mean()
        for (model, name), effect in beside.items():
            if abs(effects[name]) > 0.5:
                assert effect * effects[name] < -0.001, (tissue, model, name)
    # Enhancers raise what they touch, silencers lower it, so that breaking them does the opposite;
    # nobody reads decoys.
    far = table[(table["feature_set"] == "folded") & (table["where"] == "contact")]
    linear = far[far["model"] == "linear"].groupby("name")["effect"].mean()
    assert linear["enhancer"] < 0 < linear["silencer"]
    assert linear.abs()["decoy"] < linear.abs()[["enhancer", "silencer"]].min()
    bases_of_a_motif_matter_more_than_those_beside_it(project, motifs, genes)
    jobs = asked_and_used(project.folder / "results/tiny")
    assert {"variant_effects", "mutate_region", "distal_features"} <= {*jobs["rule"]}
    assert wrongly_asked(jobs).empty, wrongly_asked(jobs).to_string()


def bases_of_a_motif_matter_more_than_those_beside_it(project, motifs, genes):
    """In the promoter motif that is nearest to a TSS, where every effect is known to be one."""
    strong = {name for of in LOCAL.values() for name, effect in of.items() if abs(effect) > 0.5}
    near = motifs[motifs["name"].isin(strong)].merge(genes[["gene", "chrom", "tss"]], on="chrom")
    best = near.loc[(near["start"] - near["tss"]).abs().idxmin()]
    region = f"{best['chrom']}:{best['start'] - 29}-{best['end'] + 30}"
    project.configure("spex.tiny.mutagenesis", {"motif": {"gene": best["gene"], "region": region}})
    folder = "results/tiny/report"
    tracks = [f"{folder}/take_away/tiny.motif.mutagenesis_{one}.bw" for one in ("size", "sum")]
    figure = f"{folder}/figures/mutagenesis.tiny.motif.png"
    project.snakemake(figure, *tracks, "--benchmark-extended", timeout=900)
    table = read_first(project.folder / "results/tiny/variants/tiny/mutagenesis/motif/effects.tsv")
    sizes = by_position(table, mean_size(table)).mean(axis=1).to_numpy()
    assert sizes[30:-30].mean() > 5 * np.concatenate([sizes[:30], sizes[-30:]]).mean()
