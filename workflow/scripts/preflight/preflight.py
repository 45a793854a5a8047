"""Look at everything that the user gave; say all mistakes at once, or what was found."""

import tempfile
from pathlib import Path

from foldcast.files import atomic
from foldcast.hic.contact_formats import FORMATS
from foldcast.job import log, run
from foldcast.preflight import (
    given_forecasters,
    given_gene_sets,
    given_maps,
    given_time_courses,
    given_variants,
)
from foldcast.preflight.unforeseen import every_mistake

COURSE = ("samples", "table", "overrides", "pairs", "targets")  # files of a dataset


def main(snakemake) -> None:
    given, params = dict(snakemake.input.items()), snakemake.params
    with tempfile.TemporaryDirectory() as scratch, every_mistake() as attempt:
        look = Looks(attempt)
        _, sizes = look(given_maps.look_at_sizes, given.get("sizes"), params.assembly, rest=[None])
        genes, mapped = None, set()
        if "annotation" in given:
            _, genes = look(
                given_maps.look_at_genes,
                given["annotation"],
                params.annotation_format,
                sizes,
                given.get("aliases"),
                params.alias_format,
                rest=[None],
            )
        if "centromeres" in given:
            look(given_maps.look_at_centromeres, given["centromeres"], sizes)
        # Maps are asked about the genes of time courses, and stand before these in what is said.
        time_courses = Looks(attempt)
        loci = look_at_time_courses(time_courses, given, params, genes)
        for name, about in params.maps.items():
            files = dict(zip(about["names"], given[f"map_{name}"], strict=True))
            how = given_maps.look_at_map if is_raw(about) else given_maps.look_at_contacts
            _, chromosomes = look(how, name, files, about, sizes, loci, rest=[set()])
            look(given_maps.count_genes, name, genes, chromosomes)
            mapped |= chromosomes
        index = Path(scratch, "index.fai")
        if "fasta" in given:
            mapped |= {chrom for about in params.runs.values() for chrom in about["chromosomes"]}
            lengths = None if sizes is None else sizes[sizes.index.isin(mapped)]
            look(given_maps.look_at_sequence, given["fasta"], index, lengths)
        if any(about["asked_later"] for about in params.datasets.values()):
            of = params.species, params.assembly
            look(given_gene_sets.look_at_answers, given.get("cache"), *of)
        for name, path in params.courses.items():
            first = params.first_origin
            look(given_forecasters.look_at_course, name, path, params.functions, first)
        look.found += time_courses.found
        panels = {f"dataset {name}": loci[name] for name in loci if asked_now(params, name)}
        panels |= look_at_runs(look, given, params, sizes, genes, index)
        for name, about in params.published.items():
            look(given_variants.look_at_published, name, given, about, genes, sizes, index)
        for name, about in params.gene_sets.items():
            of_sets = (about, genes, panels, given.get(f"names_{about['names']}"))
            look(given_gene_sets.look_at_sets, name, given[f"sets_{name}"], *of_sets)
        for name in params.name_tables:
            look(given_gene_sets.look_at_names, name, given[f"names_{name}"])
    log.info("everything fits\n  %s", "\n  ".join(look.found))
    with atomic(snakemake.output.summary) as path:
        path.write_text("".join(f"{line}\n" for line in look.found))


class Looks:
    """Calls functions that look at one thing each, and keeps what they say of it."""

    def __init__(self, attempt) -> None:
        self._attempt = attempt
        self.found: list[str] = []

    def __call__(self, look, *args, rest=()):
        """What is said, with what else `look` returns: ``rest`` where it met an unforeseen end."""
        seen = self._attempt(look, self._attempt, *args) or (("", *rest) if rest else "")
        if said := seen[0] if rest else seen:
            self.found.append(str(said))
        return seen


def look_at_time_courses(look: Looks, given: dict, params, genes) -> dict:
    """Every dataset, and the genes that are to be drawn; the loci of each, where it has any."""
    names, loci = {}, {}
    for name, about in params.datasets.items():
        files = {kind: given[f"{kind}_{name}"] for kind in COURSE if f"{kind}_{name}" in given}
        how = (
            given_time_courses.look_at_pairs
            if "pairs" in files
            else given_time_courses.look_at_dataset
        )
        about = about | {"first_origin": params.first_origin}
        _, names[name], placed = look(how, name, files, about, genes, rest=[None, None])
        if placed is not None:
            loci[name] = placed
    for graph, about in params.edges.items():
        panels = {name: names[name] for name in about["datasets"]}
        look(given_time_courses.look_at_edges, graph, given[f"edges_{graph}"], about, panels)
    for name, about in params.datasets.items():
        pair = [name, about["against"]]
        if about["against"] and all(f"samples_{one}" in given for one in pair):
            sheets = {one: (given[f"samples_{one}"], params.datasets[one]["arm"]) for one in pair}
            look(given_forecasters.look_at_arms, name, about["against"], sheets, names)
    if names:
        look(given_time_courses.look_at_report, params.report_genes, names, "the config")
    return loci


def asked_now(params, name: str) -> bool:
    """Whether a dataset's genes can be looked for in gene sets already."""
    about = params.datasets[name]
    return about["nodes"] != "mirna" and not about["asked_later"]


def look_at_runs(look: Looks, given: dict, params, sizes, genes, index: Path) -> dict:
    """The runs of the sequence half, and the weights that they share; the genes of those."""
    if not params.runs and "weights" not in given:
        return {}
    from foldcast.preflight import given_runs  # brings torch, which takes seconds

    if "weights" in given:
        of = given.get("outputs"), given.get("tables", ()), params.beluga
        look(given_runs.look_at_weights, given["weights"], *of)
    annotation = (given["annotation"], genes) if "annotation" in given else None
    found = {}
    for name, about in params.runs.items():
        files = {key.removesuffix(f"_{name}"): paths for key, paths in given.items()}
        _, joined = look(given_runs.look_at_run, name, files, about, sizes, annotation, rest=[None])
        if joined is not None and about["ranked"]:
            found[f"run {name}"] = joined
        look(given_runs.look_at_predicted, name, files, about, sizes, annotation, joined)
        of_genome = sizes, given["fasta"], index
        look(given_variants.look_at_variants, name, files, about, *of_genome, joined)
    return found


def is_raw(about: dict) -> bool:
    return about["options"]["format"] not in FORMATS


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
