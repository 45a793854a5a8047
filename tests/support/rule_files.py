"""The rules, as the rule files write them; without Snakemake, so in no time."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def rules() -> dict[str, tuple[str, str]]:
    """Rule → (its environment, its script), as the rule files write them."""
    found = {}
    for path in sorted((ROOT / "workflow/rules").glob("*.smk")):
        for part in re.split(r"(?m)^ *rule (?=\w+:)", path.read_text())[1:]:
            name = part.split(":")[0]
            environment = re.search(r'conda:\s*"\.\./\.\./envs/(\w+)\.yaml"', part)
            script = re.search(r'script:\s*"\.\./scripts/(\w+/\w+)\.py"', part)
            assert environment and script, f"{name} names no environment or no script"
            found[name] = (environment[1], script[1])
    return found


RULES = rules()
