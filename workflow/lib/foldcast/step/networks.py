"""STEPmr and STEPmi as their authors describe them, on one backbone.

Both: ST blocks, what sets the model apart, output block, expression projection. Beside them runs
one linear path, which the authors do not have, since time courses are short; it can be left out.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any

from torch import Tensor, nn

from foldcast.step.layers import (
    BidirectionalLSTM,
    ConnectivityAttention,
    ExpressionProjection,
    LinearPath,
    OutputBlock,
    SpatioTemporalBlock,
    TemporalAttention,
    TemporalGraph,
)

LINEAR_PATH, NETWORK = "linear_path", "network"  # the parts of a model


class Backbone(nn.Module, ABC):
    """Forecasts one value per gene from a window of gene graphs.

    Args:
        features: channels of the input.
        window: times of the input.
        channels: width of each ST block; as many blocks as entries.
        kernel: times that a temporal convolution sees.
        order: Chebyshev order of a graph convolution (neighbours up to ``order - 1`` edges away).
        projection: width of the output block.
        dropout: share of channels dropped in training.
        linear_path: add the linear path, over the level and the innovation of each time.
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
        linear_path: bool = True,
    ) -> None:
        super().__init__()
        widths = [features, *channels]
        self.linear_path = LinearPath(2, window, order) if linear_path else None
        self.blocks = nn.ModuleList(
            SpatioTemporalBlock((before, after, after), kernel, order, dropout)
            for before, after in zip(widths[:-1], widths[1:], strict=True)
        )
        self.output = OutputBlock(widths[-1], projection, window)
        self.projection = ExpressionProjection(projection, dropout)

    @abstractmethod
    def attend(self, x: Tensor, graph: TemporalGraph) -> Tensor:
        """What a model does between the ST blocks and the output block; keeps the shape."""

    def forward(self, x: Tensor, graph: TemporalGraph) -> Tensor:
        """[windows, times, genes, features] → [windows, genes]"""
        return sum(self.parts(x, graph).values(), start=x.new_zeros(()))

    def parts(self, x: Tensor, graph: TemporalGraph) -> dict[str, Tensor]:
        """What the output is the sum of: the deep network, and the linear path if there is one."""
        linear = {LINEAR_PATH: self.linear_path(x, graph)} if self.linear_path else {}
        for block in self.blocks:
            x = block(x, graph)
        return {**linear, NETWORK: self.projection(self.output(self.attend(x, graph)))}


class STEPmr(Backbone):
    """Two ST blocks and attention over connectivity; the arguments are those of `Backbone`."""

    def __init__(self, features: int, window: int, **options: Any) -> None:
        super().__init__(features, window, **options)
        self.attention = ConnectivityAttention(self.output.linear.in_features)

    def attend(self, x: Tensor, graph: TemporalGraph) -> Tensor:
        return self.attention(x, graph)


class STEPmi(Backbone):
    """Three ST blocks, a bidirectional LSTM over the window, multi-head attention over its times.

    Args:
        lstm_layers: layers of the LSTM.
        lstm_hidden: its width in each direction.
        attention_layers: layers of attention.
        heads: of each; a divisor of the last ST block's width.

    The others are those of `Backbone`.
    """

    def __init__(
        self,
        features: int,
        window: int,
        channels: Sequence[int] = (32, 32, 32),
        lstm_layers: int = 4,
        lstm_hidden: int = 16,
        attention_layers: int = 4,
        heads: int = 4,
        dropout: float = 0.3,
        **options: Any,
    ) -> None:
        super().__init__(features, window, channels=channels, dropout=dropout, **options)
        if channels[-1] % heads:
            raise ValueError(f"{heads} heads cannot share {channels[-1]} channels evenly")
        self.recurrence = BidirectionalLSTM(channels[-1], lstm_hidden, lstm_layers, dropout)
        self.attention = TemporalAttention(channels[-1], heads, attention_layers, dropout)

    def attend(self, x: Tensor, graph: TemporalGraph) -> Tensor:
        return self.attention(self.recurrence(x))


MODELS: Mapping[str, type[Backbone]] = {"stepmr": STEPmr, "stepmi": STEPmi}
