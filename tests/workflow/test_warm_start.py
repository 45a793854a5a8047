"""A start of Snakemake from a warm process, and a job, is as good as a start of its own."""

import subprocess
import sys
from pathlib import Path

import psutil
import pytest

import warm_jobs
from project import parse_jobs
from snakemake_starts import environment, start_plain, start_warm


@pytest.mark.slow
def test_a_warm_start_plans_what_a_plain_one_plans(clone):
    args = clone.arguments("--dry-run")
    plain, warm = (
        start(clone.folder, args, environment(), 120) for start in (start_plain, start_warm)
    )
    assert plain[0] == warm[0] == 0
    # Jobs that do not wait for each other come in any order.
    jobs = [sorted(map(repr, parse_jobs(said))) for _, said in (plain, warm)]
    assert jobs[0] == jobs[1] and len(jobs[0]) > 20
    for _, said in (plain, warm):
        assert f"Run directory: {clone.folder}\n" in said


def test_a_warm_start_has_the_code_folder_and_environment_of_its_project(clone):
    code = "\nimport os\nraise SystemExit(f'{os.environ[\"WORD\"]} in {os.getcwd()}')\n"
    clone.append("workflow/lib/foldcast/errors.py", code)
    for word in ("one", "two"):
        status, said = clone.start("--dry-run", WORD=word)
        assert status == 1
        assert said.splitlines()[-1] == f"{word} in {clone.folder}"


warm = pytest.mark.skipif(not warm_jobs.POSSIBLE, reason="warm jobs are for Linux")

SCRIPT = """
import os, sys
import pandas
print(__name__, __file__, sys.argv, sys.path[0], os.getcwd(), os.environ["WORD"])
print([name for name in sys.modules if name.startswith(("foldcast", "warm"))], file=sys.stderr)
sys.exit(os.environ["WORD"] == "two" and 3)
"""


def script(folder: Path, text: str) -> Path:
    path = folder / ".snakemake/scripts/job.py"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    return path


@warm
def test_a_warm_job_is_as_a_plain_one(tmp_path):
    path = script(tmp_path, SCRIPT)
    for word, status in (("one", 0), ("two", 3)):
        plain, other = (
            subprocess.run(
                [python, path],
                cwd=tmp_path,
                env=environment(WORD=word),
                capture_output=True,
                text=True,
            )
            for python in (sys.executable, warm_jobs.python())
        )
        assert other.returncode == plain.returncode == status
        assert other.stdout == plain.stdout and f"{tmp_path} {word}\n" in other.stdout
        assert other.stderr == plain.stderr == "[]\n"


@warm
def test_a_warm_job_ends_with_who_asked_for_it(tmp_path):
    path = script(tmp_path, "import os, time\nprint(os.getpid(), flush=True)\ntime.sleep(600)\n")
    asked = subprocess.Popen([warm_jobs.python(), path], stdout=subprocess.PIPE, text=True)
    job = psutil.Process(int(asked.stdout.readline()))
    asked.kill()
    assert asked.wait() < 0
    job.wait(60)
