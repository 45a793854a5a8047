"""What jobs asked for and what they took, from the files of a run with `--benchmark-extended`."""

import ast
import re
from pathlib import Path

import pandas as pd

LARGE = 1000  # MB, above which asking for much more than is needed keeps others waiting
MOST = 4  # times of what was taken


def asked_and_used(results: Path) -> pd.DataFrame:
    """A row for every job that ran long enough to be looked at.

    Returns:
        rule, wildcards, seconds, cpu (seconds of it, by the job's log: Snakemake looks twice a
        minute), used and asked (MB); of jobs that were measured: what ends within a second may
        not be.
    """
    rows = []
    for path in sorted((results / "benchmarks").rglob("*.tsv")):
        for row in pd.read_csv(path, sep="\t", na_values=["-", "NA"]).to_dict("records"):
            asked = ast.literal_eval(row["resources"])["mem_mb"]
            log = results / "logs" / path.relative_to(results / "benchmarks").with_suffix(".log")
            rows.append(
                {
                    "rule": row["rule_name"],
                    "wildcards": " ".join(ast.literal_eval(row["wildcards"]).values()),
                    "seconds": row["s"],
                    "cpu": _cpu(log) or row["cpu_time"],
                    "used": row["max_rss"],
                    "asked": asked,
                }
            )
    return pd.DataFrame(rows).dropna(ignore_index=True)


def _cpu(log: Path) -> float:
    text = log.read_text() if log.exists() else ""
    said = re.findall(r"done in [\d.]+ s, ([\d.]+) s of CPU", text)
    return float(said[-1]) if said else 0.0


def wrongly_asked(jobs: pd.DataFrame) -> pd.DataFrame:
    """Jobs that took more than they asked for, or that are large and asked for far too much."""
    too_little = jobs["used"] > jobs["asked"]
    too_much = (jobs["used"] > LARGE) & (jobs["asked"] > MOST * jobs["used"])
    return jobs[too_little | too_much]
