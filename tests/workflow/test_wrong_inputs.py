"""A user's mistake is one message that says where, what and what to do, and leaves nothing behind.

The projects give their files by path, as users do: the tiny demo's files, made once and spoilt.
A few mistakes stand for all here: what each message says is tested where the file is read.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import cooler
import pandas as pd
import pytest

Spoil = Callable[["Given"], None]

MESSAGE = re.compile(
    r"^(?:\w+: )?Error: (?P<place>.+)\n  found:    (?P<found>(?:.+\n)+?)"
    r"  expected: (?P<expected>.+)\n  remedy:   (?P<remedy>.+)$",
    re.MULTILINE,
)
SHEET, TABLE = "sheets/mrna.tsv", "data/expression.tsv"
GTF, MAP = "data/annotation.gtf", "data/hic.mcool"
PANEL = "results/tiny/expression/mrna/panel.tsv"
ANNOTATION = "results/tiny/genome/annotation.tsv"
DRY_RUN = "--dry-run"
IMPORTED = "results/tiny/hic/folded/{}/map.cool"


class Given:
    """A project and what a run of it said."""

    def __init__(self, project) -> None:
        self.folder, self.configure, self.run = project.folder, project.configure, project.start

    def edit(self, path: str, change: Callable[[str], str]) -> None:
        """Change a file's text."""
        target = self.folder / path
        target.write_text(change(target.read_text()))

    def files(self) -> set[str]:
        """Every file that is no log."""
        here = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        ours = (path for path in here if path.parts[0] not in (".snakemake", ".cache"))
        return {str(p) for p in ours if "logs" not in p.parts and "__pycache__" not in p.parts}

    def refuse(self, *args: str) -> re.Match:
        """The one message of a run that must fail and leave nothing but logs behind."""
        before = self.files()
        status, said = self.run(*args)
        assert status != 0, said
        assert "Traceback" not in said
        messages = list(MESSAGE.finditer(said))
        assert len(messages) == said.count("found: ") == 1, said
        assert self.files() == before
        return messages[0]


@pytest.fixture
def given(given_files, tmp_path) -> Given:
    """A private copy, to be spoilt."""
    return Given(given_files.copy(tmp_path / "foldcast"))


@dataclass(frozen=True)
class Case:
    """A mistake, the target that meets it, and what its message must name."""

    spoil: Spoil
    target: str
    place: str
    found: str
    remedy: str


def sheet(pattern: str, other: str) -> Spoil:
    """Another sample sheet: a regular expression replaced, once."""
    return lambda given: given.edit(SHEET, lambda text: re.sub(pattern, other, text, count=1))


def cell(row: int, column: int, value: str) -> Spoil:
    """Another value in the expression table, counted as in a spreadsheet, from 1."""

    def change(text: str) -> str:
        rows = [line.split("\t") for line in text.splitlines()]
        rows[row - 1][column - 1] = value
        return "".join("\t".join(cells) + "\n" for cells in rows)

    return lambda given: given.edit(TABLE, change)


def rename_map(given: Given, names: list[str]) -> None:
    for resolution in (10_000, 50_000):
        clr = cooler.Cooler(f"{given.folder / MAP}::/resolutions/{resolution}")
        cooler.rename_chroms(clr, dict(zip(clr.chromnames, names, strict=True)))


def rename_annotation(given: Given, prefix: str) -> None:
    given.edit(GTF, lambda text: re.sub("^chr", prefix, text, flags=re.MULTILINE))


CASES = {
    "missing resolution": Case(
        lambda given: given.configure("graphs.folded.resolution", 20_000),
        IMPORTED.format(20_000),
        f"{MAP}, resolution 20,000 bp",
        "10,000, 50,000",
        "cooler coarsen",
    ),
    # Found when the workflow is parsed, so already in a dry run.
    "no times to learn from": Case(
        sheet("(?s)t04_.*", ""), DRY_RUN, f"{SHEET}, column time", "too few", "longer"
    ),
    "no such file": Case(
        lambda given: (given.folder / TABLE).unlink(),
        DRY_RUN,
        "config/tiny.yaml, datasets.mrna.expression.path",
        f"{TABLE}: no such file",
        "check the path",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_mistake_is_one_message_and_leaves_nothing_behind(name, given):
    case = CASES[name]
    case.spoil(given)
    message = given.refuse(case.target)
    assert case.place in message["place"]
    assert case.found in message["found"]
    assert case.remedy in message["remedy"]
    logs = [path.read_text() for path in given.folder.glob("results/tiny/logs/*/*.log")]
    assert sum(case.place in log for log in logs) == (case.target != DRY_RUN)


@pytest.mark.slow
def test_names_with_and_without_chr_are_one(given):
    rename_map(given, ["1", "2", "3"])
    rename_annotation(given, "")
    status, said = given.run(ANNOTATION, IMPORTED.format(50_000))
    assert status == 0, said
    assert said.count("named as the genome's: 1 → chr1, 2 → chr2, 3 → chr3") == 2
    made = cooler.Cooler(str(given.folder / IMPORTED.format(50_000)))
    assert made.chromnames == ["chr1", "chr2", "chr3"]
    genes = pd.read_csv(given.folder / ANNOTATION, sep="\t")
    assert set(genes["chrom"]) == {"chr1", "chr2", "chr3"}


def test_a_quiet_run_says_the_same(given):
    cell(5, 7, "NaN")(given)
    assert (
        "gene GENE004" in given.refuse("--quiet", "rules", "host", "progress", "--", PANEL)["place"]
    )


@pytest.mark.slow
def test_preflight_sums_up_what_it_found(given):
    rename_annotation(given, "")
    before = given.files()
    status, said = given.run("preflight")
    assert status == 0, said
    summary = given.folder / "results/tiny/preflight.txt"
    assert given.files() - before == {"results/tiny/preflight.txt"}
    for line in (
        "genome demo: 3 chromosomes, 3,000,000 bp",
        "annotation: 460 genes",  # the panel's 40, and those of the sequence half
        "map folded: 3 chromosomes; contacts: 399,099 at 10,000 bp",
        "sequence: 3 chromosomes",
        "dataset mrna: 44 genes × 24 samples; 12 times from 0 to 22 (hour), 2 replicates each; "
        "40 of 44 genes placed, not CTRL1",
    ):
        assert line in summary.read_text()
        assert line in said


@pytest.mark.slow
def test_preflight_says_all_mistakes_at_once(given):
    rename_annotation(given, "scaffold_")
    cell(9, 1, "GENE003")(given)
    given.configure("graphs.folded.resolution", 20_000)
    before = given.files()
    status, said = given.run("preflight")
    assert status != 0
    assert "Traceback" not in said
    assert given.files() == before
    assert "3 mistakes" in said
    assert f"(1) {GTF}, chromosomes" in said
    # Maps are asked about the genes of time courses, and come after them.
    assert f"(2) {TABLE}, lines 4 and 9" in said
    assert f"(3) {MAP}, resolution 20,000 bp" in said
    assert said.count("remedy: ") == 3
