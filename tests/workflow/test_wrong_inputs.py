"""What a user's mistakes look like: one message that says where, what and what to do, and no more.

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
SHEET, TABLE, GTF, MAP = (
    "sheets/mrna.tsv",
    "data/expression.tsv",
    "data/annotation.gtf",
    "data/hic.mcool",
)
PANEL = "results/tiny/expression/mrna/panel.tsv"
ANNOTATION = "results/tiny/genome/annotation.tsv"
IMPORTED = "results/tiny/hic/folded/{}/map.cool"


class Given:
    """A project and what a run of it said."""

    def __init__(self, project) -> None:
        self.project, self.folder = project, project.folder
        self.configure = project.configure

    def edit(self, path: str, change: Callable[[list[str]], list[str]]) -> None:
        """Change the lines of a text file."""
        target = self.folder / path
        target.write_text("\n".join(change(target.read_text().splitlines())) + "\n")

    def table(self, change: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        """Change the expression table as a data frame."""
        path = self.folder / TABLE
        change(pd.read_csv(path, sep="\t", index_col=0)).to_csv(path, sep="\t")

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
            timeout=120,
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


def sheet(change: Callable[[list[str]], list[str]]) -> Spoil:
    return lambda given: given.edit(SHEET, change)


def cell(row: int, column: int, value: str) -> Spoil:
    """Another value in the expression table, counted as in a spreadsheet, from 1."""

    def change(lines: list[str]) -> list[str]:
        cells = lines[row - 1].split("\t")
        cells[column - 1] = value
        return [*lines[: row - 1], "\t".join(cells), *lines[row:]]

    return lambda given: given.edit(TABLE, change)


def without_positions(lines: list[str]) -> list[str]:
    """The sheet without `column`, and with one sample named otherwise than in the table."""
    rows = [line.split("\t") for line in lines]
    rows[4][0] = "t02_R2"
    return ["\t".join([row[0], *row[2:]]) for row in rows]


def named_samples(given: Given) -> None:
    """Headers of the table as the sheet names its samples, but for one."""
    given.edit(SHEET, without_positions)
    names = [f"t{time:02d}_r{n}" for time in range(0, 24, 2) for n in (1, 2)]
    given.table(lambda table: table.set_axis(names, axis=1))


def foreign_map(given: Given) -> None:
    """A map whose chromosomes have the right names and other lengths."""
    lengths = pd.Series({"chr1": 1_020_000, "chr2": 990_000, "chr3": 1_000_000})
    bins = cooler.binnify(lengths, 10_000)
    pixels = pd.DataFrame({"bin1_id": [0, 1], "bin2_id": [1, 2], "count": [3, 4]})
    cooler.create_cooler(str(given.folder / "data/foreign.cool"), bins, pixels)
    given.configure("maps.folded.path", "data/foreign.cool")


def foreign_annotation(given: Given) -> None:
    """Genes that lie 200 kb further on, as they may in another assembly."""

    def shift(line: str) -> str:
        if line.startswith("#"):
            return line
        cells = line.split("\t")
        cells[3:5] = [str(int(position) + 200_000) for position in cells[3:5]]
        return "\t".join(cells)

    given.edit(GTF, lambda lines: [shift(line) for line in lines])


def rename_map(given: Given, names: list[str]) -> None:
    for resolution in (10_000, 50_000):
        clr = cooler.Cooler(f"{given.folder / MAP}::/resolutions/{resolution}")
        cooler.rename_chroms(clr, dict(zip(clr.chromnames, names, strict=True)))


def rename_annotation(given: Given, prefix: str) -> None:
    given.edit(GTF, lambda lines: [re.sub("^chr", prefix, line) for line in lines])


CASES = {
    "unknown sample": Case(
        named_samples, PANEL, f"{TABLE}, header", "no sample t02_R2", "did you mean t02_r2"
    ),
    "unknown column": Case(
        sheet(lambda lines: [lines[0], lines[1].replace("\t2\t", "\t99\t"), *lines[2:]]),
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
        lambda given: given.table(lambda table: (2**table).round()),
        PANEL,
        f"{TABLE}, gene GENE",
        "the highest value",
        "`values: counts`",
    ),
    "too few times": Case(
        sheet(lambda lines: lines[:9]), PANEL, f"{SHEET}, column time", "4 different", "longer"
    ),
    "annotation of another assembly": Case(
        foreign_annotation, ANNOTATION, f"{GTF}, gene GENE", "past the chromosome's end", "both"
    ),
    "annotation with other names": Case(
        lambda given: rename_annotation(given, "scaffold_"),
        ANNOTATION,
        f"{GTF}, chromosomes",
        "0 of 40 loci",
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
}
# Found when the workflow is parsed, so already in a dry run.
DRY = {
    "misspelt column": Case(
        sheet(lambda lines: [lines[0].replace("time", "tme"), *lines[1:]]),
        "--dry-run",
        f"{SHEET}, header",
        "'tme'",
        "did you mean time?",
    ),
    "missing column": Case(
        sheet(lambda lines: [line.rpartition("\t")[0] for line in lines]),
        "--dry-run",
        f"{SHEET}, header",
        "sample, column, time",
        "add the column replicate",
    ),
    "no times to learn from": Case(
        sheet(lambda lines: lines[:5]), "--dry-run", f"{SHEET}, column time", "too few", "longer"
    ),
    "unknown key": Case(
        lambda given: given.configure("graphs.folded.max_distanc", 1000),
        "--dry-run",
        "config/tiny.yaml, 1 key",
        "graphs.folded.max_distanc: unknown key; did you mean max_distance?",
        "config/README.md",
    ),
    "no such file": Case(
        lambda given: (given.folder / TABLE).unlink(),
        "--dry-run",
        "config/tiny.yaml, datasets.mrna.expression.path",
        f"{TABLE}: no such file",
        "check the path",
    ),
}


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in CASES.items()])
def test_a_mistake_in_a_file_ends_the_job_that_reads_it(case, given):
    case.spoil(given)
    message = given.refuse(case.target)
    assert case.place in message["place"]
    assert case.found in message["found"]
    assert case.remedy in message["remedy"]
    (log,) = (
        path.read_text()
        for path in given.folder.glob("results/tiny/logs/*/*.log")
        if "Error: " in path.read_text()
    )
    assert case.place in log


@pytest.mark.parametrize("case", [pytest.param(case, id=name) for name, case in DRY.items()])
def test_a_mistake_in_config_or_sheet_is_found_before_anything_runs(case, given):
    case.spoil(given)
    message = given.refuse(case.target)
    assert case.place in message["place"]
    assert case.found in message["found"]
    assert case.remedy in message["remedy"]


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
        "annotation: 40 genes",
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
