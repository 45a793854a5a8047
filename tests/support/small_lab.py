"""A small lab's files and config, to be spoilt: as users give them, by path and with no demo."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cooler
import pandas as pd
import yaml

import in_one_process
from demo_files import BELUGA, GENOME, MAPS, TISSUES_TABLE

CONFIG = "config.yaml"
TABLE, SHEET, TISSUES = "data/expression.tsv", "data/samples.tsv", "data/tissues.tsv"
GTF, FASTA, SIZES, MAP = (
    "data/annotation.gtf",
    "data/genome.fa",
    "data/chrom.sizes",
    "data/hic.mcool",
)
SETS, WEIGHTS = "data/sets.gmt", "data/beluga.pth"
RESOLUTIONS = (10_000, 50_000)
CHROMOSOMES = ("chr1", "chr2", "chr3")

SIMULATED = {
    "name": "lab",
    "demo": {
        "samples": SHEET,
        "chromosomes": dict.fromkeys(CHROMOSOMES, 500_000),
        "genes": 30,
        "sequence_genes": 90,
        "contacts": 100_000,
        "resolutions": [*RESOLUTIONS],
    },
    "genome": GENOME,
    "maps": MAPS,
    "beluga": BELUGA,
    "spex": {
        "tiny": {
            "expression": TISSUES_TABLE,
            "chromosomes": [*CHROMOSOMES],
            "maps": ["folded"],
            "resolution": 10_000,
            "contacts": {"max_distance": 300_000, "strongest": 10},
            "control_contacts": {"kinds": []},
            "models": ["linear"],
            "hold_out": "each",
            "locus_block": 100_000,
        }
    },
}
MADE = ("expression.tsv", "hic.mcool", "tissues.tsv", "beluga.pth", "sets.gmt")
TIMES = {
    "graphs": {
        "folded": {
            "maps": ["folded"],
            "resolution": 10_000,
            "compartment_resolution": 50_000,
            "max_distance": 1_000_000,
            "embedding": {
                "dimensions": 4,
                "walk_length": 10,
                "walks_per_node": 5,
                "walks_per_update": 2,
                "epochs": 1,
            },
        }
    },
    "datasets": {
        "mrna": {
            "expression": {"path": TABLE},
            "samples": SHEET,
            "values": "log2",
            "graphs": ["folded"],
        }
    },
    # 12 times: origins 5 … 10 in the blocks 005-007 and 008-010.
    "step": {"stepmr": {"window": 2, "channels": [4, 4], "projection": 4, "epochs": 2}},
    "evaluation": {"first_origin": 0.5, "refit_every": 3},
}


def sample_sheet() -> str:
    """12 times of 2 replicates each, by their positions in the table."""
    samples = [(time, replicate) for time in range(0, 24, 2) for replicate in (1, 2)]
    rows = [f"t{t:02d}_r{r}\t{column}\t{t}\t{r}\n" for column, (t, r) in enumerate(samples, 2)]
    return "sample\tcolumn\ttime\treplicate\n" + "".join(rows)


class Lab:
    """A folder with `data/` and a config, which is written when it is used."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config: dict[str, Any] = {}

    def path(self, name: str) -> Path:
        target = self.folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        return target

    def read(self, name: str) -> str:
        return self.path(name).read_text()

    def write(self, name: str, content: str | bytes) -> None:
        raw = content.encode() if isinstance(content, str) else content
        self.path(name).write_bytes(raw)

    def rows(self, name: str = TABLE) -> list[list[str]]:
        return [line.split("\t") for line in self.read(name).splitlines()]

    def put(self, rows: list[list[str]], name: str = TABLE, sep: str = "\t") -> None:
        self.write(name, "".join(sep.join(row) + "\n" for row in rows))

    def set(self, key: str, value: Any) -> None:
        """Set a dotted key of the config; None deletes it."""
        part = self.config
        *sections, last = key.split(".")
        for section in sections:
            part = part.setdefault(section, {})
        part[last] = value
        if value is None:
            del part[last]

    def counts(self) -> list[list[str]]:
        """The table as whole counts, said to be such; it is not written."""
        self.set("datasets.mrna.values", "counts")
        header, *rows = self.rows()
        return [header, *([row[0], *(str(round(2 ** float(x))) for x in row[1:])] for row in rows)]

    def sequence(self, **changes: Any) -> dict:
        """Bring the sequence half alone; the settings of its run."""
        for key in ("datasets", "graphs", "step", "evaluation"):
            self.config.pop(key, None)
        self.config["beluga"] = {"weights": {"path": WEIGHTS}}
        self.set("genome.fasta", {"path": FASTA})
        run = yaml.safe_load(yaml.safe_dump(SIMULATED["spex"]["tiny"]))
        run["expression"]["path"] = TISSUES
        self.config["spex"] = {"tiny": run | changes}
        return self.config["spex"]["tiny"]

    def cooler(
        self, resolution: int = 10_000, name: str = MAP
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Bins and pixels of a map."""
        clr = cooler.Cooler(f"{self.path(name)}::/resolutions/{resolution}")
        return clr.bins()[["chrom", "start", "end"]][:], clr.pixels()[:]

    def save(self) -> None:
        self.write(CONFIG, yaml.safe_dump(self.config, sort_keys=False, allow_unicode=True))

    def preflight(self) -> str:
        """As `in_one_process.preflight`."""
        self.save()
        shutil.rmtree(self.folder / "results", ignore_errors=True)
        return in_one_process.preflight(self.folder, CONFIG)


def make(folder: Path) -> None:
    """Simulate the files, by the demo's rules."""
    lab = Lab(folder)
    lab.write(SHEET, sample_sheet())
    lab.config = SIMULATED
    lab.save()
    targets = [f"resources/demo/{name}" for name in MADE]
    for job in in_one_process.plan(folder, CONFIG, *targets):
        in_one_process.call(job, folder)
    for file in (folder / "resources/demo").iterdir():
        if file.is_file():
            file.rename(lab.path(f"data/{file.name}"))
    for left in ("resources", "results", ".snakemake"):
        shutil.rmtree(folder / left, ignore_errors=True)


def copy_of(made: Path, folder: Path) -> Lab:
    """A copy to be spoilt, with the config of a time course on a map."""
    shutil.copytree(made, folder)
    lab = Lab(folder)
    text = yaml.safe_dump({key: SIMULATED[key] for key in ("name", "genome", "maps")} | TIMES)
    lab.config = yaml.safe_load(text.replace("resources/demo/", "data/"))
    lab.config["genome"].pop("fasta")  # compartments by gene density, so that less is read
    return lab


Spoil = Callable[[Lab], None]
