"""Exceptions that nobody foresaw: a mistake of their file, beside all others."""

import logging

import pytest

from foldcast.errors import InputError
from foldcast.preflight.unforeseen import every_mistake


def fails(path, error):
    raise error


@pytest.mark.parametrize(
    "error",
    [ValueError("100 and 80\nbins"), OSError("bad header"), KeyError("chrom"), AssertionError()],
)
def test_it_is_a_mistake_of_the_file(tmp_path, error):
    path = tmp_path / "map.mcool"
    path.write_text("x")
    with pytest.raises(InputError) as caught, every_mistake() as attempt:
        assert attempt(fails, {"map": [path]}, error) is None
    assert caught.value.source == str(path)
    assert type(error).__name__ in caught.value.found and "\n" not in caught.value.found


def test_it_stands_beside_the_others_and_what_came_before_goes_to_the_log_file(tmp_path, capsys):
    path, log = tmp_path / "genes.gtf", tmp_path / "log"
    path.write_text("x")
    mistake = InputError("sheet", found="a", expected="b", remedy="c")
    handler = logging.FileHandler(log)
    logging.getLogger().addHandler(handler)
    try:
        with pytest.raises(InputError) as caught, every_mistake() as attempt:
            attempt(fails, path, mistake)
            attempt(fails, path, ZeroDivisionError("division"))
            # Also within a look that goes on by itself.
            attempt(lambda inner, file: inner(fails, file, TypeError("no text")), attempt, path)
    finally:
        logging.getLogger().removeHandler(handler)
    assert "3 mistakes" in str(caught.value) and "sheet" in str(caught.value)
    assert "Traceback" not in str(caught.value) and "Traceback" not in capsys.readouterr().err
    assert log.read_text().count("Traceback") == 2


def test_memory_that_ends_is_no_mistake(tmp_path):
    with pytest.raises(MemoryError), every_mistake() as attempt:
        attempt(fails, tmp_path, MemoryError())
