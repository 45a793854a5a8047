"""What changes from one contact map of a graph to the next: compartments and insulation."""

from collections.abc import Sequence

import bioframe
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from foldcast.report.figure_style import BLUE, DARK, GREEN, GREY, LIGHT, ORANGE, RED
from foldcast.resampling import expanded_interval

KINDS = {"A": (RED, None), "B": (BLUE, "////")}
# Of lengths without a common divisor: no two maps of a figure look alike.
LINES, MARKERS = ("-", "--", "-.", ":"), ("o", "s", "^", "D", "v")
COLOURS = (DARK, BLUE, ORANGE, GREEN)
REACH = 10  # bins to either side of a boundary
WIDTH = 0.28  # of a bar, with 1 from map to map
DRAWS, CHUNK = 2000, 100


def map_changes(names: Sequence[str], scores: pd.DataFrame, insulation: pd.DataFrame,
                borders: pd.DataFrame, window: int, size: int) -> Figure:  # fmt: skip
    """Compartments above (flows, first against last), insulation at boundaries below.

    Args:
        names: of the maps, in the order of their times.
        scores: compartment scores, bins × maps; only bins that all maps tell (`told_by_all`).
        insulation: log2 insulation scores, (chrom, start) × maps; no rows where none is known.
        borders: chrom, start of boundaries (`boundaries_of_any`).
        window: the insulation window (bp); size: the bins' (bp).
    """
    figure, grid = plt.subplots(2, 2, figsize=(9.2, 7.2), width_ratios=[1.5, 1])
    if scores.empty:
        _say(grid[0], "no bin has a compartment in every map")
    else:
        _draw_flows(grid[0, 0], names, scores > 0)
        _draw_scores(grid[0, 1], names, scores)
    profiles = around(insulation, borders, size)
    if not len(profiles):
        _say(grid[1], "no boundary with an insulation score in every map")
        return figure
    _draw_profiles(grid[1, 0], names, profiles, size)
    _draw_change(grid[1, 1], names, profiles[:, :, REACH])
    grid[1, 0].set_ylabel(f"insulation score (log2,\n{window / 1000:,.0f}-kb window)")
    return figure


def told_by_all(
    tables: Sequence[pd.DataFrame], choices: Sequence[pd.DataFrame]
) -> tuple[pd.DataFrame, list[str]]:
    """Compartment scores of the bins that every map tells, and the arms that are left out.

    An arm is left out where a map's eigenvector hardly follows the phasing track, or is another
    one than that of the other maps: what differs then is the choice, and not the genome.

    Args:
        tables: chrom, start, end, score, of each map.
        choices: arm, chrom, start, end, chosen, weak, of each map.
    """
    keys = ["chrom", "start", "end"]
    both = pd.concat([table.set_index(keys)["score"] for table in tables], axis=1).dropna()
    both.columns = pd.RangeIndex(len(tables))
    told = pd.concat([choice.dropna(subset="chosen") for choice in choices])
    by_arm = told.groupby(["arm", *keys], observed=True, sort=False)
    doubtful = by_arm.agg(
        unlike=("chosen", lambda chosen: chosen.nunique() > 1 or len(chosen) < len(choices)),
        weak=("weak", lambda weak: weak.astype(str).eq("True").any()),
    ).any(axis=1)
    chrom, start = (both.index.get_level_values(key) for key in keys[:2])
    left = np.zeros(len(both), dtype=bool)
    for _, arm_chrom, arm_start, arm_end in doubtful.index[doubtful]:
        left |= (chrom == arm_chrom) & (start >= arm_start) & (start < arm_end)
    return both[~left].astype(float), [arm for arm, *_ in doubtful.index[doubtful]]


def boundaries_of_any(tables: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """chrom, start of the boundaries of any map; of neighbouring bins the strongest.

    Those of one map alone would be weaker in the others, by chance.

    Args:
        tables: chrom, start, end, boundary_strength, of each map.
    """
    every = pd.concat([t for t in tables if len(t)] or [tables[0]], ignore_index=True)
    if every.empty:
        return every[["chrom", "start"]]
    group = bioframe.cluster(every, min_dist=0)["cluster"]
    strongest = every.assign(cluster=group).sort_values("boundary_strength", ascending=False)
    once = strongest.drop_duplicates("cluster").sort_values(["chrom", "start"], ignore_index=True)
    return once[["chrom", "start"]]


def around(insulation: pd.DataFrame, borders: pd.DataFrame, size: int) -> np.ndarray:
    """Scores around boundaries, [boundaries, maps, 2 REACH + 1]; those that all maps score."""
    width = insulation.shape[1]
    if borders.empty or insulation.empty:
        return np.empty((0, width, 2 * REACH + 1))
    shifts = np.arange(-REACH, REACH + 1) * size
    where = pd.MultiIndex.from_arrays(
        [
            np.repeat(borders["chrom"].to_numpy(), len(shifts)),
            (borders["start"].to_numpy()[:, None] + shifts).ravel(),
        ]
    )
    values = insulation.reindex(where).to_numpy(dtype=float)
    values = values.reshape(len(borders), len(shifts), width).transpose(0, 2, 1)
    return values[np.isfinite(values[:, :, REACH]).all(axis=1)]


def _draw_flows(axes: Axes, names: Sequence[str], is_a: pd.DataFrame) -> None:
    """Bars of A and B for each map, bands between them; every count is written."""
    total = len(is_a)
    values = is_a.to_numpy()
    for k in range(len(names)):
        low = 0
        for kind, (colour, hatch) in KINDS.items():
            count = int((values[:, k] == (kind == "A")).sum())
            axes.bar(k, count, WIDTH, bottom=low, color=colour, hatch=hatch, edgecolor="white",
                     zorder=2)  # fmt: skip
            text = axes.text(k, low + count / 2, f"{kind}\n{count}", ha="center", va="center",
                             fontsize=8, zorder=3)  # fmt: skip
            text.set_bbox({"facecolor": "white", "lw": 0, "pad": 1.5, "alpha": 0.85})
            low += count
        if k + 1 < len(names):
            _draw_bands(axes, k, values[:, k], values[:, k + 1])
    axes.set_xticks(range(len(names)), names)
    axes.set_ylabel("bins")
    moved = int((values[:, 0] != values[:, -1]).sum())
    axes.set_title(
        f"{moved} of {total} bins ({moved / total:.1%}) switch from {names[0]} to {names[-1]}",
        fontsize=8,
    )


def _draw_bands(axes: Axes, k: int, before: np.ndarray, after: np.ndarray) -> None:
    flows = {(i, j): int(((before == i) & (after == j)).sum()) for i in (1, 0) for j in (1, 0)}
    # Bars are stacked A below, B above; within a bar what leaves for A comes first.
    left, right = {1: 0, 0: int(before.sum())}, {1: 0, 0: int(after.sum())}
    for (i, j), count in flows.items():
        x = [k + WIDTH / 2, k + 1 - WIDTH / 2]
        axes.fill_between(x, [left[i], right[j]], [left[i] + count, right[j] + count], lw=0,
                          color=LIGHT if i == j else GREY, alpha=0.6)  # fmt: skip
        if i != j and count:
            name = f"{'BA'[i]}→{'BA'[j]} {count}"
            axes.text(k + 0.5, (left[i] + right[j] + count) / 2, name, ha="center",
                      va="bottom" if i else "top", fontsize=7)  # fmt: skip
        left[i] += count
        right[j] += count


def _draw_scores(axes: Axes, names: Sequence[str], scores: pd.DataFrame) -> None:
    first, last = scores.iloc[:, 0].to_numpy(), scores.iloc[:, -1].to_numpy()
    switched = (first > 0) != (last > 0)
    axes.plot(first[~switched], last[~switched], ".", color=GREY, ms=3, alpha=0.6, label="same")
    axes.plot(first[switched], last[switched], "x", color=ORANGE, ms=4, label="switched")
    axes.axhline(0, color=DARK, lw=0.6)
    axes.axvline(0, color=DARK, lw=0.6)
    axes.set_xlabel(f"compartment score, {names[0]}")
    axes.set_ylabel(f"compartment score, {names[-1]}")
    varies = np.ptp(first) > 0 and np.ptp(last) > 0
    r = f"r = {np.corrcoef(first, last)[0, 1]:.2f}, " if varies else ""
    axes.set_title(f"{r}n = {len(first)} bins", fontsize=8)
    axes.legend(fontsize=7)


def _draw_profiles(axes: Axes, names: Sequence[str], profiles: np.ndarray, size: int) -> None:
    x = np.arange(-REACH, REACH + 1) * size / 1000
    for k, name in enumerate(names):
        axes.plot(
            x, np.nanmean(profiles[:, k], axis=0), LINES[k % len(LINES)], lw=1.2, ms=3.5,
            marker=MARKERS[k % len(MARKERS)], color=COLOURS[k % len(COLOURS)], label=name,
        )  # fmt: skip
    axes.set_xlabel("distance from the boundary (kb)")
    axes.set_title(f"mean of {len(profiles)} boundaries (of any map)", fontsize=8)
    axes.legend(fontsize=7)


def _draw_change(axes: Axes, names: Sequence[str], scores: np.ndarray) -> None:
    """Each boundary's change since the first map; the median with its interval.

    Args:
        scores: at the boundaries, [boundaries, maps].
    """
    change = scores[:, 1:] - scores[:, :1]
    generator = np.random.default_rng(1)
    n = len(change)
    labels = []
    for k, values in enumerate(change.T):
        spread = (np.arange(n) % 9 - 4) * 0.04
        axes.plot(k + spread, values, ".", color=GREY, ms=3, alpha=0.5)
        middle, low, high = median(values, generator)
        axes.vlines(k + 0.28, low, high, color=DARK, lw=2)
        axes.plot(k + 0.28, middle, "D", color=DARK, mfc="white", ms=6)
        labels.append(f"{names[k + 1]}\n{middle:+.2f}\n[{low:+.2f}, {high:+.2f}]")
    axes.axhline(0, color=DARK, lw=0.8)
    axes.set_xlim(-0.5, len(change.T) - 0.5)
    axes.set_xticks(range(change.shape[1]), labels, fontsize=7)
    axes.set_ylabel(f"insulation score − {names[0]}")
    axes.set_title(f"at the boundary, n = {n} (above 0: weaker)", fontsize=8)


def median(values: np.ndarray, generator: np.random.Generator) -> tuple[float, float, float]:
    """The median and its 95 % interval; values are drawn with replacement."""
    n = len(values)
    drawn = [
        np.median(values[generator.integers(n, size=(CHUNK, n))], axis=1)
        for _ in range(DRAWS // CHUNK)
    ]
    every = np.concatenate([[np.median(values)], *drawn])
    return (float(every[0]), *expanded_interval(every, n))


def _say(row: np.ndarray, words: str) -> None:
    for axes in row:
        axes.set_axis_off()
    row[0].text(0, 0.5, words, transform=row[0].transAxes, color=GREY)
