"""Look at everything that the user gave; say all mistakes at once, or what was found."""

from foldcast import preflight
from foldcast.errors import together
from foldcast.files import atomic
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
        for name, resolutions in params.resolutions.items():
            said, chromosomes = preflight.look_at_map(
                attempt, name, given[f"map_{name}"], resolutions, sizes
            )
            found.append(said)
            mapped |= chromosomes
        if "fasta" in given:
            lengths = None if sizes is None else sizes[sizes.index.isin(mapped)]
            found.append(preflight.look_at_sequence(attempt, given["fasta"], lengths))
        for name, values in params.values.items():
            files = {
                kind: given[f"{kind}_{name}"]
                for kind in ("samples", "table", "overrides")
                if f"{kind}_{name}" in given
            }
            said = preflight.look_at_dataset(
                attempt,
                name,
                files,
                values=values,
                unit=params.units[name],
                min_times=params.min_times,
                genes=genes,
            )
            found.append(said)
    log.info("everything fits\n  %s", "\n  ".join(found))
    with atomic(snakemake.output.summary) as path:
        path.write_text("".join(f"{line}\n" for line in found))


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
