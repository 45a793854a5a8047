"""What comes from elsewhere: downloads, the genome, its chromosomes and its annotation."""
