"""Verdicts as the page says them: each with its sign and its sentence, the weightiest first."""

import re
from typing import Any

import numpy as np

from foldcast.forecast.forecast_names import STACK_WITH
from foldcast.report.page.page_tables import Tables
from foldcast.report.page.wording import NAMES, SIGNS, named

# What every sentence of a table ends with: said once, by the table of scores.
SHARED_END = re.compile(r" Best baseline, as seen afterwards: .*$")
# Parts of a network and controls of a map stand beside what is asked about: that they do worse is
# good for it, so that such a verdict is said the other way round.
BESIDE = re.compile(
    r"_(without_base|network|linear_path)$|^(promoter|random)$|\+(shuffled|degree|expected|random)"
)
TURNED = {"worse": "better", "better": "worse"}


def verdicts(tables: Tables, name: str) -> list[dict]:
    """Each verdict: its sign, what it is of and its word, and its sentence as the table has it;
    what is decided first, and of it what is surest. None where there is no such table."""
    if name not in tables:
        return []
    table = tables.read(name)
    keys = [key for key in ("comparison", "model") if key in table]
    found = []
    for row in table.to_dict("records"):
        decided = isinstance(row["verdict"], str)
        of, verdict = in_words(row["comparison"], row.get("model")), row["verdict"]
        if decided and verdict in TURNED and is_beside(row["comparison"]):
            of, verdict = in_words(row["comparison"], row.get("model"), True), TURNED[verdict]
        found.append(
            {
                "sign": SIGNS.get(verdict, "•") if decided else "•",
                "verdict": verdict if decided else "note",
                "of": of,
                "weight": weight(row),
                "is_beside": is_beside(row["comparison"]),
                "sentence": tables.sentence(
                    name,
                    SHARED_END.sub("", row["sentence"]),
                    **{key: row[key] for key in keys},
                ),
            }
        )
    return sorted(found, key=lambda one: one["weight"])


def weight(row: dict[str, Any]) -> tuple[int, float]:
    """Decided verdicts, then what cannot be, then notes; in each the surest first: by how many
    half-widths of its interval a difference is away from none."""
    verdict = row["verdict"]
    if not isinstance(verdict, str):
        return 2, 0.0
    value, low, high = (row.get(key, np.nan) for key in ("difference", "low", "high"))
    sure = 2 * abs(value) / (high - low) if high > low else 0.0
    return int(verdict not in ("better", "worse")), -float(np.nan_to_num(sure))


def is_beside(comparison: str) -> bool:
    """Whether the first of two is a part or a control, which stands beside what is asked about."""
    return bool(BESIDE.search(comparison.partition(" - ")[0].partition(" on ")[0]))


def in_words(comparison: str, model: str | None = None, turned: bool = False) -> str:
    """What is held against what, with the names that models have on the page.

    Args:
        comparison: as its table has it.
        model: of a sequence model, which one it is.
        turned: the second first.
    """
    own, _, other = comparison.partition(" - ")
    first, between, graph = own.partition(" on ") if " on " in own else own.partition(": ")
    if _is_ours(first) and between:
        own = named(first, graph)
    elif other and _is_ours(own):
        own = named(own)
    sides = (named(other), own) if turned else (own, named(other))
    said = " against ".join(sides) if other else own
    return f"{said}, {named(model)}" if isinstance(model, str) else said


def _is_ours(model: str) -> bool:
    """Whether a model has a name in words: not a forecaster of the user's by itself."""
    return model in NAMES or model.startswith(STACK_WITH)
