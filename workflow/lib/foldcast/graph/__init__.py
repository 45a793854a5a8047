"""From Hi-C features and an expression course to one graph of genes per time, and embeddings."""
