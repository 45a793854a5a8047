"""Genes, their expression per tissue, and the linear models and trees that predict it."""
