"""Which contact map holds at which time, or none. Used when the workflow is parsed too: light."""

from collections.abc import Mapping, Sequence

from foldcast.errors import InputError

NO_MAP = "no_map"  # the graph of a dataset without graphs: all genes, no pairs


def maps_at(
    times: Sequence[float], maps: Mapping[str, float | None], source: str, place: str
) -> list[str]:
    """The map of each time: the latest timed one at or before it, before the first the static one.

    Args:
        times: of a time course, ascending.
        maps: name → time, None for a static map.
        source, place: the config and the key that names the maps, for messages.

    Raises:
        InputError: two static maps, two maps of one time, or times that no map covers.
    """
    static = [name for name, time in maps.items() if time is None]
    timed = sorted((time, name) for name, time in maps.items() if time is not None)
    if len(static) > 1:
        raise InputError(
            source,
            place=place,
            found=f"{len(static)} maps without a time ({', '.join(static)})",
            expected="at most one static map beside timed ones",
            remedy="give the others their `time`, or make a graph of each",
        )
    for (time, one), (later, two) in zip(timed, timed[1:], strict=False):
        if time == later:
            raise InputError(
                source,
                place=place,
                found=f"{one} and {two}, both of time {time:g}",
                expected="one map for a time",
                remedy="mend either `time`, or make a graph of each",
            )
    early = [time for time in times if timed and time < timed[0][0] and not static]
    if early:
        raise InputError(
            source,
            place=place,
            found=f"no map for {', '.join(f'{time:g}' for time in early)}: the first, "
            f"{timed[0][1]}, is of time {timed[0][0]:g}, and a later map must not be used earlier",
            expected="a map for every time of the time course",
            remedy="name a static map (one without `time`) in `maps` as well",
        )
    return [next((n for at, n in reversed(timed) if at <= time), *static[:1]) for time in times]
