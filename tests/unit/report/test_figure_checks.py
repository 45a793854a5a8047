"""The checks of figures find what they are there for."""

import matplotlib.pyplot as plt
import pytest

from figure_checks import cut, overlapping, without_unit
from foldcast.report.figure_style import fitted


@pytest.fixture
def axes():
    figure, axes = plt.subplots(figsize=(3, 3))
    axes.set(xlim=(0, 1), ylim=(0, 1), xlabel="time (h)", ylabel="skill")
    yield axes
    plt.close(figure)


def test_a_tidy_figure_is_told_to_be_one(axes):
    axes.text(0.2, 0.2, "one")
    axes.text(0.2, 0.8, "two")
    assert overlapping(axes.figure) == cut(axes.figure) == without_unit(axes.figure) == []


def test_texts_over_one_another_over_the_edge_and_without_a_unit_are_found(axes):
    axes.text(0.2, 0.2, "one")
    axes.text(0.22, 0.21, "two")
    axes.figure.text(0.8, 0.5, "far too long for what is left")
    axes.set_xlabel("expression")
    assert overlapping(axes.figure) == [("one", "two")]
    assert cut(axes.figure) == ["far too long for what is left"]
    assert without_unit(axes.figure) == ["expression"]


def test_a_long_name_without_blanks_keeps_its_beginning():
    assert fitted("ENSMUSG00000000001.4", 18) == "ENSMUSG0000000000…"
    assert fitted("ADA2", 18) == "ADA2"
