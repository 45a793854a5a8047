"""Fits on disk: weights as safetensors, the losses of each epoch and what came of it as tables."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from safetensors.torch import save_file

from foldcast.files import atomic, write_table
from foldcast.step.fitted_networks import WHOLE, Fit, outputs
from foldcast.step.networks import LINEAR_PATH, NETWORK
from foldcast.step.windows import Series

Fits = Mapping[tuple[str, int], Fit]  # by the name of the model and the seed


def save_fits(fits: Fits, path: str | Path) -> None:
    """All weights in one file, with what is needed to use them as metadata `fits`.

    One entry, since safetensors writes several in random order.
    """
    weights = {
        f"{model}.seed{seed}.{name}": tensor.cpu().contiguous()
        for (model, seed), fitted in fits.items()
        for name, tensor in fitted.network.state_dict().items()
    }
    about = {
        f"{model}.seed{seed}": {
            "window": fitted.window,
            "shares": dict(fitted.shares),
            "centre": fitted.scaling.centre,
            "unit": fitted.scaling.unit,
            "parameters": fitted.parameters,
            "observations": fitted.observations,
        }
        for (model, seed), fitted in fits.items()
    }
    with atomic(path) as temporary:
        save_file(weights, temporary, metadata={"fits": json.dumps(about)})


def write_history(fits: Fits, path: str | Path) -> None:
    """One row per fit and epoch: losses, and whether the epoch was the one used."""
    rows = [
        {"model": model, "seed": seed, **row}
        for (model, seed), fitted in fits.items()
        for row in fitted.history
    ]
    write_table(pd.DataFrame(rows), path)


def fits_table(fits: Fits, series: Mapping[str, Series], origins: Sequence[int]) -> pd.DataFrame:
    """One row per fit: what was chosen, and how large what it adds is.

    Args:
        fits: those of one block of origins.
        series: model → what it was fitted on.
        origins: those of the block.

    Returns:
        model, seed, first_origin, last_origin, epochs, best_epoch (0: the base alone), share (of
        the whole), rms of the whole and of its parts over the block's origins, in log2 and before
        the share is taken; parameters, observations, parameters_per_observation.
    """
    rows = []
    for (model, seed), fitted in fits.items():
        made = outputs(fitted, series[model], origins)
        rms = {part: float(np.sqrt(np.mean(values**2))) for part, values in made.items()}
        rows.append(
            {
                "model": model,
                "seed": seed,
                "first_origin": origins[0],
                "last_origin": origins[-1],
                "epochs": len(fitted.history),
                "best_epoch": fitted.best_epoch,
                "share": fitted.shares[WHOLE],
                "rms": rms[WHOLE],
                "rms_linear_path": rms.get(LINEAR_PATH, np.nan),
                "rms_network": rms[NETWORK],
                "parameters": fitted.parameters,
                "observations": fitted.observations,
                "parameters_per_observation": fitted.parameters / fitted.observations,
            }
        )
    return pd.DataFrame(rows)
