"""What mygene.info answers with; apart from the client, which not every environment has."""

from typing import Any

Answers = dict[str, list[dict[str, Any]]]


def listed(value: Any) -> list[Any]:
    """mygene.info gives a single value as it is and several as a list."""
    return value if isinstance(value, list) else [] if value is None else [value]
