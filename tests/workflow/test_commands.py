"""Every command that the pages name can be typed as it stands there."""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from project import PARTS, ROOT
from rule_files import RULES
from snakemake_starts import environment, start

PAGES = [
    "README.md",
    "CONTRIBUTING.md",
    "config/README.md",
    *sorted(str(path.relative_to(ROOT)) for path in (ROOT / "docs").glob("*.md")),
]
# In code, or in a line of its own: snakemake … and make …, with variables before them.
COMMAND = re.compile(
    r"`((?:[A-Z_]+=\S+ )*(?:\S*/)?(?:snakemake|make) [^`]+)`|^((?:\S*/)?(?:snakemake|make) .+)$",
    re.MULTILINE,
)
CONDA = Path(__file__).with_name("conda_stand_in") / "bin"
# `snakemake --report` and the like alone name an option.
MENTIONED = {"--report", "--rulegraph", "--use-conda"}


def commands(program: str) -> list[str]:
    """The pages' commands of a program, each once, without comments."""
    found = {}
    for page in PAGES:
        for inside, line in COMMAND.findall((ROOT / page).read_text()):
            command = (inside or line).partition("#")[0].strip()
            words = shlex.split(command)
            typed = any(Path(word).name == program for word in words[:2])
            if typed and not {*words[1:]} <= MENTIONED:
                found[command] = None
    return list(found)


@pytest.fixture(scope="module")
def place(tmp_path_factory) -> Path:
    """A folder with a clone, in which mine.yaml is the template, and a folder DIR beside it."""
    folder = tmp_path_factory.mktemp("commands")
    clone = folder / "foldcast"
    for part in PARTS:
        shutil.copytree(ROOT / part, clone / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "Makefile", clone)
    shutil.copy(ROOT / "config/template.yaml", clone / "mine.yaml")
    (clone / "mine_samples.tsv").write_text(
        "sample\ttime\treplicate\n" + "".join(f"s{t}\t{t}\t1\n" for t in range(8))
    )
    (clone / "data").mkdir()
    for name in ("counts.txt", "genes.gtf", "hic.mcool"):
        (clone / "data" / name).touch()  # a plan does not read them
    (folder / "DIR").mkdir()
    return folder


def test_the_pages_name_the_commands_that_matter():
    assert len(commands("snakemake")) >= 8 and len(commands("make")) >= 8
    assert any(command.endswith("-- preflight") for command in commands("snakemake"))


@pytest.mark.parametrize("command", commands("snakemake"))
def test_snakemake_plans_what_a_page_types(command, place):
    words = [word for word in shlex.split(command)[1:] if word != "…"]
    folder = place if any(word.startswith("foldcast/") for word in words) else place / "foldcast"
    if "--report" in words:  # of a run that is there: its options and the config are looked at here
        words = [word for word in words if word not in ("--report", "report.html")]
    path = os.pathsep.join([str(CONDA), os.environ["PATH"]])  # where there is no conda
    plan = ["--quiet", "rules", "--dry-run", *words]  # what a page types may begin with a target
    status, said = start(folder, plan, environment(PATH=path), 120)
    assert status == 0, said[-3000:]


@pytest.mark.parametrize("command", commands("make"))
def test_make_knows_what_a_page_types(command, place):
    words = shlex.split(command)
    at = words.index("make")
    variables = dict(word.split("=", 1) for word in words[:at])
    done = subprocess.run(
        ["make", "--dry-run", *words[at + 1 :]],
        cwd=place / "foldcast",
        env=environment(**variables),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_no_text_of_ours_types_a_target_as_a_config():
    """`--configfile` takes every word up to the next option: targets stand behind `--`."""
    wrong = re.compile(
        rf"--configfiles?(?: +[^\s`-]\S*)+ +({'|'.join(['all', *RULES])}|hic|step|spex)\b"
    )
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout
    for name in files.split():
        path = ROOT / name
        if path.suffix in {".md", ".py", ".smk", ".yaml", ""} and path.is_file():
            found = wrong.search(path.read_text(errors="replace"))
            assert not found, f"{name}: {found[0]}"
