"""The rolling origin: which times a forecast may be made from, and which origins share a fit.

Times are counted 0 … n_times − 1. A forecast from origin k uses times ≤ k only and is of time
k + 1. Standard library only: the workflow calls this while it is parsed.
"""

from itertools import count
from math import ceil

Block = tuple[int, int]

LEAST_TIMES = 3  # two changes, which genes can have in common
FEW_TIMES = 5  # with fewer, what genes have in common is a hint at most
LEAST_PAST = 2  # times to learn from
FORECAST_PAST = 5  # the same for a forecast that knows more than the last value, and how far off
NETWORK_PAST = 6  # the same for a network: four windows, and one of them is held out
MIN_ORIGINS = 6  # per step ahead: below it there is no test, and no verdict
SHARE = 0.3  # of a time course, up to the first origin where the config names none


def past_times(n_times: int, fraction: float | None = None) -> int:
    """How many times the first origin has to learn from; all where none is left to forecast.

    Args:
        n_times: number of time points.
        fraction: share of the time course that the config names. None: `SHARE` of it, and at least
            the times that a network needs. Where that would leave fewer origins than a verdict
            needs, the times that a forecast needs.

    Raises:
        ValueError: as `first_origin_index` does of a share.
    """
    if fraction is not None:
        return first_origin_index(n_times, fraction) + 1
    past = max(_first(n_times, SHARE) + 1, NETWORK_PAST)
    return past if n_times - past >= MIN_ORIGINS else min(FORECAST_PAST, n_times)


def first_origin_index(n_times: int, fraction: float) -> int:
    """The origin that leaves at least ``fraction`` of the time course to learn from.

    Args:
        n_times: number of time points.
        fraction: share of the time course, between 0 and 1 (both excluded).

    Raises:
        ValueError: a fraction out of range; or a time course that does not leave two times to learn
            from and one to forecast, with the number of times that would.
    """
    if not 0 < fraction < 1:
        raise ValueError(f"the first origin must be a share between 0 and 1, not {fraction:g}")
    if not _is_enough(n_times, fraction):
        needed = next(n for n in count(n_times) if _is_enough(n, fraction))
        raise ValueError(
            f"too few times: {n_times}, and a first origin at {fraction:g} of the time course "
            f"needs {needed}, to learn from at least two and to forecast at least one"
        )
    return _first(n_times, fraction)


def fitting_fraction(n_times: int, past: int) -> float | None:
    """A share of two digits by which the first origin is the last of ``past`` times.

    6 of 8 times are 0.75; None where no time is left to forecast.
    """
    if not 2 <= past < n_times:
        return None
    shares = [100 * past // n_times / 100, *(percent / 100 for percent in range(1, 100))]
    fits = (share for share in shares if 0 < share < 1 and _first(n_times, share) == past - 1)
    return next(fits, None)


def check_network_past(past: int) -> None:
    """Refuse so few times up to an origin that a network cannot learn from them.

    Raises:
        ValueError: with the number that is needed.
    """
    if past < NETWORK_PAST:
        raise ValueError(f"{past} past times; at least {NETWORK_PAST} are needed to fit a network")


def origin_remedy(n_times: int, past: int) -> str:
    """What to do where a first origin leaves other than ``past`` times or none to forecast."""
    share = fitting_fraction(n_times, past)
    longer = "bring a longer time course"
    return f"set `evaluation.first_origin: {share:g}`, or {longer}" if share else longer


def origins(n_times: int, fraction: float | None = None) -> list[int]:
    """Every origin, in order: the last one forecasts the last time. Raises as `past_times`.

    None where all times are needed to learn from.
    """
    return list(range(past_times(n_times, fraction) - 1, n_times - 1))


def reach(n_times: int, fraction: float | None, most: int) -> int:
    """How many steps ahead forecasts can be scored, ``most`` at most. Raises as `past_times`."""
    return min(most, n_times - past_times(n_times, fraction))


def blocks(n_times: int, fraction: float | None, refit_every: int) -> list[Block]:
    """Runs of ``refit_every`` origins as (first, last), both included; the last may be shorter.

    A model is fitted once at the first origin of a block.
    """
    if refit_every < 1:
        raise ValueError(f"a model is refitted every 1 or more origins, not {refit_every}")
    every = origins(n_times, fraction)
    return [(k, min(k + refit_every - 1, every[-1])) for k in every[::refit_every]]


def block_name(first: int, last: int) -> str:
    """The name of a block in paths, such as ``012-016``."""
    return f"{first:03d}-{last:03d}"


def block_names(n_times: int, fraction: float | None, refit_every: int) -> list[str]:
    """The names of all blocks, in order."""
    return [block_name(*block) for block in blocks(n_times, fraction, refit_every)]


def parse_block(name: str) -> Block:
    """First and last origin of the block that ``name`` names."""
    first, last = name.split("-")
    return int(first), int(last)


def _first(n_times: int, fraction: float) -> int:
    # Rounded first: 0.07 * 100 is a little more than 7 in binary and would become 8.
    return ceil(round(fraction * n_times, 9)) - 1


def _is_enough(n_times: int, fraction: float) -> bool:
    return 1 <= _first(n_times, fraction) <= n_times - 2
