#!/usr/bin/env python
"""A first config for a lab's own files: `make init`, or `python config/init.py FILE…`.

Looks at what the files are, guesses what a config has to say of them, writes NAME.yaml and
NAME_samples.tsv in the folder where it is started, and says what it guessed and what it could not.
Nothing is overwritten.
"""

import argparse
import logging
import os
import re
import shlex
import sys
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(CHECKOUT / "workflow/lib"))

try:
    from foldcast.errors import InputError
    from foldcast.preflight.brought_files import files_of
    from foldcast.preflight.config_sections import Said
    from foldcast.preflight.first_config import draft_config
    from foldcast.preflight.unforeseen import every_mistake
except ModuleNotFoundError as error:
    sys.exit(
        f"foldcast's packages are not here ({error.name} is missing).\n  remedy: "
        f"{CHECKOUT}/.venv/bin/python {' '.join(sys.argv)} (`make venv` sets .venv up)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, prog="init")
    parser.add_argument("files", nargs="+", help="files, or folders with them")
    parser.add_argument("--name", default="mine", help="of the run and of the files to write")
    given = parser.parse_args()
    if not re.fullmatch("[A-Za-z0-9][A-Za-z0-9_-]*", given.name):
        parser.error(f"the name {given.name!r} may hold letters, digits, - and _ only")
    say_warnings(Path(f"{given.name}_init.log"))
    try:
        refuse_written([f"{given.name}.yaml"], given.name)
        with every_mistake() as attempt:
            draft = draft_config(attempt, files_of(given.files), given.name)
        refuse_written(draft.files, given.name)
    except InputError as error:
        sys.exit(f"Error: {error}")
    for path, text in draft.files.items():
        with open(path, "x") as file:
            file.write(text)
    print(report(draft, given.name))


def say_warnings(log: Path) -> None:
    """Warnings to the terminal; what nobody foresaw to a log file, made when it is needed."""
    terminal, details = logging.StreamHandler(), logging.FileHandler(log, delay=True)
    terminal.setFormatter(logging.Formatter("warning: %(message)s"))
    terminal.setLevel(logging.WARNING)
    details.setLevel(logging.CRITICAL + 1)  # of itself nothing goes there
    logging.basicConfig(handlers=[terminal, details], force=True)


def refuse_written(paths, name: str) -> None:
    """Leave alone what is there.

    Raises:
        InputError: with another name.
    """
    there = [path for path in paths if Path(path).exists()]
    if there:
        raise InputError(
            ", ".join(there),
            found="files that are there already",
            expected="nothing by these names: no file is overwritten",
            remedy=f"move them away, or choose another name: make init NAME={name}2",
        )


def report(draft: Said, name: str) -> str:
    """What was written, found, guessed and not told; at the end the next command."""
    lines = [f"{' and '.join(draft.files)} {'are' if len(draft.files) > 1 else 'is'} written."]
    for title, said in (
        ("found", draft.found),
        ("guessed", draft.guessed),
        ("could not tell", draft.doubts),
    ):
        if said:
            lines += [f"{title}:", *(f"  {line}" for line in said)]
    return "\n".join([*lines, "Look at what was guessed, then type:", f"  {next_command(name)}"])


def next_command(name: str) -> str:
    """Preflight of the new config, as it can be typed here."""
    snakemake = "snakemake"
    here = Path(sys.prefix, "bin", snakemake)
    if not {"VIRTUAL_ENV", "CONDA_PREFIX"} & os.environ.keys() and here.exists():
        snakemake = os.path.relpath(here) if here.is_relative_to(Path.cwd()) else str(here)
    command = [snakemake]
    if Path.cwd() != CHECKOUT:
        command += ["-s", str(CHECKOUT / "workflow/Snakefile")]
        command += ["--profile", str(CHECKOUT / "profiles/default")]
    command += ["--cores", "all", "--configfile", f"{name}.yaml", "--", "preflight"]
    return shlex.join(command)


if __name__ == "__main__":
    main()
