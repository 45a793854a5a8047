"""Fixtures that several rooms share, and what tests cost (`pytest --cpu 10`)."""

import resource
import signal
from collections import Counter
from pathlib import Path

import psutil
import pytest

from made_once import MadeOnce, make_once, shared_folder

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"

# In the background of a script Ctrl-C is ignored, and would be by all that tests start.
signal.signal(signal.SIGINT, signal.default_int_handler)


def _real(path: Path) -> Path:
    if not path.is_dir():
        pytest.skip(f"real data are not here ({path})")
    return path


@pytest.fixture(scope="session")
def shared() -> Path:
    """Tables and maps converted from public files."""
    return _real(SHARED / "data")


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Bit-identical copies of public files, as HOST/PATH."""
    return _real(SHARED / "mirror" / "raw.githubusercontent.com")


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory) -> MadeOnce:
    """Make a folder of that name once for all of pytest's workers. Nobody may change it then."""
    base = shared_folder(tmp_path_factory.getbasetemp()) / "once"
    return lambda name, make: make_once(base / name, make)


# Files that take minutes: first, so that one worker does not wait for the other at the end.
LONGEST = (
    "test_mouse_lung.py", "test_use_conda.py", "test_slurm.py", "test_spex_workflow.py",
    "test_own_data.py", "test_timed_maps.py", "test_spex_bars.py", "test_drawn_labs.py",
    "test_variants_workflow.py", "test_elsewhere.py", "test_resume.py",
)  # fmt: skip


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path.name, len(order)))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--cpu", type=int, metavar="N", help="show the N dearest tests by CPU time")


def cpu_seconds() -> float:
    """CPU time of this process and of those that it started, running ones too."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    running = [child.cpu_times() for child in psutil.Process().children()]
    return sum(one.ru_utime + one.ru_stime for one in used) + sum(map(sum, running))


last = pytest.StashKey[float]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item):
    item.config.stash[last] = cpu_seconds()
    return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    """Fixtures count with the test that makes them."""
    report = yield
    before, item.config.stash[last] = item.config.stash[last], cpu_seconds()
    report.user_properties.append(("cpu", item.config.stash[last] - before))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not (shown := terminalreporter.config.getoption("--cpu")):
        return
    spent: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            spent[getattr(report, "nodeid", "")] += dict(
                getattr(report, "user_properties", [])
            ).get("cpu", 0)
    terminalreporter.section(f"CPU seconds, {spent.total():.0f} in all")
    for test, seconds in spent.most_common(shown):
        terminalreporter.line(f"{seconds:8.1f}  {test}")
