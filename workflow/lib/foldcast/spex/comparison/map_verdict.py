"""What may be said of the maps of a run, in words."""

from collections.abc import Sequence

from foldcast.spex.comparison.locus_bootstrap import MIN_BLOCKS
from foldcast.spex.comparison.map_comparison import MapComparison
from foldcast.spex.comparison.map_contrasts import (
    BETTER,
    DEPTH,
    MATCHED,
    MISMATCHED,
    UNDECIDED,
    WORSE,
    Comparison,
)
from foldcast.spex.run_settings import ALL, PROMOTER, base_in_words

MODELS = {"linear": "linear models", "trees": "boosted trees"}
# What remains possible where a map cannot be told from its control contacts.
INSTEAD = {
    "shuffled": "that whom it touches helps is not shown",
    "degree": "how many contacts a gene has may be all that helps",
    "expected": "distance alone may be all that helps",
    "random": "any block as wide may do the same",
}


def verdicts(map_comparison: MapComparison, maps: Sequence[str]) -> list[dict]:
    """Rows of ``verdict.tsv``: sentences with the comparison that each rests on."""
    base = map_comparison.base
    rows = [_row(None, "how many comparisons", _counts(map_comparison))]
    for model in map_comparison.models:
        fitted = _fitted(map_comparison)
        for name, kind, _ in map_comparison.feature_sets.values():
            if (name, model) in fitted and kind in ("map", ALL, "features"):
                one = _found(map_comparison, name, base, model)
                rows.append(_row(one, f"{name} - {base}", _gain(map_comparison, one)))
        if len(maps) > 1:
            rows.append(_best(map_comparison, maps, model))
        matched = map_comparison.find(MATCHED, MISMATCHED, model)
        if matched:
            sentence = _matched(map_comparison, matched)
            rows.append(_row(matched, f"{MATCHED} - {MISMATCHED}", sentence))
        baseline = map_comparison.find(PROMOTER, base, model)
        if baseline:
            sentence = _baseline(map_comparison, baseline)
            rows.append(_row(baseline, f"{PROMOTER} - {base}", sentence))
    return rows


def evidence(map_comparison: MapComparison, one: Comparison) -> str:
    """The difference, its intervals, and on how much it rests."""
    tissues, blocks = len(map_comparison.tissues), len(map_comparison.sizes)
    where = "mean of " + f"{tissues} tissues" if tissues > 1 else "one tissue"
    return (
        f"difference in Spearman's rho {one.value:+.3f}, 95 % interval {one.low:+.3f} to "
        f"{one.high:+.3f}, with all comparisons allowed for {one.low_all:+.3f} to "
        f"{one.high_all:+.3f}, {where}, {map_comparison.sizes.sum()} genes in {blocks} stretches "
        "of the genome"
    )


def _counts(map_comparison: MapComparison) -> str:
    contrasts = (
        f", {len(map_comparison.contrasts)} among maps and with their controls"
        if map_comparison.contrasts
        else ""
    )
    base = base_in_words(map_comparison.base)
    return (
        f"Comparisons made: {len(map_comparison.over_base)} with {base}{contrasts}. The "
        "intervals that decide hold together within each of the two kinds, and no map is called "
        f"better than another or than a control unless it beats {base}: where nothing helps, "
        f"something seems to in at most 5 of 100 runs.{_rough(map_comparison)}"
    )


def _gain(map_comparison: MapComparison, one: Comparison) -> str:
    kind = map_comparison.feature_sets[one.first].kind
    what = {
        ALL: "using all maps together",
        "features": f"table {one.first.partition('+')[2]}",
    }.get(kind, f"map {one.first}")
    said = f"with {MODELS.get(one.model, one.model)}"
    per_tissue = _per_tissue(map_comparison, one)
    if one.verdict == UNDECIDED:
        return (
            f"Whether {what} helps {said} cannot be decided: "
            f"{evidence(map_comparison, one)}{per_tissue}." + _rough(map_comparison)
        )
    base = base_in_words(map_comparison.base)
    beats = f"beats {base}" if one.verdict == BETTER else f"is worse than {base}"
    sentence = (
        f"{what[0].upper()}{what[1:]} {beats} {said}: {evidence(map_comparison, one)}{per_tissue}."
    )
    return sentence + (_over_controls(map_comparison, one) if one.verdict == BETTER else "")


def _over_controls(map_comparison: MapComparison, gain: Comparison) -> str:
    """What a map that beats the base owes to whom it touches."""
    held = [
        one
        for one in map_comparison.contrasts
        if (one.first, one.model, one.place) == (gain.first, gain.model, gain.place)
        and one.kind in INSTEAD
    ]
    if not held:
        return ""
    beaten = [one.kind for one in held if one.verdict == BETTER]
    sentence = f" It beats its {_list(beaten)}." if beaten else ""
    for one in held:
        if one.verdict != BETTER:
            why = INSTEAD[one.kind]
            if one.kind == "shuffled" and (one.verdict == WORSE or _helps(map_comparison, one)):
                why = "what helps is not whom it touches"
            sentence += (
                f" It does not beat its {one.kind} control ({one.value:+.3f}, "
                f"{one.low_all:+.3f} to {one.high_all:+.3f}): {why}."
            )
    if len(beaten) == len(held) and "shuffled" in beaten:
        sentence = sentence[:-1] + ": what helps is whom it touches."
    return sentence


def _helps(map_comparison: MapComparison, control: Comparison) -> bool:
    """Whether control contacts themselves beat the base, with every seed."""
    own = [
        one.verdict == BETTER
        for one in map_comparison.over_base
        if one.kind == control.kind
        and map_comparison.feature_sets[one.first].map == control.first
        and (one.model, one.place) == (control.model, control.place)
    ]
    return bool(own) and all(own)


def _best(map_comparison: MapComparison, maps: Sequence[str], model: str) -> dict:
    """Which map explains expression best; at equal depth where that can be had."""
    said = f"with {MODELS.get(model, model)}"
    helping = [
        name
        for name in maps
        if _found(map_comparison, name, map_comparison.base, model).verdict == BETTER
    ]
    if not helping:
        base = base_in_words(map_comparison.base)
        sentence = f"No map is shown to beat {base} {said}, so none can be called the best."
        return _row(None, "best map", sentence, model, map_comparison.headline)
    pairs = [
        one
        for one in map_comparison.contrasts
        if one.kind in (DEPTH, "map") and (one.model, one.place) == (model, map_comparison.headline)
    ]
    # How often a map is ahead, then by how much in all.
    ahead = {name: (0, 0.0) for name in maps}
    for one in pairs:
        for name, gain in ((_map(one.first), one.value), (_map(one.second), -one.value)):
            wins, total = ahead[name]
            ahead[name] = wins + (gain > 0), total + gain
    leader = max(maps, key=lambda name: ahead[name])
    others = [one for one in pairs if leader in (_map(one.first), _map(one.second))]
    open_ones = [one for one in others if one.verdict == UNDECIDED or _map(one.winner) != leader]
    depth = " at equal depth" if all(one.kind == DEPTH for one in others) else ""
    closest = min(open_ones or others, key=lambda one: abs(one.value))
    numbers = f"nearest to it {_other(closest, leader)}: {evidence(map_comparison, closest)}"
    sentence = (
        f"Which map explains expression best {said} cannot be decided: {leader} leads{depth}, but "
        f"not beyond doubt ({numbers})."
        if open_ones
        else f"Map {leader} explains expression best {said}{depth} ({numbers})."
    )
    return _row(closest, "best map", sentence)


def _matched(map_comparison: MapComparison, one: Comparison) -> str:
    caveat = (
        " All matched tissues are of one map, whose own quality cannot be told from being matched."
        if map_comparison.confounded
        else ""
    )
    said = f"with {MODELS.get(one.model, one.model)}"
    if one.verdict == BETTER:
        claim = f"A tissue's own map helps more than maps of other tissues {said}"
    else:
        claim = (
            f"Whether a tissue's own map helps more than maps of other tissues {said} cannot be "
            "decided"
        )
    return f"{claim}: {evidence(map_comparison, one)}.{caveat}{_rough(map_comparison)}"


def _baseline(map_comparison: MapComparison, one: Comparison) -> str:
    said = f"with {MODELS.get(one.model, one.model)}"
    what = "what needs no network (type, CpG, GC and length of a gene)"
    base = base_in_words(map_comparison.base)
    if one.verdict == UNDECIDED:
        claim = f"Whether {base} tells more than {what} {said} cannot be decided"
    elif one.verdict == WORSE:
        claim = f"{base[0].upper()}{base[1:]} tells more than {what} {said}"
    else:
        claim = f"{base[0].upper()}{base[1:]} tells less than {what} {said}"
    return f"{claim}: {evidence(map_comparison, one)}."


def _per_tissue(map_comparison: MapComparison, one: Comparison) -> str:
    words = [
        other.verdict
        for other in map_comparison.over_base
        if (other.first, other.model) == (one.first, one.model)
        and other.place in map_comparison.tissues
    ]
    if len(map_comparison.tissues) == 1:
        return ""
    return (
        f"; on its own in {words.count(BETTER)} of {len(words)} tissues, "
        f"worse in {words.count(WORSE)}"
    )


def _rough(map_comparison: MapComparison) -> str:
    n = len(map_comparison.sizes)
    if n >= MIN_BLOCKS:
        return ""
    return (
        f" The genes lie in {n} stretches of the genome: intervals from fewer than {MIN_BLOCKS} "
        "are rough and decide nothing."
    )


def _row(
    one: Comparison | None, comparison: str, sentence: str, model: str = "", place: str = ""
) -> dict:
    if one:
        numbers = one.row("difference")
    else:  # a sentence that rests on all comparisons
        numbers = dict.fromkeys(Comparison.columns("difference"))
        numbers |= {"model": model, "tissue": place, "verdict": UNDECIDED if model else None}
    return {"comparison": comparison, **numbers, "sentence": sentence}


def _found(map_comparison: MapComparison, first: str, second: str, model: str) -> Comparison:
    one = map_comparison.find(first, second, model)
    if one is None:
        raise ValueError(f"{first} was not compared with {second} ({model})")
    return one


def _fitted(map_comparison: MapComparison) -> set[tuple[str, str]]:
    return {(one.first, one.model) for one in map_comparison.over_base}


def _map(feature_set: str) -> str:
    return feature_set.partition("+")[0]


def _other(one: Comparison, leader: str) -> str:
    first, second = _map(one.first), _map(one.second)
    return second if first == leader else first


def _list(kinds: Sequence[str]) -> str:
    if len(kinds) == 1:
        return f"{kinds[0]} control"
    return f"{', '.join(kinds[:-1])} and {kinds[-1]} controls"
