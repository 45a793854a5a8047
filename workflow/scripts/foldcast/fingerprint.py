"""Which library code a script depends on, as one hash: an edited model retrains, a figure does not.

Snakemake goes by the time stamp of a rule's script, so a fresh checkout would rerun everything, and
does not see the modules that the script imports. So the profiles leave out its trigger `code`, and
the hash of the script and its modules goes into the rule's params.
"""

import ast
import hashlib
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
            digest.update(f"{name}\n{_code(module)}\n".encode())
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
    names: set[str] = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    found: set[Path] = set()
    for name in names:
        parts = name.split(".")
        if parts[0] != "foldcast":
            continue
        # Importing a.b.c runs a/__init__.py and a/b/__init__.py as well.
        for depth in range(1, len(parts) + 1):
            path = scripts.joinpath(*parts[:depth])
            found.update(p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file())
    return found


def _code(module: Path) -> str:
    tree = ast.parse(module.read_text())
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if (
            isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and body
            and isinstance(body[0], ast.Expr)
            and isinstance(body[0].value, ast.Constant)
            and isinstance(body[0].value.value, str)
        ):
            node.body = body[1:] or [ast.Pass()]
    return ast.unparse(tree)
