"""How LSF, SGE and PBS Pro are told of a job, asked about it and told to drop it.

For `submit`, `status` and `sidecar` beside it, which Snakemake calls. Sites differ: a line that
does not suit yours is changed here.

The jobs under way are files, by their numbers, in a folder that the sidecar makes for a run.
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which

RUNNING, SUCCESS, FAILED = "running", "success", "failed"
LOGS = Path(".snakemake/cluster_logs")
# The variable in which Snakemake tells jobs what the sidecar printed first: the run's folder.
UNDER_WAY = "SNAKEMAKE_CLUSTER_SIDECAR_VARS"
BEFORE = "handed_over."  # begins the name of a file of a job that has no number yet
PATIENCE = 60  # s, for such jobs
MANY = 100  # jobs that are dropped by one command


def said(*command: str) -> tuple[int, str]:
    """Exit status of a command and what it said on both streams."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    return done.returncode, done.stdout


def status_lsf(job: str) -> str:
    code, text = said("bjobs", "-a", "-noheader", "-o", "stat", job)
    if "is not found" in text or text.strip() in ("EXIT", "ZOMBI"):
        return FAILED
    return SUCCESS if not code and text.strip() == "DONE" else RUNNING


def status_sge(job: str) -> str:
    if said("qstat", "-j", job)[0] == 0:
        return RUNNING
    code, text = said("qacct", "-j", job)  # some seconds after its end
    if code:
        return RUNNING
    ended = re.findall(r"(?m)^(?:failed|exit_status) +(\d+)", text)
    return SUCCESS if {*ended} == {"0"} else FAILED


def status_pbs(job: str) -> str:
    code, text = said("qstat", "-x", "-f", job)
    if "Unknown Job Id" in text:
        return FAILED
    if code or not re.search(r"(?m)^ *job_state = F", text):
        return RUNNING
    return SUCCESS if re.search(r"(?m)^ *Exit_status = 0$", text) else FAILED


@dataclass(frozen=True)
class System:
    """One of them: what to call, and the job's number in what that says."""

    submit: str
    number: str
    status: Callable[[str], str]
    cancel: str


SYSTEMS = {
    "lsf": System(
        'bsub -J {name} -n {threads} -R "span[hosts=1] rusage[mem={memory}MB]"'
        " -M {memory}MB -W {minutes} -o {log}",
        r"Job <(\d+)>",
        status_lsf,
        "bkill",
    ),
    "sge": System(
        "qsub -terse -cwd -V -N {name} -pe smp {threads}"
        " -l h_vmem={memory_per_thread}M,h_rt={seconds} -j y -o {log}",
        r"^(\d+)",
        status_sge,
        "qdel",
    ),
    "pbs": System(
        "qsub -V -N {name} -l select=1:ncpus={threads}:mem={memory}mb -l walltime={seconds}"
        " -j oe -o {log}",
        r"^(\S+)",
        status_pbs,
        "qdel",
    ),
}


def system() -> System:
    """That of FOLDCAST_CLUSTER, or the one whose commands are here."""
    here = "lsf" if which("bsub") else "sge" if which("qacct") else "pbs"
    name = os.environ.get("FOLDCAST_CLUSTER", here)
    if name not in SYSTEMS:
        sys.exit(f"FOLDCAST_CLUSTER: {name} is not one of {', '.join(SYSTEMS)}")
    return SYSTEMS[name]


def submission(memory: int, minutes: int, threads: int, name: str, script: str) -> list[str]:
    """The command that hands a job's script over.

    Args:
        memory: of the whole job, in MB.
        minutes: that it may take.
    """
    line = system().submit.format(
        name=name,
        threads=threads,
        memory=memory,
        memory_per_thread=-(-memory // threads),
        minutes=minutes,
        seconds=60 * minutes,
        log=LOGS / f"{name}.{Path(script).stem}.log",
    )
    more = os.environ.get("FOLDCAST_SUBMIT_OPTIONS", "")  # queue, project, account
    return [*shlex.split(line), *shlex.split(more), script]


def submit(memory: str, minutes: str, threads: str, name: str, script: str) -> None:
    """Hand a job over and print its number."""
    LOGS.mkdir(parents=True, exist_ok=True)
    draft = f"{BEFORE}{os.getpid()}"
    note(draft)
    code, text = said(*submission(int(memory), int(minutes), int(threads), name, script))
    found = re.search(system().number, text, re.MULTILINE)
    taken = found is not None and not code
    if taken:
        note(found[1])
    strike(draft)
    if not taken:
        sys.exit(f"the job was not taken: {text.strip()}")
    print(found[1])


def status(job: str) -> None:
    """Print how a job is, perhaps one of the run before."""
    now = system().status(job)
    if now == RUNNING:
        note(job)
    else:
        strike(job)
    print(now)


def note(name: str) -> None:
    """Begin a file among those of the run's jobs under way."""
    if folder := os.environ.get(UNDER_WAY):  # none when called by hand
        with suppress(FileNotFoundError):  # the run is over
            Path(folder, name).touch()


def strike(name: str) -> None:
    if folder := os.environ.get(UNDER_WAY):
        Path(folder, name).unlink(missing_ok=True)


def sidecar() -> None:
    """Wait until Snakemake says that the run is over, then drop the jobs that are still under way.

    Where Snakemake was killed they go on, and the next run waits for them.
    """
    jobs = Path(tempfile.mkdtemp(prefix="under_way."))
    signal.signal(signal.SIGTERM, lambda *_: drop(jobs))
    print(jobs, flush=True)
    run = os.getppid()
    while os.getppid() == run:
        time.sleep(1)
    shutil.rmtree(jobs, ignore_errors=True)


def drop(jobs: Path) -> None:
    """Drop all jobs of a run's folder, also those that are only now handed over, and end."""
    end = time.monotonic() + PATIENCE
    while [*jobs.glob(f"{BEFORE}*")] and time.monotonic() < end:
        time.sleep(0.2)
    numbers = sorted(path.name for path in jobs.iterdir() if not path.name.startswith(BEFORE))
    for k in range(0, len(numbers), MANY):
        code, text = said(system().cancel, *numbers[k : k + MANY])
        if code:
            print(text.strip(), file=sys.stderr)
    shutil.rmtree(jobs, ignore_errors=True)
    sys.exit()


if __name__ == "__main__":
    asked, *words = sys.argv[1:]
    {"submit": submit, "status": status, "sidecar": sidecar}[asked](*words)
