"""From a VCF file to effects on the predicted expression of genes."""
