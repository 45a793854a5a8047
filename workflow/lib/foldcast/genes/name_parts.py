"""The texts within a free-text gene name."""

import re


def parts(name: str) -> tuple[list[str], list[str]]:
    """The texts outside and inside brackets; a gap of two spaces divides as brackets do."""
    inside = [text.strip() for text in re.findall(r"[(\[]([^()\[\]]*)[)\]]", name)]
    outside = re.split(r"\s{2,}", re.sub(r"[(\[][^()\[\]]*[)\]]", "  ", name).strip())
    return [t for t in outside if t], [t for t in inside if t]
