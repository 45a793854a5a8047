"""One library of gene sets by name from Enrichr."""

from pathlib import Path
from urllib.parse import urlencode

from foldcast.enrichment.gene_sets import read_gmt
from foldcast.errors import InputError
from foldcast.job import log, run
from foldcast.resources.download import fetch


def main(snakemake) -> None:
    params, library = snakemake.params, snakemake.output.library
    query = urlencode({"mode": "text", "libraryName": params.name})
    url = f"{params.service}/geneSetLibrary?{query}"
    try:
        # No mirror: it keeps files by path, and all libraries have one.
        fetch(url, library)
        sets = read_gmt(library)
    except InputError as error:
        Path(library).unlink(missing_ok=True)
        raise InputError(
            params.service,
            place=f"library {params.name}",
            found=error.found,
            expected="gene sets: Enrichr sends nothing for a name that it does not know",
            remedy="check the name (https://maayanlab.cloud/Enrichr/#libraries), or save the "
            f"library as a GMT file and give it as `path`; if the name is right, {error.remedy}",
        ) from None
    log.info("Enrichr's library %s: %d sets", params.name, len(sets))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
