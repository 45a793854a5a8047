"""docs/rules.md from `snakemake --rulegraph`: rules by stage, as text that GitHub draws.

`make rulegraph` calls it. Figures are left out, as each reads what its name says, and so are arrows
that a longer way implies.
"""

import re
import sys
from pathlib import Path

RULES = Path(__file__).resolve().parents[1] / "workflow/rules"

PAGE = """# The rules

Made by `make rulegraph` from `snakemake --rulegraph`; do not edit. An arrow goes from a rule to one
that reads what it writes. Arrows that a longer way implies are left out, and so are the figures
(`plot_*`, one rule each) and the page (`report_page`).

```mermaid
{graph}
```

These are the rules of the demo. Rules that only other configs or targets need: {others}.
"""


def stages() -> dict[str, str]:
    """Every rule of the rule files → its stage, in the order of the files."""
    rule = re.compile(r"(?m)^ *(?:rule (\w+):|use rule \w+ as (\w+) with:)")
    files = sorted(RULES.glob("*.smk"))
    return {a or b: path.stem for path in files for a, b in rule.findall(path.read_text())}


def edges(dot: str) -> set[tuple[str, str]]:
    """(from, to) by name, out of Snakemake's graph in the dot language."""
    names = dict(re.findall(r'(\d+)\[label = "(\w+)"', dot))
    return {(names[a], names[b]) for a, b in re.findall(r"(\d+) -> (\d+)", dot)}


def reduced(arrows: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """The arrows that no longer way implies."""

    def reached(rules: set[str]) -> set[str]:
        found: set[str] = set()
        while rules:
            rules = {b for a, b in arrows if a in rules} - found
            found |= rules
        return found

    after = {rule: {b for a, b in arrows if a == rule} for rule, _ in arrows}
    return {(a, b) for a, b in arrows if b not in reached(after[a] - {b})}


def page(dot: str) -> str:
    stage_of = stages()
    drawn = {rule for rule, stage in stage_of.items() if stage not in ("report", "preflight")}
    arrows = reduced({arrow for arrow in edges(dot) if drawn.issuperset(arrow)})
    named = {rule for arrow in arrows for rule in arrow}
    lines = ["flowchart LR"]
    for stage in dict.fromkeys(stage_of[rule] for rule in stage_of if rule in named):
        rules = [rule for rule in stage_of if rule in named and stage_of[rule] == stage]
        lines += [f'  subgraph s_{stage}["{stage}"]', *(f"    {rule}" for rule in rules), "  end"]
    lines += [f"  {a} --> {b}" for a, b in sorted(arrows)]
    others = ", ".join(f"`{rule}`" for rule in sorted(drawn - named))
    return PAGE.format(graph="\n".join(lines), others=others)


if __name__ == "__main__":
    sys.stdout.write(page(sys.stdin.read()))
