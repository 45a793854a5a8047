"""Parts of the names of forecasts. Used when the workflow is parsed too: light."""

STACK_WITH = "stack_with_"  # before the name of what has a column in the stack
