"""The names that models, scores and verdicts have in sentences."""

from foldcast.forecast.forecast_names import OTHER_ARM, STACK_WITH
from foldcast.graph.map_times import NO_MAP

NAMES = {
    "stepmr": "STEPmr",
    "stepmi": "STEPmi",
    "persistence": "persistence",
    "smoothing_per_gene": "exponential smoothing per gene",
    "smoothing": "exponential smoothing",
    "moving_average_3": "moving average of 3",
    "moving_average_5": "moving average of 5",
    "running_mean": "running mean",
    "low_rank_4": "low rank, 4 components",
    "low_rank_8": "low rank, 8 components",
    "ridge_on_lags": "ridge on lags",
    "mlp_on_lags": "network without a graph",
    "local_level": "local level",
    "trends": "trends",
    "panel_ridge": "panel ridge",
    "stack": "base forecast (stack)",
    "stepmr_without_base": "STEPmr without a base",
    "stepmi_without_base": "STEPmi without a base",
    "stepmr_network": "STEPmr, deep network alone",
    "stepmi_network": "STEPmi, deep network alone",
    "stepmr_linear_path": "STEPmr, linear path alone",
    "stepmi_linear_path": "STEPmi, linear path alone",
    OTHER_ARM: "the other arm’s change",
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
SIGNS = {"better": "▲", "worse": "▼", "the same": "=", "cannot be decided": "◆"}


def named(model: str, graph: str = "-") -> str:
    """A model in words, and the graph it was given."""
    name = NAMES.get(model, model.replace("_", " "))
    if model.startswith(STACK_WITH):
        name = f"base forecast with {named(model.removeprefix(STACK_WITH))}"
    if graph == NO_MAP:
        return f"{name} without a map"
    return name if graph == "-" else f"{name} on {graph}"
