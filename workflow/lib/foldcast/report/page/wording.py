"""The names that models, scores and verdicts have in sentences."""

NAMES = {
    "stepmr": "STEPmr",
    "stepmi": "STEPmi",
    "persistence": "persistence",
    "smoothing_per_gene": "exponential smoothing per gene",
    "smoothing": "exponential smoothing",
    "moving_average_3": "moving average of 3",
    "moving_average_5": "moving average of 5",
    "running_mean": "running mean",
    "noise_floor": "replicate noise",
    "oracle_local_level": "oracle local level",
    "interpolation": "two-sided interpolation",
    "expecto": "ExPecto",
    "linear": "linear model",
    "trees": "boosted trees",
}

BOUNDS = {
    "noise_floor": "what the spread of replicates allows",
    "oracle_local_level": "its smoothing chosen on the scored times",
    "interpolation": "sees the time after as well",
}

# Said with a sign of its own: nothing by colour alone.
SIGNS = {"better": "▲", "worse": "▼", "cannot be decided": "◆"}

GLOSSARY = {
    "persistence": "The forecast that nothing changes: the last value again.",
    "skill": "1 − MSE / MSE of persistence. 0 is as good as persistence, 1 is perfect, "
    "below 0 is worse than doing nothing.",
    "origin": "A time from which a forecast is made. Only what was known by then is used; the "
    "origin then rolls on, so that every later time is forecast once.",
    "95 % interval": "From a bootstrap that draws stretches of origins (or of neighbouring genes). "
    "Where the interval of a difference holds 0, which is better cannot be decided.",
    "exponential smoothing per gene": "A weighted mean of a gene's past, recent times counting "
    "most. It is the comparator that was fixed before anything was scored.",
    "replicate noise": "Even a perfect forecast of the true level misses the measured mean by this "
    "much: no method can be expected above this bound.",
    "PC1": "The first principal component of the samples: the one pattern that explains most of "
    "their differences. Where it follows the samples' mean, it is how much RNA each had.",
    "rewired control": "The graph with its pairs replaced by others at the same distances. A map "
    "says something only where its own graph does better than that.",
    "compartment": "A (open, active) or B (closed): the large-scale state of a stretch of genome.",
    "insulation": "How much a place keeps the contacts of its two sides apart; dips are the "
    "boundaries of TADs.",
    "ExPecto": "Expression predicted from the sequence around a gene's start alone.",
    "SpEx": "The same, with the sequence of the places that touch the gene's start in 3D.",
    "q": "p corrected for how many sets were tested, in every list (Benjamini and Hochberg).",
}


def named(model: str, graph: str = "-") -> str:
    """A model in words, and the graph it was given."""
    name = NAMES.get(model, model.replace("_", " "))
    return name if graph == "-" else f"{name} on {graph}"
