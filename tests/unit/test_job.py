"""How scripts start and fail, and how long work shows how far it is."""

import errno
import logging
import sys
import warnings
from types import SimpleNamespace

import pytest

from foldcast import job
from foldcast.errors import InputError


@pytest.fixture(autouse=True)
def logging_as_it_was():
    """`run` takes the root logger over, as a script may."""
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    logging.captureWarnings(False)
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


@pytest.fixture
def snakemake(tmp_path):
    return SimpleNamespace(log=[str(tmp_path / "rule.log")], rule="plot_skill", params="params")


@pytest.fixture
def said(snakemake):
    def read():
        with open(snakemake.log[0]) as handle:
            return handle.read()

    return read


def test_a_script_gets_its_snakemake_and_logs_to_file_and_terminal(snakemake, said, capsys):
    job.run(lambda given: job.log.info("%s arrived", given.params), snakemake)
    assert "params arrived" in said()
    assert "params arrived" in capsys.readouterr().err


def test_a_script_without_a_log_file_runs(snakemake, capsys):
    snakemake.log = []
    job.run(lambda _: job.log.info("done"), snakemake)
    assert "done" in capsys.readouterr().err


def test_a_users_mistake_is_one_message_without_a_traceback(snakemake, said, capsys):
    def main(_):
        raise InputError(
            "sheet.tsv", place="line 3", found="x", expected="a number", remedy="mend it"
        )

    with pytest.raises(SystemExit) as stopped:
        job.run(main, snakemake)
    assert stopped.value.code == 1
    for text in (said(), capsys.readouterr().err):
        assert "sheet.tsv, line 3" in text and "mend it" in text
        assert "Traceback" not in text


def test_a_defect_of_ours_keeps_its_traceback(snakemake, said, capsys):
    with pytest.raises(SystemExit) as stopped:
        job.run(lambda _: 1 / 0, snakemake)
    assert stopped.value.code == 1
    for text in (said(), capsys.readouterr().err):
        assert "defect in foldcast" in text
        assert "Traceback" in text and "ZeroDivisionError" in text


def test_what_the_machine_did_is_no_defect(snakemake, said, capsys):
    """The traceback is in the log file, for whoever looks after the machine."""

    def main(_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(SystemExit) as stopped:
        job.run(main, snakemake)
    assert stopped.value.code == 1
    shown = capsys.readouterr().err
    for text in (said(), shown):
        assert "No space left on device" in text and "make room" in text
        assert "defect" not in text
    assert "Traceback" in said() and "Traceback" not in shown


def test_a_table_of_results_that_is_cut_off_is_not_read(snakemake, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").mkdir()
    (tmp_path / "results/panel.tsv").write_text("gene\tt0\nA\t1")
    snakemake.input = ["results/panel.tsv"]
    with pytest.raises(SystemExit):
        job.run(lambda _: pytest.fail("it was read"), snakemake)
    assert "results/panel.tsv" in said() and "delete it and run again" in said()


def test_a_log_file_that_cannot_be_written_stops_nothing(snakemake, capsys):
    for path in ("/nowhere/rule.log", "/dev/full"):
        snakemake.log = [path]
        job.run(lambda _: job.log.info("done"), snakemake)
    assert "Logging error" not in capsys.readouterr().err


def test_no_log_holds_a_secret(snakemake, said, capsys):
    url = "https://me:secret@host/a?token=secret"

    def main(_):
        job.log.info("%s: copying", url)
        logging.getLogger("urllib3").warning("Retrying: /a?token=secret")
        raise ValueError(url)

    with pytest.raises(SystemExit):
        job.run(main, snakemake)
    for text in (said(), capsys.readouterr().err):
        assert text.count("https://host/a?…") >= 2 and "/a?…" in text
        # A traceback quotes our own lines.
        shown = [line for line in text.splitlines() if not line.startswith("    ")]
        assert "secret" not in "\n".join(shown)


def test_warnings_of_packages_are_logged(snakemake, said):
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        job.run(lambda _: warnings.warn("no convergence", stacklevel=1), snakemake)
    assert "no convergence" in said()


@pytest.fixture
def clock(monkeypatch):
    """A clock of our own: seconds that pass with every item."""
    now = SimpleNamespace(seconds=0.0)
    monkeypatch.setattr(job.time, "monotonic", lambda: now.seconds)
    return now


def work(clock, count, seconds=1.0):
    for item in range(count):
        clock.seconds += seconds
        yield item


def test_progress_yields_every_item_in_order():
    assert list(job.progress("abc", what="letters")) == ["a", "b", "c"]
    assert list(job.progress([], what="nothing")) == []


def test_progress_in_a_log_is_a_line_every_few_seconds(clock, caplog):
    caplog.set_level(logging.INFO, "foldcast")
    list(job.progress(work(clock, 12), total=12, what="fits", every=5.0))
    assert caplog.messages == ["fits: 5/12, 7 s left", "fits: 10/12, 2 s left"]


def test_progress_of_quick_work_says_nothing_in_a_log(clock, caplog, capsys):
    caplog.set_level(logging.INFO, "foldcast")
    list(job.progress(work(clock, 100, seconds=0.01), total=100, what="fits"))
    assert caplog.messages == []
    assert capsys.readouterr().err == ""


def test_progress_without_a_total_counts_up(clock, caplog):
    caplog.set_level(logging.INFO, "foldcast")
    list(job.progress(work(clock, 5), what="fits", every=5.0))
    assert caplog.messages[0].startswith("fits: 5/?")


def test_progress_on_a_terminal_is_one_line_that_ends_when_it_is_done(clock, monkeypatch, capsys):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    list(job.progress(work(clock, 3), total=3, what="fits"))
    shown = capsys.readouterr().err
    assert shown.count("\n") == 1 and shown.endswith("\n")
    assert [line.strip() for line in shown.split("\r")[1:]] == [
        "fits: 1/3, 2 s left",
        "fits: 2/3, 1 s left",
        "fits: 3/3, 0 s left",
    ]


def test_progress_hands_on_an_early_end_and_errors():
    seen = []
    for item in job.progress(range(10), what="items"):
        seen.append(item)
        if item == 2:
            break
    assert seen == [0, 1, 2]

    def broken():
        yield 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        list(job.progress(broken(), what="items"))
