"""Parts of the names of forecasts. Used when the workflow is parsed too: light."""

OTHER_ARM = "other_arm"  # the other arm's change over the same step
STACK_WITH = "stack_with_"  # before the name of what has a column in the stack
