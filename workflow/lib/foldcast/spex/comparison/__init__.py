"""Scores of held-out predictions, and which contact map helps."""
