"""Bring a contact map to the genome's chromosome names, with balancing weights."""

from foldcast.hic.balancing import Balance
from foldcast.hic.contact_formats import FORMATS, import_contacts, read_contacts
from foldcast.hic.map_import import import_map
from foldcast.job import run
from foldcast.resources.chromosomes import read_sizes


def main(snakemake) -> None:
    """Import one resolution of one map."""
    params, files = snakemake.params, list(snakemake.input.map)
    resolution, balance = int(params.resolution), Balance(**params.balance)
    sizes, target = read_sizes(snakemake.input.sizes), snakemake.output.map
    names = dict(zip(params.names, files, strict=True))
    if (form := params.options["format"]) in FORMATS:
        contacts = read_contacts(names, params.options, resolution, sizes)
        import_contacts(contacts, form, resolution, sizes, target, balance.ignore_diags)
    else:
        bins = names.get("bins")
        import_map(names["map"], resolution, sizes, target, balance, snakemake.threads, bins)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
