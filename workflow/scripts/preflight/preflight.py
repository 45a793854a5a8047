"""Look at everything that the user gave; say all mistakes at once, or what was found."""

import tempfile
from pathlib import Path

from foldcast.errors import together
from foldcast.files import atomic
from foldcast.hic.contact_formats import FORMATS
from foldcast.job import log, run
from foldcast.preflight import given_gene_sets, given_maps, given_runs, given_time_courses

COURSE = ("samples", "table", "overrides", "pairs", "targets")  # files of a dataset
RUN = ("expression", "genes", "ids", "features", "variants")  # files of a run


def main(snakemake) -> None:
    given, params = dict(snakemake.input.items()), snakemake.params
    with tempfile.TemporaryDirectory() as scratch, together() as attempt:
        genome, sizes = given_maps.look_at_sizes(attempt, given.get("sizes"), params.assembly)
        found, genes, mapped = [genome], None, set()
        if "annotation" in given:
            annotation, genes = given_maps.look_at_genes(
                attempt,
                given["annotation"],
                params.annotation_format,
                sizes,
                given.get("aliases"),
                params.alias_format,
            )
            found.append(annotation)
        for name, about in params.maps.items():
            files = dict(zip(about["names"], given[f"map_{name}"], strict=True))
            look = given_maps.look_at_map if is_cooler(about) else given_maps.look_at_contacts
            said, chromosomes = look(attempt, name, files, about, sizes)
            found.append(said)
            mapped |= chromosomes
        index = Path(scratch, "index.fai")
        if "fasta" in given:
            for about in params.runs.values():
                mapped |= {*about["chromosomes"]}
            lengths = None if sizes is None else sizes[sizes.index.isin(mapped)]
            found.append(given_maps.look_at_sequence(attempt, given["fasta"], index, lengths))
        found += look_at_time_courses(attempt, given, params, genes)
        found += look_at_runs(attempt, given, params, sizes, genes, index)
        for name, about in params.gene_sets.items():
            path = given[f"sets_{name}"]
            found.append(given_gene_sets.look_at_sets(attempt, name, path, about, genes))
        for name in params.name_tables:
            found.append(given_gene_sets.look_at_names(attempt, name, given[f"names_{name}"]))
    log.info("everything fits\n  %s", "\n  ".join(found))
    with atomic(snakemake.output.summary) as path:
        path.write_text("".join(f"{line}\n" for line in found))


def look_at_time_courses(attempt, given: dict, params, genes) -> list[str]:
    """Every dataset, and the genes that are to be drawn."""
    found, names = [], {}
    for name, about in params.datasets.items():
        files = {kind: given[f"{kind}_{name}"] for kind in COURSE if f"{kind}_{name}" in given}
        look = (
            given_time_courses.look_at_pairs
            if "pairs" in files
            else given_time_courses.look_at_dataset
        )
        about = about | {"min_times": params.min_times, "first_origin": params.first_origin}
        said, names[name] = look(attempt, name, files, about, genes)
        found.append(said)
    if names:
        given_time_courses.look_at_report(attempt, params.report_genes, names, "the config")
    return found


def look_at_runs(attempt, given: dict, params, sizes, genes, index: Path) -> list[str]:
    """The runs of the sequence half, and the weights that they share."""
    found = [given_runs.look_at_weights(attempt, given["weights"])] if "weights" in given else []
    annotation = (given["annotation"], genes) if "annotation" in given else None
    for name, about in params.runs.items():
        files = {kind: given[f"{kind}_{name}"] for kind in RUN if f"{kind}_{name}" in given}
        found.append(given_runs.look_at_run(attempt, name, files, about, sizes, annotation))
        if "variants" in files:
            of = (files["variants"], sizes, given["fasta"], index)
            found.append(given_runs.look_at_variants(attempt, name, *of))
    return found


def is_cooler(about: dict) -> bool:
    return about["options"]["format"] not in FORMATS


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
