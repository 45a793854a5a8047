"""Find the genes of a panel in the gene sets, under whatever name these have for them."""

import pandas as pd

from foldcast.enrichment import gene_identifiers
from foldcast.enrichment.gene_sets import read_gmt
from foldcast.files import read_table, write_table
from foldcast.job import log, run

TEXT = dict.fromkeys(("gene", "symbol", "gene_id", "aliases"), str)


def main(snakemake) -> None:
    given, params = snakemake.input, snakemake.params
    rows = read_table(given.panel, usecols=["gene"], dtype=str)["gene"]
    panel = gene_identifiers.panel_genes(read_table(given.loci, dtype=TEXT), rows)
    log.info("%d rows are %d genes with a symbol", len(rows), len(panel))
    annotation = pd.DataFrame(columns=["gene", "symbol", "aliases"], dtype=str)
    if given.annotation:  # a table of genes of one's own may do without
        annotation = read_table(given.annotation, dtype=TEXT)
    own = gene_identifiers.own_names(panel, annotation)
    names = {name: gene_identifiers.read_names(path) for name, path in tables(given.names, params)}
    sets, matched = [], []
    for (name, about), path in zip(params.collections.items(), given.sets, strict=True):
        gmt = read_gmt(path, set(annotation["symbol"].dropna()))
        universe = {gene for genes in gmt.values() for gene in genes}
        found = gene_identifiers.match(
            panel["gene"],
            names.get(about["names"], own),
            universe,
            about["identifiers"],
            ignore_case=about["ignore_case"],
            symbols=set() if about["foreign"] else set(annotation["symbol"].dropna()),
        )
        gene_identifiers.check_found(found, universe, path)
        log.info(
            "%s: %d sets; %d of %d genes are in them",
            name,
            len(gmt),
            found["name"].count(),
            len(found),
        )
        sets += [(name, *row) for row in panel_sets(gmt, found)]
        matched.append(found.assign(collection=name))
    columns = ["collection", "set", "size", "size_in_panel", "genes"]
    write_table(pd.DataFrame(sets, columns=columns), snakemake.output.sets)
    table = pd.concat(matched, ignore_index=True)
    table.insert(0, "collection", table.pop("collection"))
    write_table(table, snakemake.output.identifiers)


def tables(paths: list[str], params) -> list[tuple[str, str]]:
    """Tables of names by the species that they are for."""
    return list(zip(params.names, paths, strict=True))


def panel_sets(gmt, found: pd.DataFrame):
    """Sets with a gene of the panel: name, size, size in the panel, the panel's genes."""
    here = found.dropna(subset="name")
    gene_of = dict(zip(here["name"], here["gene"], strict=True))
    for name, genes in gmt.items():
        inside = [gene_of[gene] for gene in genes if gene in gene_of]
        if inside:
            yield name, len(genes), len(inside), "|".join(inside)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
