"""Rows of a table that are one gene: kept apart or merged, decided by names and never by values."""

import pandas as pd

from foldcast.job import log


def mark_merged(
    loci: pd.DataFrame, report: pd.DataFrame, rule: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Which rows are one gene, and what becomes of them.

    Args:
        loci, report: one row per measured row, as `name_resolution.resolve_panel` gives them.
        rule: ``keep``: every row stays a gene of its own; ``merge``: rows of one gene id become
            one gene, named as the first of them.

    Returns:
        loci (one row per gene that is left) and the report with a column merged_into, the gene
        that a row is merged into, missing where it stays itself.
    """
    first = loci.groupby("gene_id")["gene"].transform("first")
    later = first.notna() & first.ne(loci["gene"])
    merged = later & (rule == "merge")
    for gene in first[later].unique():
        rows = loci.loc[first.eq(gene), "gene"]
        what = f"merged as {gene}" if rule == "merge" else "kept apart"
        log.info("one gene, %s: rows %s", what, ", ".join(rows))
    report = report.assign(merged_into=first.where(merged))
    said = report["explanation"] + "; merged into " + first.fillna("")
    report["explanation"] = report["explanation"].mask(merged, said)
    return loci[~merged].reset_index(drop=True), report


def merge_rows(measured: pd.DataFrame, merged_into: pd.Series) -> pd.DataFrame:
    """The mean (of log2) of the rows of each gene; genes in the order of their first rows.

    Args:
        measured: gene × sample.
        merged_into: gene → the gene that its row is merged into, or missing.
    """
    merged_into = merged_into.reindex(measured.index)
    if merged_into.isna().all():
        return measured
    genes = merged_into.fillna(measured.index.to_series()).rename("gene")
    return measured.groupby(genes, sort=False).mean()
