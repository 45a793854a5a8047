"""Which edits of the library change a script's fingerprint."""

import ast
import json
import shutil

import pytest

from foldcast import fingerprint as fingerprints
from foldcast.fingerprint import SAYING, WORKFLOW, fingerprint, keep_parsed, library_of

FIT, PLOT = "scripts/step/fit.py", "scripts/report/plot.py"
LIBRARY = {
    FIT: "from foldcast.models.network import f\n\n\ndef main():\n    import foldcast.late\n",
    PLOT: "from foldcast import job, style\n",
    "lib/foldcast/__init__.py": "",
    **dict.fromkeys(SAYING, "MESSAGE = 1\n"),
    "lib/foldcast/job.py": "from foldcast import broken_files, errors, failures, public_text\n",
    "lib/foldcast/late.py": "LATE = 1\n",
    "lib/foldcast/style.py": "import numpy\n\nSTYLE = 1\n",
    "lib/foldcast/models/__init__.py": "",
    "lib/foldcast/models/layers.py": 'def layer():\n    """A layer."""\n    return 1  # one\n',
    "lib/foldcast/models/network.py": "from foldcast.models import layers\n\ndef f():\n    pass\n",
}


@pytest.fixture
def workflow(tmp_path):
    for name, text in LIBRARY.items():
        path = tmp_path / "workflow" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "workflow"


@pytest.fixture
def edited(workflow):
    """The scripts whose fingerprints an edit changes."""

    def edit(name, text=None):
        before = {script: fingerprint(script, workflow) for script in ("step/fit", "report/plot")}
        path = workflow / name
        path.write_text(path.read_text() + "\nEDITED = 1\n" if text is None else text)
        return {script for script in before if fingerprint(script, workflow) != before[script]}

    return edit


def test_the_library_behind_a_script_is_followed_to_its_end(workflow):
    found = [path.relative_to(workflow).as_posix() for path in library_of("step/fit", workflow)]
    assert found == [
        "lib/foldcast/__init__.py",
        "lib/foldcast/late.py",
        "lib/foldcast/models/__init__.py",
        "lib/foldcast/models/layers.py",
        "lib/foldcast/models/network.py",
    ]


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("lib/foldcast/models/network.py", {"step/fit"}),
        ("lib/foldcast/models/layers.py", {"step/fit"}),  # imported by an imported module
        (
            "lib/foldcast/models/__init__.py",
            {"step/fit"},
        ),  # runs when a module beside it is imported
        ("lib/foldcast/late.py", {"step/fit"}),  # imported within a function
        ("lib/foldcast/style.py", {"report/plot"}),
        ("lib/foldcast/__init__.py", {"step/fit", "report/plot"}),
    ],
)
def test_an_edit_counts_for_the_scripts_that_import_the_module(edited, module, expected):
    assert edited(module) == expected


@pytest.mark.parametrize(
    "text",
    [
        'def layer():\n    """Another docstring."""\n    return 1\n',
        "# a comment\n\n\ndef layer():\n    return 1\n",
        '"""A docstring."""\n\ndef layer(): return (1)\n',
    ],
)
def test_comments_docstrings_and_layout_do_not_count(edited, text):
    assert edited("lib/foldcast/models/layers.py", text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "def layer():\n    return 2\n",
        'def layer():\n    return "A layer."\n',
        "def layer(x=0):\n    return 1\n",
    ],
)
def test_values_and_arguments_count(edited, text):
    assert edited("lib/foldcast/models/layers.py", text) == {"step/fit"}


@pytest.mark.parametrize("module", SAYING)
def test_messages_and_logging_do_not_count(edited, module):
    assert edited(module) == set()
    assert (WORKFLOW / module).is_file()


def test_a_new_version_alone_makes_nothing_stale(edited):
    edited("lib/foldcast/__init__.py", '__version__ = "1"\n')
    assert edited("lib/foldcast/__init__.py", '__version__ = "2"\n') == set()
    assert (WORKFLOW / "lib/foldcast/__init__.py").read_text().count("\n__version__ = ") == 1


def test_the_script_itself_counts(edited):
    assert edited(PLOT) == {"report/plot"}


def test_a_new_import_counts(edited):
    assert edited("scripts/report/plot.py", LIBRARY[PLOT] + "import foldcast.late\n") == {
        "report/plot"
    }


def test_a_fingerprint_does_not_depend_on_where_the_clone_lies(workflow, tmp_path):
    shutil.copytree(workflow, tmp_path / "b" / "elsewhere")
    assert fingerprint("step/fit", workflow) == fingerprint(
        "step/fit", tmp_path / "b" / "elsewhere"
    )


def test_foldcast_imports_itself_by_full_names_only():
    """Relative imports would not be followed."""
    for path in WORKFLOW.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}:{node.lineno}"


@pytest.fixture
def next_start(monkeypatch):
    """What is kept at the end of a start, and a new one that knows what is in the file alone."""
    ends = []
    monkeypatch.setattr(fingerprints.atexit, "register", lambda *call: ends.append(call))

    def start(path):
        for end, *args in ends:
            end(*args)
        ends.clear()
        monkeypatch.setattr(fingerprints, "_parsed", {})
        keep_parsed(path)

    return start


def test_the_next_start_parses_what_is_new_only(
    workflow, edited, tmp_path, next_start, monkeypatch
):
    kept = tmp_path / "folder/modules.json"
    next_start(kept)
    first = fingerprint("step/fit", workflow)
    next_start(kept)
    parsed = []
    parse = fingerprints._parse
    monkeypatch.setattr(fingerprints, "_parse", lambda text: parsed.append(text) or parse(text))
    assert fingerprint("step/fit", workflow) == first and not parsed
    assert edited("lib/foldcast/late.py") == {"step/fit"}
    assert parsed[-1] == b"LATE = 1\n\nEDITED = 1\n"


@pytest.mark.parametrize("text", ["", "{", "[1]", None])
def test_a_file_that_is_broken_or_cannot_be_written_does_no_harm(
    workflow, tmp_path, next_start, text
):
    first = fingerprint("step/fit", workflow)
    kept = tmp_path / "modules.json"
    if text is None:
        kept.mkdir()
    else:
        kept.write_text(text)
    next_start(kept)
    assert fingerprint("step/fit", workflow) == first
    next_start(kept)
    assert fingerprint("step/fit", workflow) == first
    if text is not None:
        assert len(json.loads(kept.read_text())) == 5  # texts: two of the six modules are empty
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
