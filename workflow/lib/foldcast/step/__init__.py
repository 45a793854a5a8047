"""STEPmr and STEPmi: from a time course and its graphs to fits and forecasts."""
