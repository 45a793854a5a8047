"""Which chromatin marks a model takes from the places that touch a TSS."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from foldcast.errors import InputError
from foldcast.files import read_columns

SIDES = ("downstream", "upstream")  # the rows of the distal block
COLUMNS = [
    "model", "output", "name", "assay", *SIDES, "share", "control", "gain", "effect",
]  # fmt: skip
SUMMARY = ["model", "fits", "controls", "outputs", "above_control", "sentence"]
NAMED = 3


def importance(predictor: Any, spread: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How much a fitted model makes of each feature of its distal block.

    Linear: the coefficient times the feature's standard deviation, i.e. how much predictions
    differ between genes by it. Trees: the sum of what splits on it gained in training; which way
    it works is not known there.

    Args:
        predictor: of `foldcast.spex.models.saved_models`; the last features are the distal block.
        spread: [2 · outputs] standard deviations over genes of the block's features.

    Returns:
        shares of the block, [2, outputs], of which the sum is 1 (0 where the model does not use
        the block); and signed effects, [2, outputs], NaN where not known.
    """
    width = len(spread)
    if predictor.linear:
        effect = predictor.coef[-width:] * spread
        weight = np.abs(effect)
    else:
        weight = np.zeros(predictor.width)
        for name, gain in predictor.booster.get_score(importance_type="total_gain").items():
            weight[int(name.removeprefix("f"))] = gain
        weight, effect = weight[-width:], np.full(width, np.nan)
    total = weight.sum()
    shares = weight / total if total > 0 else weight
    return shares.reshape(2, -1), effect.reshape(2, -1)


def mark_table(
    model: str,
    fits: Iterable[tuple[np.ndarray, np.ndarray]],
    controls: Sequence[tuple[np.ndarray, np.ndarray]],
    names: pd.DataFrame,
) -> pd.DataFrame:
    """The marks of a model, most important first, as `COLUMNS`.

    Args:
        fits: of `importance`, every tissue, seed and fold.
        controls: the same of models of control contacts: partners shuffled at the same distances.
        names: name and assay of each output.
    """
    found = list(fits)
    sides = np.mean([shares for shares, _ in found], axis=0)
    effect = np.mean([effects for _, effects in found], axis=0).sum(axis=0)
    control = (
        np.mean([shares for shares, _ in controls], axis=0).sum(axis=0)
        if controls
        else np.full(sides.shape[1], np.nan)
    )
    table = names.assign(
        model=model,
        output=np.arange(sides.shape[1]),
        **dict(zip(SIDES, sides, strict=True)),
        share=sides.sum(axis=0),
        control=control,
        effect=effect,
    )
    table["gain"] = table["share"] - table["control"]
    key = "gain" if controls else "share"
    return table.sort_values([key, "output"], ascending=[False, True], kind="stable")[COLUMNS]


def read_output_names(path: str | Path | None, outputs: int) -> pd.DataFrame:
    """Name and assay of each of Beluga's outputs: a table with a line for each, in their order.

    Raises:
        InputError: no column ``name``, or another number of lines than outputs.
    """
    if not path:
        return pd.DataFrame({"name": [f"output {k}" for k in range(outputs)], "assay": ""})
    table = read_columns(path)
    if "name" not in table or len(table) != outputs:
        raise InputError(
            path,
            found=f"{len(table)} lines with the columns {', '.join(table.columns)}",
            expected=f"a header with `name` (and perhaps `assay`), and {outputs} lines: an output "
            "of Beluga each, in their order",
            remedy="mend the table, or leave it out (`enrichment.outputs: null`)",
        )
    if "assay" not in table:
        table["assay"] = ""
    return table[["name", "assay"]].reset_index(drop=True)


def sentence(map: str, table: pd.DataFrame, n_fits: int, n_controls: int) -> str:
    """Which marks a model takes from a map, in words."""
    model = table["model"].iloc[0]
    if not table["share"].any():
        return f"The {model} models do not use what touches the TSS in {map}."
    first = ", ".join(
        f"{row.name_} ({100 * row.share:.1f} %"
        + (f" against {100 * row.control:.1f} % with shuffled partners)" if n_controls else ")")
        for row in table[:NAMED].rename(columns={"name": "name_"}).itertuples()
    )
    over = "more than with shuffled partners" if n_controls else "most"
    return (
        f"Of what the {model} models take from the places that touch the TSS in {map}, {over} is "
        f"{first}: shares of the {len(table)} outputs, means over {n_fits} fits. This describes "
        "the models; outputs that go along with each other share what one of them says."
    )
