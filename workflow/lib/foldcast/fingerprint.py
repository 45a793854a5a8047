"""Which library code a script depends on, as one hash: an edited model retrains, a figure does not.

Snakemake goes by the time stamp of a rule's script, so a fresh checkout would rerun everything, and
does not see the modules that the script imports. So the profiles leave out its trigger `code`, and
the hash of the script and its modules goes into the rule's params.
"""

import ast
import atexit
import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from foldcast.files import atomic

WORKFLOW = Path(__file__).resolve().parents[2]  # the folder that holds scripts/ and lib/

# Modules about what is said, not about what is computed.
SAYING = tuple(
    f"lib/foldcast/{module}.py"
    for module in ("broken_files", "errors", "failures", "job", "public_text")
)


def fingerprint(script: str, workflow: Path = WORKFLOW) -> str:
    """Hash of ``scripts/<script>.py`` and every foldcast module that it imports, directly or not.

    Comments, docstrings, layout, messages and logging (`SAYING`) and ``__version__`` do not count:
    only code that can change a result does.
    """
    digest = hashlib.sha256()
    for module in [script_path(script, workflow), *library_of(script, workflow)]:
        name = module.relative_to(workflow).as_posix()
        if name not in SAYING:
            _, code = _read(module)
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
    names, _ = _read(module)
    return {path for name in names for path in _files(name, lib)}


@cache
def _files(name: str, lib: Path) -> frozenset[Path]:
    """What runs where a name is imported: a.b.c runs a/__init__.py and a/b/__init__.py as well."""
    around, _, _ = name.rpartition(".")
    path = lib.joinpath(*name.split("."))
    found = {p for p in (path.with_suffix(".py"), path / "__init__.py") if p.is_file()}
    return _files(around, lib) | found if around else frozenset(found)


# By text, not by path: every rule asks for the same modules, and each is parsed once. The text of
# this module is in the key, since what was found depends on it too.
_parsed: dict[str, list[str]] = {}
_THIS = hashlib.sha256(Path(__file__).read_bytes())


def keep_parsed(path: Path) -> None:
    """Keep in a file what parsing finds, by the modules' content: the next start saves a second.

    A file that is broken or cannot be written does no harm, nor do several starts at one time:
    what is not in it is parsed again.
    """
    path = path.absolute()  # Snakemake goes back to where it was started before this is written
    with suppress(OSError, ValueError, TypeError):
        _parsed.update(json.loads(path.read_text()))
    atexit.register(_write_parsed, path, len(_parsed))


def _write_parsed(path: Path, known: int) -> None:
    if len(_parsed) > known:
        with suppress(OSError), atomic(path) as temporary:
            temporary.write_text(json.dumps(_parsed))


def _read(module: Path) -> tuple[list[str], str]:
    """The foldcast names that a module may import, and a hash of its code but for what it says."""
    text = module.read_bytes()
    digest = _THIS.copy()
    digest.update(text)
    key = digest.hexdigest()
    if key not in _parsed:
        _parsed[key] = _parse(text)
    *names, code = _parsed[key]
    return names, code


def _parse(text: bytes) -> list[str]:
    names: set[str] = set()
    tree = ast.parse(text)
    tree.body = [node for node in tree.body if not _is_version(node)]
    _drop_docstring(tree)
    for node in _statements(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.ClassDef | ast.FunctionDef):
            _drop_docstring(node)
    ours = sorted(name for name in names if name.split(".")[0] == "foldcast")
    return [*ours, hashlib.sha256(ast.unparse(tree).encode()).hexdigest()]


def _statements(node: ast.AST) -> Iterator[ast.AST]:
    """Every statement below: imports and docstrings are nowhere else, and to walk all is slow."""
    for field in ("body", "orelse", "handlers", "finalbody", "cases"):
        for child in getattr(node, field, ()):
            yield child
            yield from _statements(child)


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
