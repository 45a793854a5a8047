"""How LSF, SGE and PBS Pro are told of a job, asked about it and told to drop it.

For `submit`, `status` and `cancel` beside it, which Snakemake calls. Sites differ: a line that does
not suit yours is changed here.
"""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which

RUNNING, SUCCESS, FAILED = "running", "success", "failed"
LOGS = Path(".snakemake/cluster_logs")


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
    code, text = said(*submission(int(memory), int(minutes), int(threads), name, script))
    found = re.search(system().number, text, re.MULTILINE)
    if code or not found:
        sys.exit(f"the job was not taken: {text.strip()}")
    print(found[1])


if __name__ == "__main__":
    asked, *words = sys.argv[1:]
    if asked == "submit":
        submit(*words)
    elif asked == "status":
        print(system().status(*words))
    elif asked == "cancel":
        sys.exit(subprocess.run([system().cancel, *words]).returncode)
