"""A dry run from a warm process is as good as a start of its own."""

import pytest

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
