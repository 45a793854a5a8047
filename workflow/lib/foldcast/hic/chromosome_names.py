"""Names of chromosomes: a file's own and the genome's."""

from collections.abc import Container

MITOCHONDRIAL = ("M", "MT")


def genome_name(name: str, genome: Container[str]) -> str | None:
    """The genome's name of a nuclear chromosome, with or without ``chr``; None if it has none."""
    bare = name.removeprefix("chr")
    if bare in MITOCHONDRIAL:
        return None
    return next((other for other in (name, f"chr{name}", bare) if other in genome), None)


def some(names: list[str], most: int = 8) -> str:
    """The first names of a list, and how many more there are."""
    rest = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + rest
