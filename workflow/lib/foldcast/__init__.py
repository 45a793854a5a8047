"""foldcast: what several scripts share, free of Snakemake."""

__version__ = "0.2.0"  # see docs/versioning.md
