"""Exports, figures and tables in one archive; the same files give the same bytes."""

import zipfile
from pathlib import Path

from foldcast.files import atomic
from foldcast.job import log, run

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the first date that the format knows


def main(snakemake) -> None:
    folder = Path(snakemake.output.archive).parents[1]
    with atomic(snakemake.output.archive) as target, zipfile.ZipFile(target, "w") as archive:
        for path in sorted({str(path) for path in snakemake.input}):
            entry = zipfile.ZipInfo(f"{folder.name}/{Path(path).relative_to(folder)}", LONG_AGO)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, Path(path).read_bytes())
        n = len(archive.namelist())
    log.info("%d files, %.1f MB", n, Path(snakemake.output.archive).stat().st_size / 1e6)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
