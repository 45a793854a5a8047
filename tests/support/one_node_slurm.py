"""Slurm on this machine alone: one node, without accounting, on ports and in folders of its own.

For root on Debian: `make slurm` installs the packages. Every daemon runs as root, so nothing of the
machine is changed; what is written lies in one folder.
"""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from shutil import which

import psutil

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "squeue", "scancel", "scontrol")
DAEMONS = "/usr/sbin:/usr/local/sbin"
STARTED = 60  # s until the node takes jobs
# It says that it has as many CPUs and as much memory as a node of a cluster (`config_overrides`):
# what jobs ask for is counted, and what they use is measured.
CONFIG = """\
ClusterName=foldcast
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket
CredType=cred/munge
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/linux
JobAcctGatherFrequency=task=2
JobAcctGatherParams=OverMemoryKill
AccountingStorageType=accounting_storage/none
JobCompType=jobcomp/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerParameters=batch_sched_delay=1,sched_interval=5,sched_min_interval=200000
ReturnToService=2
SlurmdParameters=config_overrides
MinJobAge=300
KillWait=5
GresTypes=gpu
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
NodeName={host} NodeAddr=127.0.0.1 CPUs=16 RealMemory=128000 Gres=gpu:1 State=UNKNOWN
PartitionName=main Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


def missing() -> str:
    """Why it cannot be started here; empty where it can."""
    if os.geteuid():
        return "Slurm's daemons need root"
    path = f"{os.environ['PATH']}:{DAEMONS}"
    lacking = [program for program in PROGRAMS if not which(program, path=path)]
    return f"not installed: {', '.join(lacking)}" if lacking else ""


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports


class Slurm:
    """A running one: `variables` let Slurm's commands find it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        path = f"{folder / 'bin'}:{os.environ['PATH']}"
        self.variables = {"SLURM_CONF": str(folder / "slurm.conf"), "PATH": path}

    def ask(self, *command: str) -> str:
        """What a command of Slurm's says."""
        done = subprocess.run(
            command, env=os.environ | self.variables, capture_output=True, text=True, check=True
        )
        return done.stdout

    def jobs(self, shown: str = "%i %T") -> list[str]:
        """A line for every job that Slurm remembers, in the format of `squeue`."""
        return self.ask("squeue", "--states=all", "--noheader", f"--format={shown}").splitlines()

    def takes_jobs(self) -> bool:
        with suppress(subprocess.CalledProcessError):
            return self.ask("sinfo", "--noheader", "--format=%t").strip() in ("idle", "mix")
        return False


@contextmanager
def one_node_slurm(folder: Path) -> Iterator[Slurm]:
    """Start it, and end everything that it started.

    Args:
        folder: an empty one, for its configuration, state and logs.
    """
    slurm = Slurm(folder)
    controller_port, node_port = free_ports(2)
    config = CONFIG.format(
        folder=folder,
        host=socket.gethostname().partition(".")[0],
        controller_port=controller_port,
        node_port=node_port,
    )
    (folder / "slurm.conf").write_text(config)
    # A device that is there in place of a GPU: Slurm hands it out, and nobody opens it.
    (folder / "gres.conf").write_text("AutoDetect=off\nName=gpu File=/dev/null\n")
    for name in ("state", "spool", "munge", "bin"):
        (folder / name).mkdir()
    # Within a job, Snakemake starts srun without SLURM_CONF.
    srun = folder / "bin/srun"
    srun.write_text(f'#!/bin/sh\nSLURM_CONF={folder}/slurm.conf exec {which("srun")} "$@"\n')
    srun.chmod(0o755)
    (folder / "munge/key").write_bytes(os.urandom(1024))
    (folder / "munge/key").chmod(0o400)
    munge = {name: f"{folder}/munge/{name}" for name in ("socket", "key", "pid", "log", "seed")}
    environment = os.environ | slurm.variables
    environment["PATH"] += f":{DAEMONS}"
    commands = (
        # By force, as pytest's folders are for root alone, which munge does not like.
        ["munged", "--foreground", "--force", f"--socket={munge['socket']}",
         f"--key-file={munge['key']}", f"--pid-file={munge['pid']}",
         f"--log-file={munge['log']}", f"--seed-file={munge['seed']}"],
        ["slurmctld", "-D", "-i"],
        ["slurmd", "-D"],
    )  # fmt: skip
    daemons: list[subprocess.Popen] = []
    try:
        for command in commands:
            with open(folder / f"{command[0]}.said", "w") as said:
                daemons.append(
                    subprocess.Popen(
                        command,
                        env=environment,
                        stdout=said,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,  # a Ctrl-C is for pytest
                    )
                )
            time.sleep(1)
        until = time.monotonic() + STARTED
        while not slurm.takes_jobs():
            if time.monotonic() > until:
                said = [path.read_text()[-2000:] for path in sorted(folder.glob("*.said"))]
                raise RuntimeError("\n".join(["Slurm did not start:", *said]))
            time.sleep(0.5)
        yield slurm
        slurm.ask("scancel", "--user=root", "--signal=KILL", "--full")
    finally:
        for daemon in reversed(daemons):
            below = psutil.Process(daemon.pid).children(recursive=True)
            daemon.terminate()
            with suppress(subprocess.TimeoutExpired):
                daemon.wait(10)
            for process in below:
                with suppress(psutil.NoSuchProcess):
                    process.kill()
            daemon.kill()
            daemon.wait()
