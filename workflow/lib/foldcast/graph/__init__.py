"""From Hi-C features and an expression time course to a graph of genes per time, and embeddings."""
