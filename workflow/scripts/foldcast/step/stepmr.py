"""STEPmr as its authors describe it: two ST blocks, connectivity attention, output, projection.

Beside it runs one linear path, which the authors do not have: courses are short.
"""

from collections.abc import Sequence

from torch import Tensor, nn

from foldcast.step.layers import (
    ConnectivityAttention,
    ExpressionProjection,
    LinearPath,
    OutputBlock,
    SpatioTemporalBlock,
    TemporalGraph,
)


class STEPmr(nn.Module):
    """Forecasts one value per gene from a window of gene graphs.

    Args:
        features: channels of the input.
        window: times of the input.
        channels: width of each ST block; as many blocks as entries.
        kernel: times that a temporal convolution sees.
        order: Chebyshev order of a graph convolution (neighbours up to ``order - 1`` edges away).
        projection: width of the output block.
        dropout: share of channels dropped in training.
    """

    def __init__(
        self,
        features: int,
        window: int,
        channels: Sequence[int] = (48, 48),
        kernel: int = 3,
        order: int = 3,
        projection: int = 16,
        dropout: float = 0.3,
    ) -> None:
        super().__init__()
        widths = [features, *channels]
        self.linear_path = LinearPath(2, window, order)
        self.blocks = nn.ModuleList(
            SpatioTemporalBlock((before, after, after), kernel, order, dropout)
            for before, after in zip(widths[:-1], widths[1:], strict=True)
        )
        self.attention = ConnectivityAttention(widths[-1])
        self.output = OutputBlock(widths[-1], projection, window)
        self.projection = ExpressionProjection(projection, dropout)

    def forward(self, x: Tensor, graph: TemporalGraph) -> Tensor:
        """[windows, times, genes, features] → [windows, genes]"""
        linear = self.linear_path(x, graph)
        for block in self.blocks:
            x = block(x, graph)
        return linear + self.projection(self.output(self.attention(x, graph)))
