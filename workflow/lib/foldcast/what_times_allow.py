"""What a time course of so many times and replicates allows, and what it does not, in words."""

from collections.abc import Sequence
from itertools import count

from foldcast.protocol import FEW_TIMES, FORECAST_PAST, MIN_ORIGINS, NETWORK_PAST, past_times


def allowed_in_words(replicates: Sequence[int], first_origin: float | None) -> str:
    """One or two sentences on a course.

    Args:
        replicates: [times] how many samples each time has, in the order of time.
        first_origin: share of the time course (`foldcast.protocol.past_times`).
    """
    n_times = len(replicates)
    past = past_times(n_times, first_origin)
    n_origins = n_times - past
    tested = [pair for pair in zip(replicates, replicates[1:], strict=False) if max(pair) > 1]
    done, undone = [], []
    if len(tested) == n_times - 1:
        done.append("genes that change are tested at every step")
    elif tested:
        done.append(f"genes that change are tested at {len(tested)} of {n_times - 1} steps")
    else:
        undone.append("no test of changes, for which a time with two replicates is needed")
    hint = ", of so few times as a hint at most" if n_times < FEW_TIMES else ""
    done.append(f"whether genes in contact change together is asked{hint}")
    if n_times >= FORECAST_PAST:
        done.append("the next time is forecast, with intervals")
    else:
        undone.append(f"no forecast, for which {FORECAST_PAST} times are needed")
    if n_origins >= MIN_ORIGINS:
        done.append(f"forecasts are judged from {n_origins} origins")
    else:
        scored = f" from {n_origins} origin{'s'[: n_origins > 1]}" if n_origins else ""
        needed = times_for_verdicts(n_times, first_origin)
        undone.append(f"no verdict on forecasts{scored}, for which {needed} times are needed")
    if n_origins and past >= NETWORK_PAST:
        done.append("networks are fitted")
    else:
        needed = next(n for n in count(n_times) if _fits(n, first_origin))
        later = " (or a later `evaluation.first_origin`)" if n_times > NETWORK_PAST else ""
        undone.append(f"no network, for which {needed} are needed{later}")
    said = f"{n_times} times, {replicates_in_words(replicates)}: {'; '.join(done)}."
    return f"{said} N{'; '.join(undone)[1:]}." if undone else said


def replicates_in_words(replicates: Sequence[int]) -> str:
    """How many samples times have."""
    least, most = min(replicates), max(replicates)
    several = f"{least} to {most}" if least < most else f"{most}"
    return f"{several} replicate{'s'[: most > 1]}"


def times_for_verdicts(n_times: int, first_origin: float | None) -> int:
    """How many times a verdict on forecasts needs, from so many on.

    Args:
        n_times: those of a time course.
        first_origin: as for `allowed_in_words`.
    """
    return next(n for n in count(n_times) if _origins(n, first_origin) >= MIN_ORIGINS)


def _origins(n_times: int, first_origin: float | None) -> int:
    try:
        return n_times - past_times(n_times, first_origin)
    except ValueError:
        return 0


def _fits(n_times: int, first_origin: float | None) -> bool:
    return n_times - NETWORK_PAST >= _origins(n_times, first_origin) > 0
