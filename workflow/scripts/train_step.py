"""Fit one model on one graph at the first origin of a block; forecast from every origin in it."""

import json

import numpy as np
import pandas as pd
from safetensors.torch import save_file

from foldcast.errors import InputError
from foldcast.evaluation.baselines import causal_forecasts
from foldcast.files import atomic, read_table, write_table
from foldcast.graph.store import read_embedding, read_graphs
from foldcast.job import log, run
from foldcast.protocol import parse_block
from foldcast.step.losses import LossWeights
from foldcast.step.training import Fit, Options, fit, forecast
from foldcast.step.windows import Series


def main(snakemake) -> None:
    course = read_table(snakemake.input.course, dtype={"gene": str}).set_index("gene")
    options = {**snakemake.params.options, "loss": LossWeights(**snakemake.params.options["loss"])}
    base = options.pop("base")
    graphs = read_graphs(snakemake.input.graph)
    series = Series(
        values=course.to_numpy(),
        times=course.columns.astype(float).to_numpy(),
        base=causal_forecasts(course.to_numpy(), base),
        embedding=read_embedding(snakemake.input.embedding)[0],
        graphs=[(graph.edge_index, graph.edge_weight) for graph in graphs.graphs],
    )
    first, last = parse_block(snakemake.wildcards.block)
    origins = list(range(first, last + 1))
    fits: dict[int, Fit] = {}
    tables = []
    for seed in snakemake.params.seeds:
        try:
            fits[seed] = fit(series, first, Options(**options), seed)
        except ValueError as error:
            raise InputError(
                snakemake.input.course,
                found=str(error),
                expected="a course that leaves enough past at the first origin",
                remedy="raise `evaluation.first_origin`, or bring a longer course",
            ) from None
        tables.append(forecast_table(forecast(fits[seed], series, origins), course, origins, seed))
    forecasts = pd.concat(tables, ignore_index=True)
    forecasts.insert(0, "graph", snakemake.wildcards.graph)
    forecasts.insert(0, "model", snakemake.wildcards.model)
    write_table(forecasts, snakemake.output.forecasts)
    history = [{"seed": seed, **row} for seed, fitted in fits.items() for row in fitted.history]
    write_table(pd.DataFrame(history), snakemake.output.history)
    save(fits, snakemake.output.model)
    log.info("%d forecasts from origins %s", len(forecasts), snakemake.wildcards.block)


def forecast_table(
    ahead: np.ndarray, course: pd.DataFrame, origins: list[int], seed: int
) -> pd.DataFrame:
    """One row per origin and gene; ahead: [origins, genes]."""
    times = course.columns.astype(float)
    n_genes = len(course)
    return pd.DataFrame(
        {
            "seed": seed,
            "origin": np.repeat(origins, n_genes),
            "origin_time": np.repeat(times[origins], n_genes),
            "target_time": np.repeat(times[[origin + 1 for origin in origins]], n_genes),
            "gene": np.tile(course.index, len(origins)),
            "predicted": ahead.ravel(),
        }
    )


def save(fits: dict[int, Fit], path: str) -> None:
    """All seeds' weights in one file, with what is needed to use them as metadata."""
    weights = {
        f"seed{seed}.{name}": tensor.contiguous()
        for seed, fitted in fits.items()
        for name, tensor in fitted.network.state_dict().items()
    }
    metadata = {
        f"seed{seed}": json.dumps(
            {
                "window": fitted.window,
                "shrink": fitted.shrink,
                "unit": fitted.scaling.unit,
                "parameters": fitted.parameters,
                "observations": fitted.observations,
            }
        )
        for seed, fitted in fits.items()
    }
    with atomic(path) as temporary:
        save_file(weights, temporary, metadata=metadata)


if __name__ == "__main__":
    run(main, snakemake)  # noqa: F821
