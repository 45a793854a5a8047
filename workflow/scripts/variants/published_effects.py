"""Effects of variants on expression by ExPecto's published models, without training any."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from foldcast.files import atomic, write_table
from foldcast.job import log, progress, run
from foldcast.resources.chromosomes import read_sizes
from foldcast.spex.features.beluga import Beluga
from foldcast.spex.features.dna_codes import Genome, window_start
from foldcast.variants.alleles import Change, Windows, differences
from foldcast.variants.assigned_genes import assign_genes
from foldcast.variants.given_differences import check_records, read_differences
from foldcast.variants.nearby_genes import AROUND
from foldcast.variants.placed_variants import name_of, place_variants
from foldcast.variants.published_models import PublishedModel, check_width, read_model
from foldcast.variants.variant_effects import in_reach, published_weights
from foldcast.variants.variant_rows import Variants, read_variants

GROUP = 64  # variants at a time
COLUMNS = [
    *("variant", "id", "gene", "symbol", "tissue"),
    *("distance", "windows_in_reach", "effect"),
]


def main(snakemake) -> None:
    files, params = snakemake.input, snakemake.params
    variants = read_variants(
        files.variants, strict=params.strict, resolve=getattr(files, "resolve", None)
    )
    models = [read_model(path) for path in files.models]
    outputs = Outputs(snakemake, variants)
    for model, path in zip(models, files.models, strict=True):
        check_width(model, outputs.width, path)
    log.info("%s: %s", files.variants, outputs.variants.count())
    write_table(outputs.variants.skipped, snakemake.output.skipped)
    table = outputs.variants.table.reset_index(drop=True)
    variants = table.assign(variant=name_of(table))
    pairs = assign_genes(variants, files.genes, params.genes)
    with atomic(snakemake.output.effects) as path, open(path, "w") as handle:
        pd.DataFrame(columns=COLUMNS).to_csv(handle, sep="\t", index=False)
        for rows, found in outputs.groups():
            here = pairs[pairs["row"].isin(rows)]
            scored = score(here, variants, found[here["row"] - rows[0]], models, params.windows)
            scored.to_csv(handle, sep="\t", index=False, header=False, float_format="%.10g")
    log.info(
        "%d of %d variants have a gene; %d tissues",
        *(pairs["row"].nunique(), len(variants), len(models)),
    )


class Outputs:
    """Beluga's outputs, alternative − reference, in nine windows around each variant.

    variants: those of the VCF file, in the genome's chromosome names where Beluga reads it.
    """

    def __init__(self, snakemake, variants: Variants) -> None:
        files, options = snakemake.input, snakemake.params.beluga
        self.variants, self.given, self.files = variants, None, files
        if files.differences:
            rows = check_records(variants, files.variants)
            self.given = read_differences(files.differences, variants.records)[rows]
            self.width = self.given.shape[2]
            return
        sizes = read_sizes(files.sizes)
        with Genome(files.fasta, files.index) as genome:
            self.variants = place_variants(
                variants, sizes, genome, files.variants, strict=snakemake.params.strict
            )
        self.network = Beluga.of_job(files.weights, options, snakemake.threads)
        self.network.say(True)
        self.width = self.network.outputs

    def groups(self) -> Iterator[tuple[range, np.ndarray]]:
        """Rows of ``variants`` and their outputs [rows, 9, F]."""
        n = len(self.variants.table)
        starts = range(0, n, GROUP)
        for start in progress(starts, what="groups", each=(GROUP, "variants")):
            rows = range(start, min(start + GROUP, n))
            yield rows, self._read(rows) if self.given is None else self.given[rows]

    def _read(self, rows: range) -> np.ndarray:
        # The nine windows stay around the variant; of an insertion or deletion the start is fixed.
        changes = [
            Change.of(row.chrom, row.position, row.ref, row.alt)
            for row in self.variants.table.iloc[rows].itertuples()
        ]
        asked = [
            Windows(one, "left", tuple((window_start(0) + one.start + AROUND).tolist()))
            for one in changes
        ]
        with Genome(self.files.fasta, self.files.index) as genome:
            found = differences(self.network, genome, asked, reverse_complement=True)
        return np.stack([found[one] for one in asked])


def score(
    pairs: pd.DataFrame,
    variants: pd.DataFrame,
    outputs: np.ndarray,
    models: list[PublishedModel],
    windows: str,
) -> pd.DataFrame:
    """A row per pair of variant and gene and tissue.

    Args:
        outputs: of each pair's variant, [pairs, 9, F].
        windows: `published` (all nine count, rounded as published) or `within` (those within 20 kb
            of the TSS).
    """
    sign = np.where(pairs["strand"] == "-", -1, 1)
    about = variants.iloc[pairs["row"]].reset_index(drop=True)
    distance = sign * (about["position"].to_numpy() - pairs["tss"].to_numpy())
    each = distance[:, None] + sign[:, None] * AROUND
    beyond = windows == "published"
    weighted = np.stack(
        [
            published_weights(one, beyond=beyond) @ of
            for one, of in zip(each, outputs.astype(np.float64), strict=True)
        ]
        or [np.zeros((0, 0))]
    )
    table = about[["variant", "id"]].assign(
        gene=pairs["gene"].to_numpy(),
        symbol=pairs["symbol"].to_numpy(),
        distance=distance,
        windows_in_reach=in_reach(each).sum(axis=1),
    )
    tables = [
        table.assign(
            tissue=model.tissue,
            effect=model.effects(weighted, single=beyond) * about["sign"].to_numpy(),
            at=range(len(table)),
        )
        for model in models
    ]
    return pd.concat(tables).sort_values("at", kind="stable")[COLUMNS]


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
