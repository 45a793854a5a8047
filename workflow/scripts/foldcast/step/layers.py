"""Layers that STEPmr and STEPmi are made of. Tensors are [windows, times, genes, channels].

Every layer treats genes alike (no parameter belongs to a gene), so permuting the genes permutes
the output; and every temporal layer is padded on the left only, so no time sees a later one.
"""

from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch_geometric.nn import ChebConv


class TemporalGraph:
    """The graphs of all times in a batch of windows as one block-diagonal graph.

    Args:
        graphs: one (edge_index [2, E] int64 with both directions, edge_weight [E] float) for each
            time of each window, window by window; the edges may differ between times.
        shape: (windows, times, genes); isolated genes count.
    """

    def __init__(
        self, graphs: Sequence[tuple[Tensor, Tensor]], shape: tuple[int, int, int]
    ) -> None:
        n_genes = shape[2]
        self.edge_index = torch.cat(
            [index + block * n_genes for block, (index, _) in enumerate(graphs)], dim=1
        )
        self.edge_weight = torch.cat([weight for _, weight in graphs])
        degree = self.edge_weight.new_zeros(shape[0] * shape[1] * n_genes)
        degree.index_add_(0, self.edge_index[0], self.edge_weight)
        degree = degree.view(shape)
        # Relative to the panel's mean, so that neither gene count nor weight scale matters.
        self.relative_degree = degree / degree.mean(dim=-1, keepdim=True).clamp_min(1e-12)


class GatedTemporalConvolution(nn.Module):
    """Causal convolution over time with a gated linear unit and a residual (Yu et al. 2018)."""

    def __init__(self, channels_in: int, channels_out: int, kernel: int) -> None:
        super().__init__()
        self.kernel = kernel
        self.convolution = nn.Conv2d(channels_in, 2 * channels_out, (kernel, 1))
        self.residual = (
            nn.Identity() if channels_in == channels_out else nn.Linear(channels_in, channels_out)
        )

    def forward(self, x: Tensor) -> Tensor:
        past = functional.pad(x.permute(0, 3, 1, 2), (0, 0, self.kernel - 1, 0))
        value, gate = self.convolution(past).permute(0, 2, 3, 1).chunk(2, dim=-1)
        return (value + self.residual(x)) * torch.sigmoid(gate)


class GraphConvolution(nn.Module):
    """Chebyshev convolution on each time's graph (torch-geometric's ChebConv) with a residual.

    ChebConv rescales the symmetric Laplacian to [-1, 1] and gives an isolated gene a finite
    value, its own.
    """

    def __init__(self, channels: int, order: int) -> None:
        super().__init__()
        self.convolution = ChebConv(channels, channels, K=order, normalization="sym")

    def forward(self, x: Tensor, graph: TemporalGraph) -> Tensor:
        flat = x.reshape(-1, x.shape[-1])
        mixed = self.convolution(flat, graph.edge_index, graph.edge_weight)
        return functional.elu(mixed.view_as(x) + x)


class SpatioTemporalBlock(nn.Module):
    """Gated temporal convolution, graph convolution, gated temporal convolution, layer norm."""

    def __init__(
        self, channels: tuple[int, int, int], kernel: int, order: int, dropout: float
    ) -> None:
        super().__init__()
        first, hidden, last = channels
        self.before = GatedTemporalConvolution(first, hidden, kernel)
        self.graph = GraphConvolution(hidden, order)
        self.after = GatedTemporalConvolution(hidden, last, kernel)
        self.norm = nn.LayerNorm(last)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor, graph: TemporalGraph) -> Tensor:
        return self.dropout(self.norm(self.after(self.graph(self.before(x), graph))))


class ConnectivityAttention(nn.Module):
    """Attention over genes by what they carry and how connected they are.

    Each gene's weight a = sigmoid(MLP(x, d)) · (1 + γ·d), with d its weighted degree relative to
    the panel's mean; output x·a + x. Unlike the published block, which normalised a single
    element and so was a constant, a varies over genes and its parameters get gradient.
    """

    def __init__(self, channels: int) -> None:
        super().__init__()
        hidden = max(4, channels // 2)
        self.score = nn.Sequential(
            nn.Linear(channels + 1, hidden), nn.ELU(), nn.Linear(hidden, 1), nn.Sigmoid()
        )
        self.gamma = nn.Parameter(torch.tensor(0.1))

    def forward(self, x: Tensor, graph: TemporalGraph) -> Tensor:
        return x + x * self.attention(x, graph)

    def attention(self, x: Tensor, graph: TemporalGraph) -> Tensor:
        """[windows, times, genes, 1]"""
        # log1p: hubs matter more, not in proportion to their degree.
        degree = torch.log1p(graph.relative_degree).unsqueeze(-1)
        return self.score(torch.cat([x, degree], dim=-1)) * (1 + self.gamma * degree)


class OutputBlock(nn.Module):
    """Folds the window's times into one: gated convolution over all of them, norm, linear."""

    def __init__(self, channels_in: int, channels_out: int, n_times: int) -> None:
        super().__init__()
        self.fold = nn.Conv2d(channels_in, 2 * channels_in, (n_times, 1))
        self.norm = nn.LayerNorm(channels_in)
        self.linear = nn.Linear(channels_in, channels_out)

    def forward(self, x: Tensor) -> Tensor:
        """[windows, times, genes, channels] → [windows, genes, channels_out]"""
        folded = functional.glu(self.fold(x.permute(0, 3, 1, 2)), dim=1)
        return functional.elu(self.linear(self.norm(folded.squeeze(2).permute(0, 2, 1))))


class ExpressionProjection(nn.Module):
    """From channels to one number per gene.

    The last layer starts at zero: an untrained network adds nothing to the base forecast.
    """

    def __init__(self, channels: int, dropout: float) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(channels, 2 * channels),
            nn.LayerNorm(2 * channels),
            nn.ELU(),
            nn.Dropout(dropout),
            nn.Linear(2 * channels, channels),
            nn.LayerNorm(channels),
            nn.ELU(),
            nn.Linear(channels, 1),
        )
        for parameter in self.layers[-1].parameters():
            nn.init.zeros_(parameter)

    def forward(self, x: Tensor) -> Tensor:
        """[windows, genes, channels] → [windows, genes]"""
        return self.layers(x).squeeze(-1)


class LinearPath(nn.Module):
    """Graph autoregression beside the network: neighbours' recent past, linearly.

    A Chebyshev convolution of the window's first ``channels`` input channels to one number per
    gene (Knight et al. 2016, GNAR). With its few parameters it learns from short courses what a
    deep stack would need long ones for. Starts at zero.
    """

    def __init__(self, channels: int, n_times: int, order: int) -> None:
        super().__init__()
        self.channels = channels
        self.convolution = ChebConv(channels * n_times, 1, K=order, bias=False)
        for weight in self.convolution.parameters():
            nn.init.zeros_(weight)

    def forward(self, x: Tensor, graph: TemporalGraph) -> Tensor:
        """[windows, times, genes, features] → [windows, genes], on the graphs of the last time."""
        windows, times, genes, _ = x.shape
        past = x[..., : self.channels].permute(0, 2, 1, 3).reshape(windows * genes, -1)
        # The block-diagonal graph holds every time; the values stand at the last one of each.
        flat = past.new_zeros(windows, times, genes, past.shape[-1])
        flat[:, -1] = past.view(windows, genes, -1)
        mixed = self.convolution(
            flat.view(windows * times * genes, -1), graph.edge_index, graph.edge_weight
        )
        return mixed.view(windows, times, genes)[:, -1]
