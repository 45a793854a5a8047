"""Which library code a script depends on, as one hash: an edited model retrains, a figure does not.

Snakemake goes by the time stamp of a rule's script, so a fresh checkout would rerun everything, and
does not see the modules that the script imports. So the profiles leave out its trigger `code`, and
the hash of the script and its modules goes into the rule's params.
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[1]

# Modules about what is said, not about what is computed.
SAYING = ("foldcast/errors.py", "foldcast/job.py")


def fingerprint(script: str, scripts: Path = SCRIPTS) -> str:
    """Hash of ``scripts/<script>.py`` and every foldcast module that it imports, directly or not.

    Comments, docstrings, layout, messages and logging (`SAYING`) do not count: only code that can
    change a result does.
    """
    digest = hashlib.sha256()
    for module in [scripts / f"{script}.py", *library_of(script, scripts)]:
        name = module.relative_to(scripts).as_posix()
        if name not in SAYING:
            _, code = _read(module.read_text())
            digest.update(f"{name}\n{code}\n".encode())
    return digest.hexdigest()[:12]


def content_hash(pattern: str, scripts: Path = SCRIPTS) -> str:
    """Hash of what a script reads beside modules: files of the library, by a pattern."""
    digest = hashlib.sha256()
    for path in sorted(scripts.glob(pattern)):
        if path.suffix != ".py":
            digest.update(f"{path.relative_to(scripts).as_posix()}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def library_of(script: str, scripts: Path = SCRIPTS) -> list[Path]:
    """The foldcast modules that ``scripts/<script>.py`` imports, directly or not, sorted."""
    seen: set[Path] = set()
    queue = [scripts / f"{script}.py"]
    while queue:
        for module in _imports(queue.pop(), scripts) - seen:
            seen.add(module)
            queue.append(module)
    return sorted(seen)


def _imports(module: Path, scripts: Path) -> set[Path]:
    names, _ = _read(module.read_text())
    return {path for name in names for path in _files(name, scripts)}


@cache
def _files(name: str, scripts: Path) -> frozenset[Path]:
    """What runs where a name is imported: a.b.c runs a/__init__.py and a/b/__init__.py as well."""
    parts = name.split(".")
    found: set[Path] = set()
    for depth in range(1, len(parts) + 1):
        path = scripts.joinpath(*parts[:depth])
        found.update(p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file())
    return frozenset(found)


# By text, not by path: every rule asks for the same modules, and each is parsed once.
@cache
def _read(text: str) -> tuple[frozenset[str], str]:
    """The foldcast names that a module may import, and its code but for what it says."""
    names: set[str] = set()
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            _drop_docstring(node)
    return frozenset(name for name in names if name.split(".")[0] == "foldcast"), ast.unparse(tree)


def _drop_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> None:
    first = node.body[0] if node.body else None
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        node.body = node.body[1:] or [ast.Pass()]
