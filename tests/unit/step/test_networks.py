"""Both models: shapes, permutation of genes, isolated genes, gradient to every parameter."""

import pytest
import torch
from torch import nn

from foldcast.step.layers import SpatioTemporalBlock, TemporalGraph
from foldcast.step.networks import MODELS, Backbone

WINDOWS, GENES, FEATURES = 2, 7, 5
SMALL = {
    "stepmr": {"channels": (8, 8), "projection": 4},
    "stepmi": {"channels": (8, 8, 8), "projection": 4, "lstm_hidden": 6, "heads": 2},
}

both = pytest.mark.parametrize("model", sorted(MODELS))


def ring() -> torch.Tensor:
    """A ring over genes 0–5; gene 6 is isolated."""
    one_way = torch.tensor([[0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 0]])
    return torch.cat([one_way, one_way.flip(0)], dim=1)


def temporal_graph(times: int, edges: torch.Tensor | None = None) -> TemporalGraph:
    edges = ring() if edges is None else edges
    half = torch.rand(edges.shape[1] // 2, generator=torch.Generator().manual_seed(0))
    graph = (edges, torch.cat([half, half]))
    return TemporalGraph([graph] * (WINDOWS * times), (WINDOWS, times, GENES))


def network(model: str, times: int = 3, **options) -> Backbone:
    torch.manual_seed(0)
    made = MODELS[model](FEATURES, times, dropout=0.0, **(SMALL[model] | options))
    # The last layers start at zero by design; here it has to let things through.
    nn.init.normal_(made.projection.layers[-1].weight)
    if made.linear_path:
        for weight in made.linear_path.parameters():
            nn.init.normal_(weight)
    return made.eval()


def features(times: int = 3) -> torch.Tensor:
    generator = torch.Generator().manual_seed(1)
    return torch.randn(WINDOWS, times, GENES, FEATURES, generator=generator)


@both
def test_an_untrained_network_adds_nothing(model):
    made = MODELS[model](FEATURES, 3, **SMALL[model])
    assert torch.equal(made(features(), temporal_graph(3)), torch.zeros(WINDOWS, GENES))


@both
def test_permuting_genes_permutes_the_forecast(model):
    order = torch.tensor([3, 6, 0, 5, 1, 4, 2])
    place = torch.empty_like(order)
    place[order] = torch.arange(GENES)
    straight = network(model)(features(), temporal_graph(3))
    permuted = network(model)(features()[:, :, order], temporal_graph(3, place[ring()]))
    torch.testing.assert_close(permuted, straight[:, order], atol=1e-5, rtol=1e-5)


@both
def test_windows_do_not_mix(model):
    x = features()
    changed = x.clone()
    changed[1] += 1.0
    graph = temporal_graph(3)
    assert torch.equal(network(model)(x, graph)[0], network(model)(changed, graph)[0])


@both
@pytest.mark.parametrize("linear_path", [True, False])
def test_every_parameter_gets_gradient(model, linear_path):
    made = network(model, linear_path=linear_path)
    made(features(), temporal_graph(3)).pow(2).sum().backward()
    still = [name for name, p in made.named_parameters() if p.grad is None or not p.grad.any()]
    assert not still


@both
@pytest.mark.parametrize("times", [1, 2, 12])
def test_windows_may_be_shorter_or_longer_than_the_convolutions_see(model, times):
    out = network(model, times)(features(times), temporal_graph(times))
    assert out.shape == (WINDOWS, GENES) and torch.isfinite(out).all()


@both
def test_a_neighbour_matters_and_an_isolated_gene_is_finite(model):
    x = features()
    changed = x.clone()
    changed[:, :, 0] += 1.0
    before, after = (network(model)(some, temporal_graph(3)) for some in (x, changed))
    assert torch.isfinite(before).all()
    assert not torch.allclose(before[:, 1], after[:, 1])  # neighbour of gene 0
    assert torch.equal(before[:, 6], after[:, 6])  # isolated


@both
def test_a_graph_without_edges_is_finite(model):
    none = torch.empty(2, 0, dtype=torch.int64)
    assert torch.isfinite(network(model)(features(), temporal_graph(3, none))).all()


def test_the_defaults_are_what_the_authors_describe():
    mr, mi = (MODELS[name](FEATURES, 3) for name in ("stepmr", "stepmi"))
    assert len(mr.blocks) == 2 and len(mi.blocks) == 3
    assert mi.recurrence.lstm.num_layers == 4 and mi.recurrence.lstm.bidirectional
    assert len(mi.attention.layers) == 4


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("channels", (8, 8)),
        ("kernel", 2),
        ("order", 2),
        ("projection", 6),
        ("linear_path", False),
        ("lstm_layers", 2),
        ("lstm_hidden", 5),
        ("attention_layers", 1),
    ],
)
def test_counts_and_widths_are_options(option, value):
    """Each changes how many parameters there are."""

    def size(made: nn.Module) -> int:
        return sum(p.numel() for p in made.parameters())

    assert size(network("stepmi", **{option: value})) != size(network("stepmi"))


def test_options_reach_the_layers():
    made = network("stepmi", heads=4, channels=(4, 8, 12, 16))
    assert [type(block) for block in made.blocks] == [SpatioTemporalBlock] * 4
    assert made.attention.layers[0].num_heads == 4
    with pytest.raises(ValueError, match="3 heads cannot share 8"):
        network("stepmi", heads=3)
