"""What other designs of an experiment would see: more genes, times, replicates or reads."""
