"""Bring a contact map to the genome's chromosome names, with balancing weights."""

import pandas as pd

from foldcast.hic.balancing import Balance
from foldcast.hic.contact_formats import FORMATS, import_contacts, read_contacts
from foldcast.hic.map_import import import_map
from foldcast.job import run


def main(snakemake) -> None:
    """Import one resolution of one map."""
    params, files = snakemake.params, list(snakemake.input.map)
    resolution, balance = int(params.resolution), Balance(**params.balance)
    columns = ["chrom", "length"]
    table = pd.read_csv(snakemake.input.sizes, sep="\t", names=columns, dtype={"chrom": str})
    sizes, target = table.set_index("chrom")["length"], snakemake.output.map
    if (form := params.options["format"]) in FORMATS:
        names = dict(zip(params.names, files, strict=True))
        contacts = read_contacts(names, params.options, resolution, sizes)
        import_contacts(contacts, form, resolution, sizes, target, balance.ignore_diags)
    else:
        import_map(files[0], resolution, sizes, target, balance, threads=snakemake.threads)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
