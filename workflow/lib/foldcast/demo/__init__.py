"""A simulated genome, contact map and expression course in real formats, with the truth beside."""
