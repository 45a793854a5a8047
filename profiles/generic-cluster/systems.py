"""How LSF, SGE and PBS Pro are told of a job, asked about it and told to drop it.

For `submit`, `status` and `cancel` beside it, which Snakemake calls. Sites differ: a line that does
not suit yours is changed here.

After Ctrl-C Snakemake would drop the jobs of its own list alone, which lacks those that it just
then hands over or asks for, and wait for that two seconds at most. So the jobs of a run are noted,
as files by their numbers, and a process that waits for the run's end drops those that are left.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which

RUNNING, SUCCESS, FAILED = "running", "success", "failed"
LOGS = Path(".snakemake/cluster_logs")
RUN = os.environ.get("FOLDCAST_RUN", str(os.getppid()))  # Snakemake's process
JOBS = LOGS / f"run.{RUN}"  # what is noted of it
BEFORE = "handed_over."  # begins the name of a file of a job that has no number yet
SCRIPTS = (
    "scripts"  # holds the folder of the jobs' scripts; Snakemake, ending by itself, deletes it
)
CANCELLED = "cancelled"
WATCHED = "watched"
PATIENCE = 60  # s, for jobs without a number
MANY = 100  # jobs that are dropped by one command


def said(*command: str) -> tuple[int, str]:
    """Exit status of a command and what it said on both streams."""
    done = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    )
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
    with suppress(OSError):
        os.setsid()  # whoever ends Snakemake and all that is with it does not end this half-way
    draft = f"{BEFORE}{os.getpid()}"
    note(draft)
    note(SCRIPTS, str(Path(script).absolute().parent))
    try:
        code, text = said(*submission(int(memory), int(minutes), int(threads), name, script))
        found = re.search(system().number, text, re.MULTILINE)
        if code or not found:
            sys.exit(f"the job was not taken: {text.strip()}")
        note(found[1])
    finally:
        strike(draft)
    print(found[1])


def status(job: str) -> None:
    """Print how a job is, perhaps one of the run before."""
    note(job)
    try:
        now = system().status(job)
    except OSError:  # what cannot be asked now may be asked later; an error would end the run
        now = RUNNING
    if now != RUNNING:
        strike(job)
    print(now)


def cancel(*jobs: str) -> None:
    """Have the jobs of a run dropped, these too, as soon as it has ended."""
    for name in (CANCELLED, *jobs):
        note(name)


def note(name: str, text: str = "") -> None:
    """Write a file of the run's, and see that somebody waits for its end."""
    with suppress(OSError):  # a full disk is no reason to lose a job
        JOBS.mkdir(parents=True, exist_ok=True)
        (JOBS / name).write_text(text)
        with suppress(FileExistsError):
            (JOBS / WATCHED).touch(exist_ok=False)
            with open(LOGS / "dropped.log", "a") as log:
                watch = [sys.executable, __file__, "watch"]
                # Of a session of its own, without the streams that Snakemake reads to their end.
                subprocess.Popen(
                    watch, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                )


def strike(name: str) -> None:
    with suppress(OSError):
        (JOBS / name).unlink()


def watch() -> None:
    """Wait until the run has ended, and drop what is left of it.

    Where Snakemake was killed jobs go on, and the next run waits for them.
    """
    while runs(int(RUN)):
        time.sleep(1)
    end = time.monotonic() + PATIENCE
    while [*JOBS.glob(f"{BEFORE}*")] and time.monotonic() < end:
        time.sleep(0.2)
    scripts = JOBS / SCRIPTS
    by_itself = scripts.exists() and not Path(scripts.read_text()).exists()
    if by_itself or (JOBS / CANCELLED).exists():
        names = {path.name for path in JOBS.iterdir()} - {SCRIPTS, CANCELLED, WATCHED}
        jobs = sorted(name for name in names if not name.startswith(BEFORE))
        for k in range(0, len(jobs), MANY):
            subprocess.run([system().cancel, *jobs[k : k + MANY]])
    shutil.rmtree(JOBS)


def runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:  # none, or by now somebody else's
        return False
    return True


if __name__ == "__main__":
    asked, *words = sys.argv[1:]
    {"submit": submit, "status": status, "cancel": cancel, "watch": watch}[asked](*words)
