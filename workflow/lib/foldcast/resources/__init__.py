"""Resources: downloads, the genome, its chromosomes and genes."""
