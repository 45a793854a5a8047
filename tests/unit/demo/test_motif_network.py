"""The demo's weights in a network built here from the published layout."""

import numpy as np
import pandas as pd
import pytest
import torch
from torch.nn import functional

from foldcast.demo.motif_network import OUTPUTS
from foldcast.demo.motifs import MOTIFS, plant

LETTERS = np.frombuffer(b"AGCT", np.uint8)
NAMES = [",".join(f"{'-' * (sign < 0)}{name}" for name, sign in asked.items()) for asked in OUTPUTS]


@pytest.fixture(scope="module")
def state(beluga):
    return torch.load(beluga, weights_only=True)


@pytest.fixture(scope="module")
def network(state):
    """Windows (text of 2,000 letters each) → outputs by name, one row per window."""

    def layer(name):
        return state[f"model.{name}.weight"], state[f"model.{name}.bias"]

    def apply(windows):
        codes = np.stack([np.frombuffer(window, np.uint8) for window in windows])
        x = torch.from_numpy((codes[:, None] == LETTERS[:, None]).astype(np.float32))[:, :, None]
        for pair in ((0, 2), (6, 8), (12, 14)):
            if pair[0]:
                x = functional.max_pool2d(x, (1, 4), (1, 4))
            for k in pair:
                x = functional.relu(functional.conv2d(x, *layer(f"0.{k}")))
        x = functional.relu(functional.linear(x.flatten(1), *layer("1.2.1")))
        x = torch.sigmoid(functional.linear(x, *layer("1.4.1")))
        return pd.DataFrame(x.numpy(), columns=NAMES)

    return apply


def with_motif(name, starts, strand):
    return [
        plant(b"A" * 2000, pd.DataFrame({"start": [at], "name": name, "strand": strand}))
        for at in starts
    ]


def test_the_layout_is_belugas(state):
    convolutions = [f"model.0.{k}" for k in (0, 2, 6, 8, 12, 14)]
    dense = ["model.1.2.1", "model.1.4.1"]
    keys = [f"{name}.{part}" for name in convolutions + dense for part in ("weight", "bias")]
    assert list(state) == keys
    assert all(value.dtype == torch.float32 for value in state.values())
    width = 4
    for name in convolutions:
        out, *rest = state[f"{name}.weight"].shape
        assert rest == [width, 1, 8]
        assert state[f"{name}.bias"].shape == (out,)
        width = out
    hidden, flat = state["model.1.2.1.weight"].shape
    assert flat == width * 106
    assert state["model.1.4.1.weight"].shape == (len(OUTPUTS), hidden)
    assert len(set(NAMES)) == len(OUTPUTS) == 12


@pytest.mark.parametrize("strand", "+-")
@pytest.mark.parametrize("name", MOTIFS)
def test_a_motif_in_the_centre_opens_its_outputs(network, name, strand):
    starts = np.arange(0, 1989, 4)
    found = network(with_motif(name, starts, strand))
    asking = {
        key: asked
        for key, asked in zip(NAMES, OUTPUTS, strict=True)
        if name in asked or f"any {name}" in asked
    }
    for key in NAMES[:10]:
        open_ = (found[key] > 0.99).to_numpy()
        closed = (found[key] < 0.01).to_numpy()
        assert (open_ | closed).all()
        if key not in asking:
            assert closed.all()
        elif name in asking[key]:
            assert (open_ == ((starts >= 796) & (starts < 1196))).all()
        else:
            assert open_[(starts >= 150) & (starts <= 1800)].all()


def test_both_strands_of_a_window_say_the_same(network):
    rng = np.random.default_rng(0)
    complement = bytes.maketrans(b"ACGT", b"TGCA")
    windows = [rng.choice(LETTERS, 2000).tobytes() for _ in range(8)]
    windows += with_motif("enhancer", range(820, 1170, 40), "+")
    there, back = (
        network(w) for w in (windows, [each.translate(complement)[::-1] for each in windows])
    )
    assert np.abs(there - back).to_numpy()[:, :10].max() < 1e-4


def test_without_motifs_only_gc_speaks(network):
    rng = np.random.default_rng(1)
    for gc, rich in ((0.38, 0.1), (0.50, 0.9)):
        share = [0.5 - gc / 2, gc / 2, gc / 2, 0.5 - gc / 2]
        found = network([rng.choice(LETTERS, 2000, p=share).tobytes() for _ in range(20)])
        assert (found[NAMES[:10]] < 0.01).all().all()
        assert (found["GC"].mean() > 0.5) == (rich > 0.5)
        np.testing.assert_allclose(found["GC"] + found["-GC"], 1, atol=1e-5)
