"""Figures and the page: what the other stages found, drawn and said."""
