"""Look at everything that the user gave; say all mistakes at once, or what was found."""

from foldcast import preflight
from foldcast.errors import together
from foldcast.files import atomic
from foldcast.hic.contacts import FORMATS
from foldcast.job import log, run


def main(snakemake) -> None:
    given, params = dict(snakemake.input.items()), snakemake.params
    with together() as attempt:
        genome, sizes = preflight.look_at_sizes(attempt, given.get("sizes"), params.assembly)
        annotation, genes = preflight.look_at_genes(
            attempt,
            given["annotation"],
            params.annotation_format,
            sizes,
            given.get("aliases"),
            params.alias_format,
        )
        found, mapped = [genome, annotation], set()
        for name, about in params.maps.items():
            files = dict(zip(about["names"], given[f"map_{name}"], strict=True))
            look = preflight.look_at_map if is_cooler(about) else preflight.look_at_contacts
            said, chromosomes = look(attempt, name, files, about, sizes)
            found.append(said)
            mapped |= chromosomes
        if "fasta" in given:
            lengths = None if sizes is None else sizes[sizes.index.isin(mapped)]
            found.append(preflight.look_at_sequence(attempt, given["fasta"], lengths))
        for name, about in params.datasets.items():
            files = {
                kind: given[f"{kind}_{name}"]
                for kind in ("samples", "table", "overrides", "pairs")
                if f"{kind}_{name}" in given
            }
            look = preflight.look_at_pairs if "pairs" in files else preflight.look_at_dataset
            found.append(look(attempt, name, files, about, params.min_times, genes))
    log.info("everything fits\n  %s", "\n  ".join(found))
    with atomic(snakemake.output.summary) as path:
        path.write_text("".join(f"{line}\n" for line in found))


def is_cooler(about: dict) -> bool:
    return about["options"]["format"] not in FORMATS


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
