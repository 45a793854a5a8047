"""Download one file by URL and checksum, from a mirror or the network."""

import os

from foldcast.job import run
from foldcast.resources.download import fetch


def main(snakemake):
    # The mirror is no param: the file is the same wherever it came from.
    fetch(
        snakemake.params.url,
        snakemake.output.file,
        snakemake.params.checksum,
        os.environ.get("FOLDCAST_MIRROR"),
    )


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
