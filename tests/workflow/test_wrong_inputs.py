"""A user's mistake is one message that says where, what and what to do, and leaves nothing behind.

The projects give their files by path, as users do: the tiny demo's files, made once and spoilt.
"""

import re
import subprocess
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
        self.project, self.folder = project, project.folder
        self.configure = project.configure

    def edit(self, path: str, change: Callable[[str], str]) -> None:
        """Change a file's text."""
        target = self.folder / path
        target.write_text(change(target.read_text()))

    def files(self) -> set[str]:
        """Every file that is no log."""
        here = (path.relative_to(self.folder) for path in self.folder.rglob("*") if path.is_file())
        ours = (path for path in here if path.parts[0] not in (".snakemake", ".cache"))
        return {str(p) for p in ours if "logs" not in p.parts and "__pycache__" not in p.parts}

    def run(self, *args: str) -> tuple[int, str]:
        """Exit status and all that the user saw."""
        done = subprocess.run(
            self.project.command(*args),
            cwd=self.folder,
            env=self.project.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        return done.returncode, done.stdout

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


def renamed_sample(given: Given) -> None:
    """A sheet without positions, so that samples are found by name, and another name in it."""
    sheet("t02_r2", "t02_R2")(given)
    given.edit(SHEET, lambda text: re.sub(r"^(\w+)\t\w+", r"\1", text, flags=re.MULTILINE))


def counts(given: Given) -> None:
    path = given.folder / TABLE
    table = pd.read_csv(path, sep="\t", index_col=0)
    (2**table).round().to_csv(path, sep="\t")


def foreign_map(given: Given) -> None:
    """A map whose chromosomes have the right names and other lengths."""
    lengths = pd.Series({"chr1": 1_020_000, "chr2": 990_000, "chr3": 1_000_000})
    bins = cooler.binnify(lengths, 10_000)
    pixels = pd.DataFrame({"bin1_id": [0, 1], "bin2_id": [1, 2], "count": [3, 4]})
    cooler.create_cooler(str(given.folder / "data/foreign.cool"), bins, pixels)
    given.configure("maps.folded.path", "data/foreign.cool")


def foreign_annotation(given: Given) -> None:
    """Genes that lie 200 kb further on, as they may in another assembly."""
    position = re.compile(r"\t(\d+)(?=\t)")
    given.edit(GTF, lambda text: position.sub(lambda hit: f"\t{int(hit[1]) + 200_000}", text))


def rename_map(given: Given, names: list[str]) -> None:
    for resolution in (10_000, 50_000):
        clr = cooler.Cooler(f"{given.folder / MAP}::/resolutions/{resolution}")
        cooler.rename_chroms(clr, dict(zip(clr.chromnames, names, strict=True)))


def rename_annotation(given: Given, prefix: str) -> None:
    given.edit(GTF, lambda text: re.sub("^chr", prefix, text, flags=re.MULTILINE))


CASES = {
    "unknown sample": Case(
        renamed_sample, PANEL, f"{TABLE}, header", "no sample t02_R2", "did you mean t02_r2"
    ),
    "unknown column": Case(
        sheet("t00_r1\t2", "t00_r1\t99"),
        PANEL,
        f"{TABLE}, column 99 (sample t00_r1)",
        "25 columns",
        "`column`",
    ),
    "duplicate gene": Case(
        cell(9, 1, "GENE003"), PANEL, f"{TABLE}, lines 4 and 9", "GENE003 twice", "average"
    ),
    "missing value": Case(
        cell(5, 7, "NaN"), PANEL, f"{TABLE}, line 5, gene GENE004, column 7", "'NaN'", "fill"
    ),
    "counts called log2": Case(
        counts,
        PANEL,
        f"{TABLE}, gene GENE",
        "the highest value",
        "`values: counts`",
    ),
    "too few times": Case(
        sheet("(?s)t08_.*", ""), PANEL, f"{SHEET}, column time", "4 different", "longer"
    ),
    "annotation of another assembly": Case(
        foreign_annotation, ANNOTATION, f"{GTF}, gene GENE", "past the chromosome's end", "both"
    ),
    "annotation with other names": Case(
        lambda given: rename_annotation(given, "scaffold_"),
        ANNOTATION,
        f"{GTF}, chromosomes",
        "0 of 460 loci",
        "one assembly",
    ),
    "map of another assembly": Case(
        foreign_map,
        IMPORTED.format(10_000),
        "data/foreign.cool, 2 of 3 chromosomes",
        "chr1 has 1,020,000 bp, chr1 of the genome 1,000,000; chr2 has 990,000",
        "one assembly",
    ),
    "map with other names": Case(
        lambda given: rename_map(given, ["I", "II", "III"]),
        IMPORTED.format(10_000),
        f"{MAP}, chromosomes",
        "I, II, III",
        "this genome",
    ),
    "missing resolution": Case(
        lambda given: given.configure("graphs.folded.resolution", 20_000),
        IMPORTED.format(20_000),
        f"{MAP}, resolution 20,000 bp",
        "10,000, 50,000",
        "cooler coarsen",
    ),
    # Found when the workflow is parsed, so already in a dry run.
    "misspelt column": Case(
        sheet("time", "tme"),
        DRY_RUN,
        f"{SHEET}, header",
        "'tme'",
        "did you mean time?",
    ),
    "missing column": Case(
        lambda given: given.edit(SHEET, lambda text: re.sub(r"\t\w+\n", "\n", text)),
        DRY_RUN,
        f"{SHEET}, header",
        "sample, column, time",
        "add the column replicate",
    ),
    "no times to learn from": Case(
        sheet("(?s)t04_.*", ""), DRY_RUN, f"{SHEET}, column time", "too few", "longer"
    ),
    "unknown key": Case(
        lambda given: given.configure("graphs.folded.max_distanc", 1000),
        DRY_RUN,
        "config/tiny.yaml, 1 key",
        "graphs.folded.max_distanc: unknown key; did you mean max_distance?",
        "config/keys.md",
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
    assert f"(2) {MAP}, resolution 20,000 bp" in said
    assert f"(3) {TABLE}, lines 4 and 9" in said
    assert said.count("remedy: ") == 3
