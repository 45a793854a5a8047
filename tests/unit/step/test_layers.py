"""Layers: causality, agreement with torch-geometric, connectivity, what reaches whom."""

import pytest
import torch
from torch_geometric.nn import ChebConv

from foldcast.step.layers import (
    BidirectionalLSTM,
    ChebyshevConvolution,
    ConnectivityAttention,
    SpatioTemporalBlock,
    TemporalAttention,
    TemporalGraph,
)

WINDOWS, TIMES, GENES, FEATURES = 2, 3, 7, 5


@pytest.fixture
def edges() -> torch.Tensor:
    """A ring over genes 0–5; gene 6 is isolated."""
    one_way = torch.tensor([[0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 0]])
    return torch.cat([one_way, one_way.flip(0)], dim=1)


def weighted(edges: torch.Tensor, seed: int = 0) -> list[tuple[torch.Tensor, torch.Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    half = torch.rand(WINDOWS * TIMES, edges.shape[1] // 2, generator=generator)
    return [(edges, weight) for weight in torch.cat([half, half], dim=1)]


def temporal_graph(edges: torch.Tensor, seed: int = 0) -> TemporalGraph:
    return TemporalGraph(weighted(edges, seed), (WINDOWS, TIMES, GENES))


def features(seed: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(WINDOWS, TIMES, GENES, FEATURES, generator=generator)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_the_convolution_is_that_of_torch_geometric(edges, order):
    theirs = ChebConv(FEATURES, 4, K=order)
    ours = ChebyshevConvolution(FEATURES, 4, order)
    torch.nn.init.normal_(theirs.bias)
    ours.load_state_dict(theirs.state_dict())
    graphs = weighted(edges)
    blocks = torch.cat([index + k * GENES for k, (index, _) in enumerate(graphs)], dim=1)
    inputs = [features().view(-1, FEATURES).clone().requires_grad_() for _ in range(2)]
    expected = theirs(inputs[0], blocks, torch.cat([weight for _, weight in graphs]))
    found = ours(inputs[1], temporal_graph(edges).laplacian)
    torch.testing.assert_close(found, expected)
    expected.pow(2).sum().backward()
    found.pow(2).sum().backward()
    torch.testing.assert_close(inputs[1].grad, inputs[0].grad)


def test_the_last_laplacian_is_that_of_each_windows_last_time(edges):
    graph = temporal_graph(edges)
    whole = graph.laplacian.to_dense().view(WINDOWS, TIMES, GENES, WINDOWS, TIMES, GENES)
    last = graph.last_laplacian.to_dense().view(WINDOWS, GENES, WINDOWS, GENES)
    assert torch.equal(whole[:, -1][:, :, :, -1], last)


def test_blocks_are_causal(edges):
    """What happens at a later time of the window does not change an earlier one."""
    torch.manual_seed(0)
    block = SpatioTemporalBlock((FEATURES, 8, 8), kernel=3, order=3, dropout=0.0)
    graph, x = temporal_graph(edges), features()
    changed = x.clone()
    changed[:, 2] += 1.0
    torch.testing.assert_close(block(x, graph)[:, :2], block(changed, graph)[:, :2])
    assert not torch.allclose(block(x, graph)[:, 2], block(changed, graph)[:, 2])


def test_lstm_and_attention_keep_to_a_gene_and_its_window_and_see_all_of_it():
    torch.manual_seed(0)
    for layer in (
        BidirectionalLSTM(FEATURES, 4, layers=4, dropout=0.0),
        TemporalAttention(FEATURES, heads=1, layers=4, dropout=0.0),
    ):
        x = features()
        changed = x.clone()
        changed[1, 2, 3, 0] += 1.0
        differs = (layer(x) != layer(changed)).any(dim=-1)
        assert differs[1, :, 3].all()  # both directions: earlier times of the window too
        assert differs.sum() == TIMES


def test_attention_depends_on_connectivity_and_gene(edges):
    torch.manual_seed(0)
    attention = ConnectivityAttention(FEATURES)
    weights = attention.attention(features(), temporal_graph(edges))
    assert weights.std() > 1e-3
    other = attention.attention(features(), temporal_graph(edges, seed=5))
    assert not torch.allclose(weights, other)
