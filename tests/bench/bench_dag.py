"""What Snakemake itself takes of large configs: a dry run, and a run that has nothing to do.

`make bench` prints CPU seconds beside those of the tiny demo's dry run, in the same run.
"""

import resource
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "tests/workflow"), str(ROOT / "tests/support")]

from project import Project  # noqa: E402

DATASETS, GRAPHS, CHROMOSOMES, MAPS = 20, 3, 24, 5


def seconds(project: Project, *args: str) -> float:
    """CPU seconds of a start of Snakemake."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    # A process of its own: tests share one that has Snakemake imported.
    command = project.command("--dry-run", "--quiet", "all", *args)
    subprocess.run(command, cwd=project.folder, env=project.environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def enlarge(project: Project) -> None:
    """20 datasets on 3 graphs each, and a run of 24 chromosomes with 5 maps."""
    names = [f"chr{k}" for k in range(1, CHROMOSOMES + 1)]
    maps = [f"map{k}" for k in range(MAPS)]
    project.configure("demo.chromosomes", dict.fromkeys(names, 1_000_000))
    project.configure("demo.genes", 10 * CHROMOSOMES)
    for name in maps:
        project.configure(f"maps.{name}", {"path": "resources/demo/hic.mcool", "format": "mcool"})
    graph = {"resolution": 10_000, "compartment_resolution": 50_000}
    graphs = [f"graph{k}" for k in range(GRAPHS)]
    for name, source in zip(graphs, maps, strict=False):
        project.configure(f"graphs.{name}", graph | {"maps": [source]})
    dataset = {
        "expression": {"path": "resources/demo/expression.tsv"},
        "samples": "sheets/mrna.tsv",
        "values": "log2",
        "graphs": graphs,
    }
    for k in range(DATASETS):
        project.configure(f"datasets.data{k}", dataset)
    run = {
        "expression": {"path": "resources/demo/tissues.tsv", "id": "ensembl", "values": "linear"},
        "chromosomes": names,
        "maps": maps,
        "resolution": 10_000,
        "hold_out": "each",
    }
    project.configure("beluga", {"weights": {"path": "resources/demo/beluga.pth"}})
    project.configure("spex", {"large": run})


def bench_large_configs(tmp_path: Path) -> None:
    project = Project.clone(tmp_path / "foldcast")
    seconds(project)  # modules are parsed once, and then kept
    small = seconds(project)
    enlarge(project)
    first = seconds(project)
    project.pretend()
    jobs = len(project.plan("--forceall"))
    nothing = seconds(project)
    size = f"{DATASETS} datasets × {GRAPHS} graphs + {CHROMOSOMES} chromosomes × {MAPS} maps"
    print(f"\nCPU seconds: the tiny demo {small:.1f}; {size}, {jobs} jobs: dry run {first:.1f}, "
          f"nothing to do {nothing:.1f}")  # fmt: skip
