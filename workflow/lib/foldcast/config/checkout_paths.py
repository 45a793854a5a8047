"""Paths of a config: from the working directory, and for foldcast's own files from its checkout."""

from pathlib import Path
from typing import Any


def beside_or_ours(path: str, checkout: Path) -> str:
    """A path below ``config/`` that is not in the working directory but in the checkout, as that.

    So the demo and the examples, which name their sheets there, run from any folder. Nothing else
    is looked for in two places: what is below ``resources/`` and ``results/`` belongs to a run.
    """
    ours = checkout / path
    if path.startswith("config/") and not Path(path).exists() and ours.is_file():
        return str(ours)
    return path


def paths_of(part: Any, checkout: Path) -> Any:
    """A config, or a part of it, with `beside_or_ours` for every text in it."""
    if isinstance(part, dict):
        return {key: paths_of(value, checkout) for key, value in part.items()}
    if isinstance(part, list):
        return [paths_of(value, checkout) for value in part]
    return beside_or_ours(part, checkout) if isinstance(part, str) else part
