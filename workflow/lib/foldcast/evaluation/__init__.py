"""Forecasts against baselines and bounds: scores, intervals, verdicts."""
