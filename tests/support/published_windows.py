"""Beluga and ExPecto's features window by window, written from the published text alone.

The oracle of the tests: it shares no line with the library, takes a chromosome as a string and
positions as the text gives them (1-based), and computes every window by itself.
"""

import math

import numpy as np
import torch
from torch import nn

torch.set_num_threads(1)  # more only wait for each other in networks as small as these

WIDTHS = (320, 320, 480, 480, 640, 640)
SMALL = (8, 12, 16, 10, 12, 8)


def random_weights(widths=WIDTHS, hidden=2003, outputs=2002, seed=1) -> dict[str, torch.Tensor]:
    """Seeded weights by Beluga's keys, scaled so that activations keep their size."""
    generator = torch.Generator().manual_seed(seed)
    sizes = {}
    before = 4
    for index, width in zip((0, 2, 6, 8, 12, 14), widths, strict=True):
        sizes[f"model.0.{index}"] = (width, before, 1, 8)
        before = width
    sizes["model.1.2.1"] = (hidden, 106 * before)
    sizes["model.1.4.1"] = (outputs, hidden)
    state = {}
    for name, size in sizes.items():
        scale = math.sqrt(2 / math.prod(size[1:]))
        state[f"{name}.weight"] = torch.randn(size, generator=generator) * scale
        state[f"{name}.bias"] = torch.randn(size[0], generator=generator) * 0.1
    return state


class Network:
    """Six valid convolutions with kernel (1, 8), pools of 4, a flattened head of two layers."""

    def __init__(self, state: dict[str, torch.Tensor]) -> None:
        shapes = {name: value.shape for name, value in state.items()}
        first: list[nn.Module] = []
        for index in (0, 2, 6, 8, 12, 14):
            width, before = shapes[f"model.0.{index}.weight"][:2]
            first += [nn.Conv2d(before, width, (1, 8)), nn.ReLU()]
            if index in (2, 8):
                first += [nn.Dropout(0.2), nn.MaxPool2d((1, 4), (1, 4))]
        first += [nn.Dropout(0.5)]
        # Linear layers are the second of a pair, as the keys say.
        hidden, columns = shapes["model.1.2.1.weight"]
        linear = [nn.Linear(columns, hidden), nn.Linear(hidden, shapes["model.1.4.1.weight"][0])]
        second = [
            nn.Dropout(0),
            nn.Flatten(),
            nn.Sequential(nn.Identity(), linear[0]),
            nn.ReLU(),
            nn.Sequential(nn.Identity(), linear[1]),
            nn.Sigmoid(),
        ]
        self.net = nn.Module()
        self.net.model = nn.Sequential(nn.Sequential(*first), nn.Sequential(*second))
        self.net.load_state_dict(state, assign=True)
        self.net.eval()

    def __call__(self, windows: list[str]) -> np.ndarray:
        """Outputs [windows, outputs] of strings of 2,000 letters."""
        x = torch.stack([one_hot(window) for window in windows])
        with torch.inference_mode():
            rows = [self.net.model(part) for part in x.split(8)]
        return torch.cat(rows).numpy()


def one_hot(window: str) -> torch.Tensor:
    """[4, 1, 2000]: rows A, G, C, T; other letters are zeros in every row."""
    rows = [[float(letter == row) for letter in window.upper()] for row in "AGCT"]
    return torch.tensor(rows)[:, None, :]


def other_strand(window: str) -> str:
    return window[::-1].translate(str.maketrans("ACGTacgt", "TGCAtgca"))


def window_around(chromosome: str, p: int) -> str:
    """Letters p - 999 … p + 1000 (1-based, closed); N off the chromosome."""
    return "".join(
        chromosome[k - 1] if 1 <= k <= len(chromosome) else "N" for k in range(p - 999, p + 1001)
    )


def outputs_around(network: Network, chromosome: str, positions: list[int], both: bool):
    """[positions, outputs] at 1-based positions, of one strand or the mean of both."""
    windows = [window_around(chromosome, p) for p in positions]
    result = network(windows)
    if both:
        result = (result + network([other_strand(window) for window in windows])) / 2
    return result


def local_windows(tss: int, strand: str) -> list[tuple[int, int]]:
    """Shift and 1-based position of a gene's 200 windows."""
    sign = {"+": 1, "-": -1}[strand]
    return [(shift, tss + shift * sign) for shift in range(-20_000, 20_000, 200)]


def local_part(network: Network, chromosome: str, tss: int, strand: str, both: bool) -> np.ndarray:
    """ExPecto's 10 · outputs numbers of a gene, one weighted sum after the other (float64)."""
    places = local_windows(tss, strand)
    outputs = outputs_around(network, chromosome, [p for _, p in places], both)
    rows = []
    for upstream in (True, False):
        for decay in (0.01, 0.02, 0.05, 0.1, 0.2):
            row = np.zeros(outputs.shape[1])
            for (shift, _), values in zip(places, outputs, strict=True):
                if (shift <= 0) if upstream else (shift >= 0):
                    row += math.exp(-decay * abs(shift) / 200) * values
            rows.append(row)
    return np.concatenate(rows)
