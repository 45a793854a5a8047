"""Fits on disk: weights as safetensors, the losses of each epoch as a table."""

import json
from pathlib import Path

import pandas as pd
from safetensors.torch import save_file

from foldcast.files import atomic, write_table
from foldcast.step.training import Fit


def save_fits(fits: dict[int, Fit], path: str | Path) -> None:
    """All seeds' weights in one file, with what is needed to use them as metadata `fits`.

    One entry, since safetensors writes several in random order.
    """
    weights = {
        f"seed{seed}.{name}": tensor.cpu().contiguous()
        for seed, fitted in fits.items()
        for name, tensor in fitted.network.state_dict().items()
    }
    about = {
        f"seed{seed}": {
            "window": fitted.window,
            "shrink": fitted.shrink,
            "centre": fitted.scaling.centre,
            "unit": fitted.scaling.unit,
            "parameters": fitted.parameters,
            "observations": fitted.observations,
        }
        for seed, fitted in fits.items()
    }
    with atomic(path) as temporary:
        save_file(weights, temporary, metadata={"fits": json.dumps(about)})


def write_history(fits: dict[int, Fit], path: str | Path) -> None:
    """One row per seed and epoch: losses, and whether the epoch was the one used."""
    rows = [{"seed": seed, **row} for seed, fitted in fits.items() for row in fitted.history]
    write_table(pd.DataFrame(rows), path)
