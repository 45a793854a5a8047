"""The places that each TSS touches in a map, and what they are held against."""

import cooler

from foldcast.files import read_table
from foldcast.job import log, progress, run
from foldcast.spex.contacts.control_contacts import expected, shuffled
from foldcast.spex.contacts.map_contacts import bins_of, expected_of, tss_contacts
from foldcast.spex.contacts.place_signal import PlaceActivity
from foldcast.spex.contacts.tss_contacts import (
    OBSERVED_OVER_EXPECTED,
    Options,
    own_share,
    write_feature_sets,
)


def main(snakemake) -> None:
    """Write the contacts of one map, and its control contacts."""
    params = snakemake.params
    options, kinds = Options(**params.contacts), params.control_contacts.get("kinds", [])
    clr = cooler.Cooler(snakemake.input.map)
    names = {"gene": str, "chrom": str}
    table = read_table(snakemake.input.genes, dtype=names)
    chroms = list(table["chrom"].unique())
    curve = None
    if options.value == OBSERVED_OVER_EXPECTED or "expected" in kinds:
        curve = expected_of(clr, chroms, snakemake.threads)
    signal, enhancers = (snakemake.input.get(kind) or None for kind in ("signal", "enhancers"))
    places = PlaceActivity(signal, enhancers, chroms) if signal or enhancers else None
    genes, feature_sets = {}, {}
    for chrom, here in progress(table.groupby("chrom", sort=False), what="chromosomes"):
        bins = bins_of(clr, chrom, curve, places)
        contacts = tss_contacts(clr, chrom, here, options, bins)
        feature_sets[chrom] = {params.source: contacts}
        if "expected" in kinds:
            control = expected(contacts.touched, here, options, bins)
            feature_sets[chrom][f"{params.source}+expected"] = control
        for seed in params.control_contacts["seeds"] if "shuffled" in kinds else []:
            control = shuffled(contacts, chrom, here, options, bins, seed)
            feature_sets[chrom][f"{params.source}+shuffled{seed}"] = control
            log.info(
                "%s, seed %d: %.1f %% of shuffled partners are the gene's own (it touches all bins "
                "at that distance): only their weights change places",
                *(chrom, seed, 100 * own_share(contacts, control)),
            )
        genes[chrom] = here["gene"].tolist()
        with_contacts = (contacts.indptr[1:] > contacts.indptr[:-1]).sum()
        log.info(
            "%s: %d contacts of %d of %d genes",
            *(chrom, len(contacts.start), with_contacts, len(here)),
        )
    write_feature_sets(snakemake.output.contacts, genes, feature_sets, clr.binsize, options)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
