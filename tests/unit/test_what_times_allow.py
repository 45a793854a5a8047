"""What so many times and replicates allow is what the protocol does with them."""

import pytest

from foldcast.protocol import MIN_ORIGINS, NETWORK_PAST, origins, past_times
from foldcast.what_times_allow import allowed_in_words


def test_eight_times_of_three_replicates():
    assert allowed_in_words([3] * 8, None) == (
        "8 times, 3 replicates: genes that change are tested at every step; whether genes in "
        "contact change together is asked; the next time is forecast, with intervals. No verdict "
        "on forecasts from 3 origins, for which 11 times are needed; no network, for which 12 are "
        "needed (or a later `evaluation.first_origin`)."
    )


def test_three_times_without_replicates_and_many_with_some():
    said = allowed_in_words([1, 1, 1], None)
    assert "a hint at most. No test of changes" in said and "no forecast, for which 5" in said
    said = allowed_in_words([1, 2, 1, 1, *[1] * 39], None)
    assert said.startswith("43 times, 1 to 2 replicates: genes that change are tested at 2 of 42 ")
    assert said.endswith("judged from 30 origins; networks are fitted.")


@pytest.mark.parametrize("first_origin", [None, 0.3, 0.5])
@pytest.mark.parametrize("n_times", [4, 5, 6, 8, 10, 11, 12, 16, 17, 25])
def test_what_is_said_to_be_needed_is_enough_and_what_is_there_is_not(n_times, first_origin):
    words = allowed_in_words([2] * n_times, first_origin).replace("(", "").split()
    n_origins = len(origins(n_times, first_origin))
    if n_origins >= MIN_ORIGINS:
        assert "verdict" not in words and str(n_origins) in words
    else:
        needed = int(words[words.index("which", words.index("verdict")) + 1])
        assert len(origins(needed, first_origin)) >= MIN_ORIGINS
        assert len(origins(needed - 1, first_origin)) < MIN_ORIGINS
    if "network," in words:
        needed = int(words[words.index("which", words.index("network,")) + 1])
        assert past_times(needed, first_origin) >= NETWORK_PAST > past_times(n_times, first_origin)
    else:
        assert past_times(n_times, first_origin) >= NETWORK_PAST and n_origins
