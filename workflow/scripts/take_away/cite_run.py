"""The works that a run stands on, in words and as BibTeX."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

import foldcast.take_away
from foldcast.files import atomic
from foldcast.job import run

REFERENCES = Path(foldcast.take_away.__file__).with_name("references.toml")
KINDS = {"software": "misc", "dataset": "misc"}  # of BibTeX, where they are called otherwise
UNSEEN = {"of", "kind", "what"}
INTRODUCTION = """# How to cite this run

Cite foldcast and the works below that this run made use of; `references.bib` has them as BibTeX.
Publish `config.yaml` with it: it holds every choice, with what stands where nothing was chosen.

"""


def main(snakemake) -> None:
    with REFERENCES.open("rb") as handle:
        known = tomllib.load(handle)
    used = {key: one for key, one in known.items() if one["of"] in snakemake.params.parts}
    with atomic(snakemake.output.bibtex) as path:
        path.write_text("\n".join(bibtex(key, one) for key, one in used.items()), encoding="utf-8")
    with atomic(snakemake.output.words) as path:
        lines = [f"- {in_words(one)}" for one in used.values()]
        path.write_text(INTRODUCTION + "\n".join(lines) + "\n", encoding="utf-8")


def bibtex(key: str, one: Mapping[str, str]) -> str:
    """An entry; braces keep the capitals of a title."""
    fields = {name: value for name, value in one.items() if name not in UNSEEN}
    fields["title"] = f"{{{fields['title']}}}"
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@{KINDS.get(one['kind'], one['kind'])}{{{key},\n{body}}}\n"


def in_words(one: Mapping[str, str]) -> str:
    """Authors, title, where and when; then what it was used for."""
    authors = [name.strip("{}") for name in one["author"].split(" and ")]
    first = authors[0].partition(",")[0]
    who = first if len(authors) == 1 else f"{first} and others"
    if len(authors) == 2:
        who = f"{first} and {authors[1].partition(',')[0]}"
    where = [one.get("journal") or one.get("booktitle"), one.get("year")]
    found = [f"https://doi.org/{one['doi']}"] if "doi" in one else [one.get("url")]
    said = ", ".join(part for part in [*where, *found] if part)
    return f"{who}: {one['title']}{f' ({said})' if said else ''}: {one['what']}."


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
