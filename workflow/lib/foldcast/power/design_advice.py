"""Which more of what lowers most what a design would see, in words."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from foldcast.power.imagined_designs import Design

# Column → what is said where it is known, and where it is not.
MEASURES = {
    "change_together": (
        "Genes in contact are seen to change together from a pair correlation of {} per doubling "
        "of contact on",
        "That genes in contact change together is seen at no size",
    ),
    "help_to_forecast": (
        "Neighbours are seen to help from {} on, in deviations of a gene's next innovation for "
        "one of theirs",
        "That neighbours help to forecast is seen at no size",
    ),
    "interval_width": (
        "A 90 % interval of the next time spans {} log2 at the median gene",
        "How wide an interval of the next time is, too few times say",
    ),
}
PLAIN_TIMES, PLAIN_REPLICATES = "one more time", "one more replicate of each time"


def next_designs(own: Design, depths: Collection[float]) -> dict[Design, str]:
    """Designs with a little more of one thing → what that is."""
    more = {
        Design(own.times + 1, own.replicates): PLAIN_TIMES,
        Design(own.times, own.replicates + 1): PLAIN_REPLICATES,
    }
    deeper = max(depths)
    if deeper > 1:
        more[Design(own.times, own.replicates, deeper)] = f"{deeper:g} times the reads"
    return more


def advice_on(designs: pd.DataFrame) -> pd.DataFrame:
    """measure, now, sentence: what each measure is now, and what lowers it most.

    Args:
        designs: of one dataset and graph, as `weighed` has them.
    """
    own = designs[designs["own"]].iloc[0]
    now = Design(int(own["times"]), int(own["replicates"]))
    more = next_designs(now, designs["depth"])
    keyed = designs.set_index(["times", "replicates", "depth"])
    rows = []
    for measure, (said, unknown) in MEASURES.items():
        after = {
            words: float(keyed.loc[(one.times, one.replicates, one.depth), measure])
            for one, words in more.items()
        }
        here = float(own[measure])
        sentence = said.format(f"{here:.3f}") if np.isfinite(here) else unknown
        reached = {words: value for words, value in after.items() if np.isfinite(value)}
        lower = {words: value for words, value in reached.items() if not value >= here}
        if lower:
            best = min(lower, key=lambda words: lower[words])
            others = [f"{words}: {value:.3f}" for words, value in reached.items() if words != best]
            sentence += f"; lowered most by {best}, to {lower[best]:.3f}"
            sentence += f" ({', '.join(others)})" if others else ""
        else:
            sentence += f"; neither {' nor '.join(more.values())} lowers that"
        rows.append({"measure": measure, "now": here, "sentence": f"{sentence}."})
    return pd.DataFrame(rows)


def design_in_words(own: pd.Series) -> str:
    """The table's own design, of a row of the designs."""
    n, each = int(own["replicates"]), "sample" if own["replicates"] == 1 else "samples"
    return (
        f"{own['dataset']}, {own['graph']}: {int(own['genes']):,} expressed genes, "
        f"{int(own['times'])} times, {n} {each} of each."
    )
