"""From the names of genes in a user's table to genes of the annotation, saying how."""
