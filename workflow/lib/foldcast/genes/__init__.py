"""Genes: from names in a table to genes of the annotation, and what mygene.info adds."""
