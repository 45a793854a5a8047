"""Texts that others may read: without the user names, passwords and query strings of URLs."""

import re
from typing import Any

# Up to the last @ before the path; where there is none, and no port behind a colon, to the last at
# all: of a password with a slash in it.
USER = re.compile(
    r"([a-z][a-z0-9+.-]*://)"
    r"(?:[^\s/?#'\"<>]*@|[^\s/?#@'\"<>]*:(?!\d*(?:[/?#\s'\"<>),]|$))[^\s'\"<>]*@)",
    re.IGNORECASE,
)
# Of a whole URL, or of what stands behind its host: `url: /path?token=…`.
QUERY = re.compile(
    r"((?:[a-z][a-z0-9+.-]*://|(?<![^\s'\"(=:])/)[^\s?'\"<>]*)\?[^\s'\"<>]+", re.IGNORECASE
)


def public(text: str) -> str:
    """A text whose URLs keep scheme, host and path.

    ``https://me:secret@host/a?key=1`` becomes ``https://host/a?…``.
    """
    if "://" not in text and "?" not in text:
        return text
    return QUERY.sub(r"\1?…", USER.sub(r"\1", text))


def public_part(part: Any) -> Any:
    """A config, or a part of it, with `public` for every text in it."""
    if isinstance(part, dict):
        return {key: public_part(value) for key, value in part.items()}
    if isinstance(part, list):
        return [public_part(value) for value in part]
    return public(part) if isinstance(part, str) else part
