"""What genes have in common: lists and rankings of genes against sets of genes."""
