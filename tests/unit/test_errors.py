"""Several mistakes are said in one go, each once; long lists are cut and counted."""

import pytest

from foldcast.errors import InputError, InputErrors, first_few, together


def mistake(source):
    raise InputError(source, found="x", expected="a number", remedy="mend it")


def test_every_check_runs_and_all_mistakes_are_numbered():
    with pytest.raises(InputErrors) as raised, together() as attempt:
        assert attempt(mistake, "a.tsv") is None
        assert attempt(int, "7") == 7
        attempt(mistake, "b.tsv")
        attempt(mistake, "a.tsv")
    message = str(raised.value)
    assert message.startswith("2 mistakes\n(1) a.tsv\n  found:    x\n")
    assert "\n(2) b.tsv\n" in message


def test_a_single_mistake_is_itself():
    with pytest.raises(InputError, match=r"^a\.tsv") as raised, together() as attempt:
        attempt(mistake, "a.tsv")
    assert not isinstance(raised.value, InputErrors)


def test_mistakes_within_mistakes_are_numbered_through():
    def several():
        with together() as attempt:
            attempt(mistake, "a.tsv")
            attempt(mistake, "b.tsv")

    with pytest.raises(InputErrors) as raised, together() as attempt:
        attempt(several)
        attempt(mistake, "c.tsv")
    assert [error.source for error in raised.value.errors] == ["a.tsv", "b.tsv", "c.tsv"]


def test_a_defect_is_no_mistake_of_the_user():
    with pytest.raises(ZeroDivisionError), together() as attempt:
        attempt(mistake, "a.tsv")
        attempt(divmod, 1, 0)


def test_nothing_wrong_raises_nothing():
    with together() as attempt:
        attempt(int, "7")


def test_long_lists_are_cut_and_the_rest_is_counted():
    assert first_few([]) == "" and first_few(["a", 2]) == "a, 2"
    assert first_few(range(8)) == "0, 1, 2, 3, 4, 5, 6, 7"
    assert first_few((name for name in "abcde"), 3) == "a, b, c and 2 more"
