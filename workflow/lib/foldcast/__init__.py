"""foldcast: what several scripts share, free of Snakemake."""
