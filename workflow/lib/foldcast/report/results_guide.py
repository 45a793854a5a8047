"""Says where the results of a run are: `python results_guide.py results/<name>`."""

import sys
from pathlib import Path


def guide(results: Path) -> str:
    """The reports, the figures and the verdicts of a run, as lines for a terminal."""
    reports = sorted((results / "report").glob("*.html"))
    figures = sorted((results / "report/figures").glob("*.png"))
    verdicts = sorted(results.glob("evaluation/*/verdict.tsv"))
    lines = ["", f"foldcast: {results} is ready."]
    for title, paths in (("report", reports), ("figures", figures), ("verdicts", verdicts)):
        lines += [f"  {title:<9} {path}" for path in paths]
    for path in verdicts:
        rows = [line.split("\t") for line in path.read_text().splitlines()]
        lines += ["", *(f"  {row[rows[0].index('sentence')]}" for row in rows[1:])]
    return "\n".join(lines)


if __name__ == "__main__":
    print(guide(Path(sys.argv[1])))
