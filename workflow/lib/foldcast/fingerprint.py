"""Which library code a script depends on, as one hash: an edited model retrains, a figure does not.

Snakemake goes by the time stamp of a rule's script, so a fresh checkout would rerun everything, and
does not see the modules that the script imports. So the profiles leave out its trigger `code`, and
the hash of the script and its modules goes into the rule's params.
"""

import ast
import hashlib
from functools import cache
from pathlib import Path

WORKFLOW = Path(__file__).resolve().parents[2]  # the folder that holds scripts/ and lib/

# Modules about what is said, not about what is computed.
SAYING = ("lib/foldcast/errors.py", "lib/foldcast/job.py")


def fingerprint(script: str, workflow: Path = WORKFLOW) -> str:
    """Hash of ``scripts/<script>.py`` and every foldcast module that it imports, directly or not.

    Comments, docstrings, layout, messages and logging (`SAYING`) and ``__version__`` do not count:
    only code that can change a result does.
    """
    digest = hashlib.sha256()
    for module in [script_path(script, workflow), *library_of(script, workflow)]:
        name = module.relative_to(workflow).as_posix()
        if name not in SAYING:
            _, code = _read(module.read_text())
            digest.update(f"{name}\n{code}\n".encode())
    return digest.hexdigest()[:12]


def content_hash(pattern: str, workflow: Path = WORKFLOW) -> str:
    """Hash of what a script reads beside modules: files of the library, by a pattern."""
    digest = hashlib.sha256()
    for path in sorted(workflow.joinpath("lib").glob(pattern)):
        if path.suffix != ".py":
            name = path.relative_to(workflow).as_posix()
            digest.update(f"{name}\n".encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def script_path(script: str, workflow: Path = WORKFLOW) -> Path:
    """Where the script ``<stage>/<rule>`` is."""
    return workflow / "scripts" / f"{script}.py"


def library_of(script: str, workflow: Path = WORKFLOW) -> list[Path]:
    """The foldcast modules that ``scripts/<script>.py`` imports, directly or not, sorted."""
    seen: set[Path] = set()
    queue = [script_path(script, workflow)]
    while queue:
        for module in _imports(queue.pop(), workflow / "lib") - seen:
            seen.add(module)
            queue.append(module)
    return sorted(seen)


def _imports(module: Path, lib: Path) -> set[Path]:
    names, _ = _read(module.read_text())
    return {path for name in names for path in _files(name, lib)}


@cache
def _files(name: str, lib: Path) -> frozenset[Path]:
    """What runs where a name is imported: a.b.c runs a/__init__.py and a/b/__init__.py as well."""
    parts = name.split(".")
    found: set[Path] = set()
    for depth in range(1, len(parts) + 1):
        path = lib.joinpath(*parts[:depth])
        found.update(p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file())
    return frozenset(found)


# By text, not by path: every rule asks for the same modules, and each is parsed once.
@cache
def _read(text: str) -> tuple[frozenset[str], str]:
    """The foldcast names that a module may import, and its code but for what it says."""
    names: set[str] = set()
    tree = ast.parse(text)
    tree.body = [node for node in tree.body if not _is_version(node)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            _drop_docstring(node)
    return frozenset(name for name in names if name.split(".")[0] == "foldcast"), ast.unparse(tree)


def _is_version(node: ast.stmt) -> bool:
    targets = node.targets if isinstance(node, ast.Assign) else []
    return any(isinstance(one, ast.Name) and one.id == "__version__" for one in targets)


def _drop_docstring(node: ast.Module | ast.ClassDef | ast.FunctionDef) -> None:
    first = node.body[0] if node.body else None
    if (
        isinstance(first, ast.Expr)
        and isinstance(first.value, ast.Constant)
        and isinstance(first.value.value, str)
    ):
        node.body = node.body[1:] or [ast.Pass()]
