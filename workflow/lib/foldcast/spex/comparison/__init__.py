"""Held-out predictions scored, and which map helps."""
