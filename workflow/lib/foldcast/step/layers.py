"""Layers that STEPmr and STEPmi are made of. Tensors are [windows, times, genes, channels].

Every layer treats genes alike (no parameter belongs to a gene), so permuting the genes permutes
the output. Convolutions over time are padded on the left only, so no time sees a later one, and
windows may be shorter than what the convolutions together would see.
"""

import warnings
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch_geometric.nn import ChebConv
from torch_geometric.utils import get_laplacian, remove_self_loops, to_torch_csr_tensor

# torch says so of every CSR tensor; products with dense ones are all that is asked of them, and
# torch-geometric makes them valid.
warnings.filterwarnings("ignore", message="Sparse CSR tensor support is in beta state")
torch.sparse.check_sparse_tensor_invariants.disable()


class TemporalGraph:
    """The graphs of all times in a batch of windows, as what convolutions need of them.

    Args:
        graphs: one (edge_index [2, E] int64, edge_weight [E] float ≥ 0) for each time of each
            window, window by window; each pair of genes in both directions with one weight
            (`Series` checks it); the edges may differ between times.
        shape: (windows, times, genes); isolated genes count.

    Attributes:
        laplacian: of all graphs as one block-diagonal graph, scaled; sparse [nodes, nodes].
        last_laplacian: of the graphs of each window's last time.
        relative_degree: [windows, times, genes] weighted degree over the mean of the panel, so
            that neither gene count nor weight scale matters.
    """

    def __init__(
        self, graphs: Sequence[tuple[Tensor, Tensor]], shape: tuple[int, int, int]
    ) -> None:
        self.laplacian, degree = _scaled_laplacian(graphs, shape[2])
        self.last_laplacian, _ = _scaled_laplacian(graphs[shape[1] - 1 :: shape[1]], shape[2])
        degree = degree.view(shape)
        self.relative_degree = degree / degree.mean(dim=-1, keepdim=True).clamp_min(1e-12)


def _scaled_laplacian(
    graphs: Sequence[tuple[Tensor, Tensor]], n_genes: int
) -> tuple[Tensor, Tensor]:
    """2 L / 2 - I = -D^-½ A D^-½, the symmetric Laplacian on [-1, 1], as CSR; and the degrees.

    An isolated gene has an empty row: nothing reaches it and nothing is divided by 0.
    """
    nodes = len(graphs) * n_genes
    index = torch.cat([edges + block * n_genes for block, (edges, _) in enumerate(graphs)], dim=1)
    weight = torch.cat([weight for _, weight in graphs])
    degree = weight.new_zeros(nodes).index_add_(0, index[0], weight)
    index, weight = get_laplacian(index, weight, normalization="sym", num_nodes=nodes)
    # L is 1 on the diagonal; less I, nothing is left there.
    index, weight = remove_self_loops(index, weight)
    return to_torch_csr_tensor(index, weight, size=(nodes, nodes)), degree


class _SymmetricProduct(torch.autograd.Function):
    """Sparse symmetric [n, n] times dense [n, channels], whose gradient transposes nothing."""

    @staticmethod
    def forward(ctx: Any, matrix: Tensor, x: Tensor) -> Tensor:
        ctx.matrix = matrix
        return matrix @ x

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[None, Tensor]:
        return None, ctx.matrix @ gradient.contiguous()


class ChebyshevConvolution(ChebConv):
    """torch-geometric's ChebConv, Σ_k T_k(L) x W_k for k < K, with the Laplacian given.

    The same weights give the same numbers; but ChebConv normalises the graph and gathers edge by
    edge at every call, which on 599 genes was more than half of a fit.
    """

    def __init__(self, channels_in: int, channels_out: int, order: int, bias: bool = True) -> None:
        super().__init__(channels_in, channels_out, K=order, normalization="sym", bias=bias)

    def forward(self, x: Tensor, laplacian: Tensor) -> Tensor:
        """[nodes, channels_in] → [nodes, channels_out]"""
        before, now = x, x
        out = self.lins[0](now)
        for k, linear in enumerate(self.lins[1:], start=1):
            moved = _SymmetricProduct.apply(laplacian, now)
            before, now = now, moved if k == 1 else 2 * moved - before
            out = out + linear(now)
        return out if self.bias is None else out + self.bias


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
        times = [
            _at_end(self.convolution, x[:, max(0, end - self.kernel) : end])
            for end in range(1, x.shape[1] + 1)
        ]
        value, gate = torch.stack(times, dim=1).chunk(2, dim=-1)
        return (value + self.residual(x)) * torch.sigmoid(gate)


def _at_end(convolution: nn.Conv2d, x: Tensor) -> Tensor:
    """A convolution over time where it ends: [windows, times, genes, in] → [windows, genes, out].

    Times that are not there are zeros and take nothing. A product of matrices: on CPUs 1.4 to 1.9
    times as fast as the convolutions of so few times.
    """
    weight = convolution.weight.squeeze(3)[..., -x.shape[1] :]
    flat = x.permute(0, 2, 1, 3).flatten(2)
    return functional.linear(flat, weight.transpose(1, 2).flatten(1), convolution.bias)


class GraphConvolution(nn.Module):
    """Chebyshev convolution on each time's graph, plus its input: what an isolated gene keeps."""

    def __init__(self, channels: int, order: int) -> None:
        super().__init__()
        self.convolution = ChebyshevConvolution(channels, channels, order)

    def forward(self, x: Tensor, graph: TemporalGraph) -> Tensor:
        mixed = self.convolution(x.reshape(-1, x.shape[-1]), graph.laplacian)
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


class BidirectionalLSTM(nn.Module):
    """LSTM over each gene's window in both directions, projected, with a residual and layer norm.

    The whole window is past at its end, so reading it backwards too leaks nothing.
    """

    def __init__(self, channels: int, hidden: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.lstm = nn.LSTM(
            channels, hidden, layers, bidirectional=True, dropout=dropout if layers > 1 else 0.0
        )
        self.back = nn.Linear(2 * hidden, channels)
        self.norm = nn.LayerNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        read, _ = self.lstm(_time_first(x))
        return self.norm(x + _time_second(self.back(read), x))


class TemporalAttention(nn.Module):
    """Layers of multi-head self-attention over each gene's window (Vaswani et al. 2017), each with
    layer norm before and a residual around.

    Without biases: that of the keys would cancel in the softmax and never be learnt.
    """

    def __init__(self, channels: int, heads: int, layers: int, dropout: float) -> None:
        super().__init__()
        self.norms = nn.ModuleList(nn.LayerNorm(channels) for _ in range(layers))
        self.layers = nn.ModuleList(
            nn.MultiheadAttention(channels, heads, bias=False) for _ in range(layers)
        )
        # On what attention gives, not on its weights: those would leave torch's fused kernel.
        self.dropout = nn.Dropout(dropout)

    def forward(self, x: Tensor) -> Tensor:
        along = _time_first(x)
        for norm, layer in zip(self.norms, self.layers, strict=True):
            normed = norm(along)
            along = along + self.dropout(layer(normed, normed, normed, need_weights=False)[0])
        return _time_second(along, x)


def _time_first(x: Tensor) -> Tensor:
    """[windows, times, genes, channels] → [times, windows x genes, channels]"""
    return x.transpose(0, 1).reshape(x.shape[1], -1, x.shape[-1])


def _time_second(along: Tensor, x: Tensor) -> Tensor:
    """Back to the shape of x."""
    windows, times, genes, channels = x.shape
    return along.view(times, windows, genes, channels).transpose(0, 1)


class OutputBlock(nn.Module):
    """Folds the window's times into one: gated convolution over all of them, norm, linear."""

    def __init__(self, channels_in: int, channels_out: int, n_times: int) -> None:
        super().__init__()
        self.fold = nn.Conv2d(channels_in, 2 * channels_in, (n_times, 1))
        self.norm = nn.LayerNorm(channels_in)
        self.linear = nn.Linear(channels_in, channels_out)

    def forward(self, x: Tensor) -> Tensor:
        """[windows, times, genes, channels] → [windows, genes, channels_out]"""
        return functional.elu(self.linear(self.norm(functional.glu(_at_end(self.fold, x)))))


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

    A Chebyshev convolution of the window's first ``channels`` input channels, on the graphs of its
    last time, to one number per gene (Knight et al. 2016, GNAR). With its few parameters it learns
    from short time courses what a deep stack would need long ones for. Starts at zero.
    """

    def __init__(self, channels: int, n_times: int, order: int) -> None:
        super().__init__()
        self.channels = channels
        self.convolution = ChebyshevConvolution(channels * n_times, 1, order, bias=False)
        for weight in self.convolution.parameters():
            nn.init.zeros_(weight)

    def forward(self, x: Tensor, graph: TemporalGraph) -> Tensor:
        """[windows, times, genes, features] → [windows, genes]"""
        windows, _, genes, _ = x.shape
        past = x[..., : self.channels].permute(0, 2, 1, 3).reshape(windows * genes, -1)
        return self.convolution(past, graph.last_laplacian).view(windows, genes)
