"""Which edits of the library change a script's fingerprint."""

import ast
import shutil

import pytest

from foldcast.fingerprint import SAYING, SCRIPTS, fingerprint, library_of

LIBRARY = {
    "fit.py": "from foldcast.models.network import f\n\n\ndef main():\n    import foldcast.late\n",
    "plot.py": "from foldcast import job, style\n",
    "foldcast/__init__.py": "",
    "foldcast/errors.py": "MESSAGE = 1\n",
    "foldcast/job.py": "import foldcast.errors\n",
    "foldcast/late.py": "LATE = 1\n",
    "foldcast/style.py": "import numpy\n\nSTYLE = 1\n",
    "foldcast/models/__init__.py": "",
    "foldcast/models/layers.py": 'def layer():\n    """A layer."""\n    return 1  # one\n',
    "foldcast/models/network.py": "from foldcast.models import layers\n\n\ndef f():\n    pass\n",
}


@pytest.fixture
def scripts(tmp_path):
    for name, text in LIBRARY.items():
        path = tmp_path / "scripts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path / "scripts"


@pytest.fixture
def edited(scripts):
    """The scripts whose fingerprints an edit changes."""

    def edit(name, text=None):
        before = {script: fingerprint(script, scripts) for script in ("fit", "plot")}
        path = scripts / name
        path.write_text(path.read_text() + "\nEDITED = 1\n" if text is None else text)
        return {script for script in before if fingerprint(script, scripts) != before[script]}

    return edit


def test_the_library_behind_a_script_is_followed_to_its_end(scripts):
    found = [path.relative_to(scripts).as_posix() for path in library_of("fit", scripts)]
    assert found == [
        "foldcast/__init__.py",
        "foldcast/late.py",
        "foldcast/models/__init__.py",
        "foldcast/models/layers.py",
        "foldcast/models/network.py",
    ]


@pytest.mark.parametrize(
    ("module", "expected"),
    [
        ("foldcast/models/network.py", {"fit"}),
        ("foldcast/models/layers.py", {"fit"}),  # imported by an imported module
        ("foldcast/models/__init__.py", {"fit"}),  # runs when a module beside it is imported
        ("foldcast/late.py", {"fit"}),  # imported within a function
        ("foldcast/style.py", {"plot"}),
        ("foldcast/__init__.py", {"fit", "plot"}),
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
    assert edited("foldcast/models/layers.py", text) == set()


@pytest.mark.parametrize(
    "text",
    [
        "def layer():\n    return 2\n",
        'def layer():\n    return "A layer."\n',
        "def layer(x=0):\n    return 1\n",
    ],
)
def test_values_and_arguments_count(edited, text):
    assert edited("foldcast/models/layers.py", text) == {"fit"}


@pytest.mark.parametrize("module", SAYING)
def test_messages_and_logging_do_not_count(edited, module):
    assert edited(module) == set()
    assert (SCRIPTS / module).is_file()


def test_the_script_itself_counts(edited):
    assert edited("plot.py") == {"plot"}


def test_a_new_import_counts(edited):
    assert edited("plot.py", LIBRARY["plot.py"] + "import foldcast.late\n") == {"plot"}


def test_a_fingerprint_does_not_depend_on_where_the_clone_lies(scripts, tmp_path):
    shutil.copytree(scripts, tmp_path / "b" / "elsewhere")
    assert fingerprint("fit", scripts) == fingerprint("fit", tmp_path / "b" / "elsewhere")


def test_foldcast_imports_itself_by_full_names_only():
    """Relative imports would not be followed."""
    for path in SCRIPTS.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}:{node.lineno}"
