"""A bad input: how a lab's files are spoilt, and what its refusal must say."""

from dataclasses import dataclass

from small_lab import Spoil


@dataclass(frozen=True)
class Bad:
    """A mistake: the file (or the config) that the message names, and words of its parts."""

    spoil: Spoil
    source: str
    found: str
    remedy: str
