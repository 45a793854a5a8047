"""The rolling origin."""

import pytest

from foldcast.protocol import (
    block_name,
    block_names,
    blocks,
    check_network_past,
    first_origin_index,
    fitting_fraction,
    origin_remedy,
    origins,
    parse_block,
    past_times,
    reach,
)


def test_mouse_lung_has_thirty_origins():
    assert origins(43, 0.3) == list(range(12, 42))
    assert block_names(43, 0.3, 5)[0] == "012-016"


@pytest.mark.parametrize("n_times", [4, 5, 10, 24, 43, 100])
@pytest.mark.parametrize("fraction", [0.07, 0.1, 0.3, 0.5, 0.7])
def test_first_origin_leaves_at_least_the_fraction_and_no_more_than_needed(n_times, fraction):
    try:
        first = first_origin_index(n_times, fraction)
    except ValueError:
        return
    assert first + 1 >= fraction * n_times - 1e-9
    assert first < fraction * n_times


def test_rounding_errors_of_binary_fractions_do_not_move_the_origin():
    assert 0.07 * 100 > 7
    assert first_origin_index(100, 0.07) == 6


@pytest.mark.parametrize("refit_every", [1, 2, 5, 29, 30, 31, 100])
def test_blocks_cover_every_origin_once(refit_every):
    covered = [k for first, last in blocks(43, 0.3, refit_every) for k in range(first, last + 1)]
    assert covered == origins(43, 0.3)


def test_block_names_sort_and_parse_back():
    names = block_names(1200, 0.3, 7)
    assert names[0] == "359-365"
    assert [parse_block(name) for name in names] == blocks(1200, 0.3, 7)
    assert block_name(3, 12) == "003-012"


def test_too_few_times_say_how_many_are_needed():
    with pytest.raises(ValueError, match="too few times: 2.* needs 4"):
        origins(2, 0.3)
    assert origins(4, 0.3) == [1, 2]
    with pytest.raises(ValueError, match="too few times: 5.* needs 10"):
        origins(5, 0.9)
    assert origins(10, 0.9) == [8]


@pytest.mark.parametrize("fraction", [0, 1, -0.1, 1.5])
def test_a_fraction_out_of_range_is_refused(fraction):
    with pytest.raises(ValueError, match="between 0 and 1"):
        first_origin_index(43, fraction)


def test_refitting_less_than_every_origin_is_refused():
    with pytest.raises(ValueError, match="not 0"):
        blocks(43, 0.3, 0)


@pytest.mark.parametrize("n_times", range(3, 60))
def test_a_first_origin_that_would_do(n_times):
    for past in range(2, n_times):
        share = fitting_fraction(n_times, past)
        assert first_origin_index(n_times, share) == past - 1
        assert f"first_origin: {share:g}" in origin_remedy(n_times, past)
    assert fitting_fraction(n_times, n_times) is None
    assert fitting_fraction(8, 6) == 0.75
    assert "first_origin" not in origin_remedy(5, 6)


def test_forecasts_reach_as_far_as_the_time_course():
    # The first origin of 43 times is the 13th; of 8 times, at 0.75, the 6th.
    assert [reach(43, 0.3, most) for most in (1, 5, 99)] == [1, 5, 30]
    assert [reach(8, 0.75, most) for most in (1, 5)] == [1, 2]
    with pytest.raises(ValueError, match="too few times"):
        reach(3, 0.9, 5)


def test_a_network_needs_six_past_times():
    check_network_past(6)
    with pytest.raises(ValueError, match="5 past times; at least 6"):
        check_network_past(5)


@pytest.mark.parametrize("n_times", range(3, 120))
def test_where_no_share_is_named_the_times_choose_the_first_origin(n_times):
    past = past_times(n_times)
    assert origins(n_times) == list(range(past - 1, n_times - 1))
    if n_times <= 5:
        assert past == n_times and origins(n_times) == [] == blocks(n_times, None, 5)
    elif n_times <= 11:
        assert past == 5  # at 11 times six origins are left, and with them a verdict
    elif n_times <= 16:
        assert past == 6  # what a network needs
    else:
        assert past - 1 == first_origin_index(n_times, 0.3)
