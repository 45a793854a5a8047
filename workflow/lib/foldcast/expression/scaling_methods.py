"""How counts are scaled where nobody says how. Used when the workflow is parsed too: light."""

MEDIAN_OF_RATIOS = "median_of_ratios"


def method_of(normalise: str, values: str) -> str:
    """What `normalise` means for such values, where it is ``auto``."""
    if normalise != "auto":
        return normalise
    return MEDIAN_OF_RATIOS if values == "counts" else "none"
