"""The user's files are known by their content, and params by their names.

Nothing is run: outputs are there and empty, and Snakemake's --touch has noted how they were made.
"""

import os
import re

import pytest
import yaml

from project import Job, Project

# Every file that a config may name, as far as nothing is run; `mrna` is that of the tiny demo.
GIVEN = {
    "demo": None,
    "genome": {
        "assembly": "mm9",
        "sizes": {"path": "data/chrom.sizes"},
        "fasta": {"path": "data/genome.fa.gz"},
        "centromeres": {"path": "data/centromeres.bed"},
        "annotation": {"path": "data/genes.gtf", "format": "gtf"},
        "aliases": {"path": "data/aliases.tsv", "format": "pairs"},
    },
    "maps": {
        "folded": {"path": "data/map.mcool", "format": "mcool"},
        "parts": {
            "format": "triples",
            "bin_size": 10_000,
            "label": "start",
            "files": {"chr1": {"path": "data/chr1.txt"}, "chr2": {"path": "data/chr2.txt"}},
        },
    },
    "graphs": {
        "folded": {"maps": ["folded"], "resolution": 10_000},
        "parts": {"maps": ["parts"], "resolution": 10_000},
        "published": {"interactions": {"path": "data/pairs.csv"}},
    },
    "names": {"resolver": "mygene", "cache": "data/mygene.json"},
    "datasets": {
        "mrna": {
            "expression": {"path": "data/mrna.tsv"},
            "samples": "sheets/mrna.tsv",
            "overrides": "data/overrides.tsv",
            "forecasters": {
                "own": {"function": "data/own.py:own"},
                "theirs": {"table": "data/theirs.tsv"},
            },
            "values": "log2",
            "graphs": ["folded", "published"],
        },
        "load": {
            "model": "stepmi",
            "nodes": "target",
            "targets": {"path": "data/targets.tsv", "format": "tsv"},
            "expression": {"path": "data/mirna.tsv"},
            "samples": "sheets/demo.tsv",
            "values": "log2",
            "graphs": ["parts"],
        },
    },
    "beluga": {"weights": {"path": "data/beluga.pth"}},
    "spex": {
        "run": {
            "genes": {"path": "data/tss.csv"},
            "expression": {
                "path": "data/tissues.tsv",
                "id": "entrez",
                "values": "linear",
                "ids": {"path": "data/ids.tsv"},
            },
            "chromosomes": ["chr1", "chr2", "chr3"],
            "hold_out": "each",
            "maps": ["folded"],
            "resolution": 10_000,
            "models": ["linear"],
            "features": {"other": {"path": "data/features.tsv"}},
            "variants": {"path": "data/variants.vcf", "genes": {"path": "data/asked.txt"}},
        }
    },
    "enrichment": {
        "sets": {"own": {"path": "data/sets.gmt", "species": "human"}},
        "names": {"human": {"path": "data/human.tsv"}},
        "outputs": {"path": "data/outputs.tsv"},
    },
}
FILES = sorted({*re.findall(r"(?:data|sheets)/[\w.]+", yaml.safe_dump(GIVEN))})
QUICK = ("sheets/mrna.tsv", "data/mrna.tsv", "data/genes.gtf", "data/map.mcool")


def older(project: Project, path: str, text: str) -> None:
    """Put a file in another's place as `mv` does: with its time stamp, which is older."""
    new = project.folder / "new"
    new.write_text(text)
    os.utime(new, (1, 1))
    os.replace(new, project.folder / path)


@pytest.fixture(scope="module")
def everything(module_clone) -> tuple[Project, list[Job]]:
    project = module_clone
    config = yaml.safe_load((project.folder / "config/tiny.yaml").read_text())
    project.write("config/tiny.yaml", yaml.safe_dump(config | GIVEN, sort_keys=False))
    for path in FILES:
        if path.startswith("data/"):
            project.write(path, "chr1\t1000000\n")
        os.utime(project.folder / path, (2, 2))
    jobs = project.plan("all", "preflight")
    project.pretend()
    assert project.stale() == set()
    return project, jobs


def followers(jobs: list[Job], path: str) -> set[tuple[str, ...]]:
    """The jobs that read a file and those that read what they make, by their outputs."""
    found, paths = set(), {path}
    while more := {job.made for job in jobs if paths.intersection(job.input)} - found:
        found |= more
        paths |= {output for outputs in more for output in outputs}
    return found


@pytest.mark.parametrize(
    "path", [p if p in QUICK else pytest.param(p, marks=pytest.mark.slow) for p in FILES]
)
def test_a_file_replaced_by_an_older_one_reruns_what_reads_it(everything, tmp_path, path):
    project, jobs = everything
    before = (project.folder / path).read_text()
    try:
        # A sheet is looked at while the workflow is parsed.
        other = before.replace("\t2\n", "\t3\n") if "sheets" in path else before + "x"
        older(project, path, other)
        planned = {job.made for job in project.plan()}
    finally:
        older(project, path, before)
    expected = followers([job for job in jobs if job.rule != "preflight"], path)
    assert planned == expected and expected


def test_the_same_file_with_another_time_reruns_nothing(everything):
    project, _ = everything
    for path in FILES:
        older(project, path, (project.folder / path).read_text())
    assert project.stale() == set()
    for path in FILES:
        os.utime(project.folder / path)
    assert project.stale() == set()
    for path in FILES:
        os.utime(project.folder / path, (2, 2))


def test_what_was_given_is_named_by_every_rule_that_reads_it(everything):
    """So that a file that a new rule reads is not forgotten: preflight reads them all."""
    _, jobs = everything
    read = {path for job in jobs if job.rule != "preflight" for path in job.input}
    assert {*FILES} <= read


PROBE = """

for one in workflow.rules:
    print("RULE", one.name, *one.params.keys())
"""


def test_no_rule_has_params_that_could_swap_their_values_unseen(clone):
    clone.append("workflow/Snakefile", PROBE)
    clone.write("data/beluga.pth", "")
    clone.configure("beluga", GIVEN["beluga"])
    said = clone.snakemake("--dry-run", "--", "demo_genome")
    rules = [line.split()[1:] for line in said.splitlines() if line.startswith("RULE")]
    assert len(rules) > 50
    # Its values cannot be each other's: an address and a checksum; and it knows no code.
    unnamed = {rule: params for rule, *params in rules if params and "named_values" not in params}
    assert unnamed == {"fetch": ["url", "public_url", "checksum"]}
    assert all("given_content" in params for _, *params in rules if "code" in params)


def test_params_that_swap_their_values_are_seen(pretended):
    """Snakemake compares the values of params as a set."""
    pretended.configure("demo.noise", 1.0)
    pretended.configure("demo.strength", 0.1)
    assert "demo_expression" in pretended.stale()


def test_a_changed_config_is_not_printed_nor_is_a_secret(pretended):
    project, url = pretended, "https://me:hunter2@example.org/aliases.tsv?token=hunter2"
    project.configure("genome.aliases", {"url": url, "format": "pairs"})
    project.configure("names.url", "https://me:hunter2@example.org/v3")
    said = project.snakemake("--dry-run")
    assert "report_page" in said and "fetch" in said
    assert "hunter2" not in said and "max_distance" not in said


@pytest.mark.slow
def test_a_secret_is_in_no_log_table_or_page(project):
    url = "https://me:hunter2@example.org/aliases.tsv?token=hunter2"
    project.configure("genome.aliases", {"url": url, "format": "pairs"})
    page = project.results / "report/index.html"
    project.snakemake(str(page), "--allowed-rules", "fetch", "report_page")
    assert "https://example.org/aliases.tsv?…" in (project.folder / page).read_text()
    for folder in ("results", "resources", ".snakemake"):
        for path in (project.folder / folder).rglob("*"):
            assert not path.is_file() or b"hunter2" not in path.read_bytes(), path


CUT = [
    ("evaluation/mrna/evaluation.tsv", "report/figures/skill.mrna.png", "evaluate"),
    ("graph/mrna/folded/graph.h5", "report/figures/graph.mrna.folded.png", "build_graph"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "target", "maker"), CUT)
def test_a_result_that_was_cut_off_is_named_and_made_anew(project, path, target, maker):
    file, target = project.folder / project.results / path, str(project.results / target)
    content = file.read_bytes()
    file.write_bytes(content[: len(content) // 2])
    status, said = project.start("--", target)
    assert status and f"{project.results / path}\n" in said and "delete it and run again" in said
    assert "defect" not in said and "Traceback" not in said
    file.unlink()
    assert maker in project.stale("--", target)
