"""Words that were ours for what the field has a word of its own for."""

import re

# For time course, map comparison, feature set, future, validation, rewired graph.
GIVEN_UP = re.compile(
    r"\b(?<!time )(?<!time-)courses?\b|\bleagues?\b|\bahead\b"
    r"|\b(?<!chromosome )(?<!treatment )arms?\b"
    r"|\bstop(ped)?\b|\b(rewired|graph|map) controls?\b|\bcontrol graphs?\b",
    re.IGNORECASE,
)
