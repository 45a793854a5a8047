"""A simulated genome, contact map and expression time course in real formats, and the truth."""
