"""What a user sees when something that they gave is not as it should be."""

from pathlib import Path


class InputError(Exception):
    """A mistake in what the user gave: said in one message, never as a traceback.

    Args:
        source: the file, URL or config that is at fault.
        found: what was found there.
        expected: what should have been there.
        remedy: what the user can do about it.
        place: line, column, key or row within the source.
    """

    def __init__(
        self,
        source: str | Path,
        *,
        found: str,
        expected: str,
        remedy: str,
        place: str | None = None,
    ) -> None:
        self.source, self.place = str(source), place
        self.found, self.expected, self.remedy = found, expected, remedy
        where = f"{source}, {place}" if place else f"{source}"
        super().__init__(
            f"{where}\n  found:    {found}\n  expected: {expected}\n  remedy:   {remedy}"
        )
