"""Shapes, causality, permutation of genes, isolated genes, gradient to every parameter."""

import pytest
import torch

from foldcast.step.layers import ConnectivityAttention, TemporalGraph
from foldcast.step.stepmr import STEPmr

WINDOWS, TIMES, GENES, FEATURES = 2, 3, 7, 5


@pytest.fixture
def edges() -> torch.Tensor:
    """A ring over genes 0–5; gene 6 is isolated."""
    one_way = torch.tensor([[0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 0]])
    return torch.cat([one_way, one_way.flip(0)], dim=1)


def temporal_graph(edges: torch.Tensor, seed: int = 0, n_windows: int = WINDOWS) -> TemporalGraph:
    generator = torch.Generator().manual_seed(seed)
    half = torch.rand(n_windows * TIMES, edges.shape[1] // 2, generator=generator)
    weights = torch.cat([half, half], dim=1)
    return TemporalGraph([(edges, weight) for weight in weights], (n_windows, TIMES, GENES))


def network(seed: int = 0) -> STEPmr:
    torch.manual_seed(seed)
    made = STEPmr(FEATURES, TIMES, channels=(8, 8), projection=4, dropout=0.0)
    # The last layers start at zero by design; here it has to let things through.
    torch.nn.init.normal_(next(made.projection.layers[-1].parameters()))
    for weight in made.linear_path.parameters():
        torch.nn.init.normal_(weight)
    return made.eval()


def features(seed: int = 1) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(WINDOWS, TIMES, GENES, FEATURES, generator=generator)


def test_an_untrained_network_adds_nothing(edges):
    torch.manual_seed(0)
    made = STEPmr(FEATURES, TIMES, channels=(8, 8), projection=4)
    assert torch.equal(made(features(), temporal_graph(edges)), torch.zeros(WINDOWS, GENES))


def test_permuting_genes_permutes_the_forecast(edges):
    order = torch.tensor([3, 6, 0, 5, 1, 4, 2])
    place = torch.empty_like(order)
    place[order] = torch.arange(GENES)
    straight = network()(features(), temporal_graph(edges))
    permuted = network()(features()[:, :, order], temporal_graph(place[edges]))
    torch.testing.assert_close(permuted, straight[:, order], atol=1e-5, rtol=1e-5)


def test_blocks_are_causal(edges):
    """What happens at a later time of the window does not change an earlier one."""
    graph, x = temporal_graph(edges), features()
    changed = x.clone()
    changed[:, 2] += 1.0
    block = network().blocks[0]
    torch.testing.assert_close(block(x, graph)[:, :2], block(changed, graph)[:, :2])
    assert not torch.allclose(block(x, graph)[:, 2], block(changed, graph)[:, 2])


def test_windows_do_not_mix(edges):
    x = features()
    changed = x.clone()
    changed[1] += 1.0
    graph = temporal_graph(edges)
    assert torch.equal(network()(x, graph)[0], network()(changed, graph)[0])


def test_every_parameter_gets_gradient(edges):
    made = network()
    made(features(), temporal_graph(edges)).pow(2).sum().backward()
    still = [name for name, p in made.named_parameters() if p.grad is None or not p.grad.any()]
    assert not still


def test_a_neighbour_matters_and_an_isolated_gene_is_finite(edges):
    x = features()
    changed = x.clone()
    changed[:, :, 0] += 1.0
    graph = temporal_graph(edges)
    before, after = network()(x, graph), network()(changed, graph)
    assert torch.isfinite(before).all()
    assert not torch.allclose(before[:, 1], after[:, 1])  # neighbour of gene 0
    assert torch.equal(before[:, 6], after[:, 6])  # isolated


def test_a_graph_without_edges_is_finite():
    none = (torch.empty(2, 0, dtype=torch.int64), torch.empty(0))
    graph = TemporalGraph([none] * (WINDOWS * TIMES), (WINDOWS, TIMES, GENES))
    assert torch.isfinite(network()(features(), graph)).all()


def test_attention_depends_on_connectivity_and_gene(edges):
    torch.manual_seed(0)
    attention = ConnectivityAttention(FEATURES)
    weights = attention.attention(features(), temporal_graph(edges))
    assert weights.std() > 1e-3
    other = attention.attention(features(), temporal_graph(edges, seed=5))
    assert not torch.allclose(weights, other)
