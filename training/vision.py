"""The picture encoder: libmtmd's MobileNetV5 graph without its norms, shaped like a MobileNetV2 behind a lighter start.

Every width here but the last is one short of a multiple of 16: export.py adds a constant channel, through which the
biases work that the graph does not have. Until then a spare channel of zeros stands there, since matrices of odd width
are slow. Depthwise convolutions have no biases at all. Maps are (N, H, W, C), C with the spare channel.
"""
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

NORM_EPS = 1e-6
TOKEN = 32  # pixels a side of what one image token stands for

# Of each block: hidden width, width, stride. The first two stages are plain 3 by 3 convolutions: at the highest
# resolutions depthwise ones cost llama.cpp most. The last two are a MobileNetV2's from its third block of layers on.
STEM = 15
EDGE_STAGES = [[(31, 31, 2)], [(95, 47, 2), (95, 47, 1)]]
STAGES = [
    [(159, 47, 2), (207, 47, 1), (207, 47, 1)],
    [(207, 79, 2), (399, 79, 1), (399, 79, 1), (399, 111, 1), *[(591, 111, 1)] * 3, (591, 175, 1), *[(975, 175, 1)] * 3, (975, 320, 1)],
]  # fmt: skip
FUSED = 255


def gelu(x: Tensor) -> Tensor:
    return F.gelu(x, approximate="tanh")


def pad_same(x: Tensor) -> Tensor:
    """(N, C, H, W), for a 3 by 3 kernel of stride 2: as many outputs as every second input."""
    return F.pad(x, (0, 1, 0, 1) if x.shape[-1] % 2 == 0 else (1, 1, 1, 1))


def spared(weight: Tensor) -> Tensor:
    """With a row and a column of zeros more, where a width is one short of a multiple of 16: (out, in, ...) or (out,)."""
    spare = [int(n % 16 == 15) for n in weight.shape[:2]]
    return F.pad(weight, [0] * 2 * (weight.ndim - len(spare)) + [side for n in reversed(spare) for side in (0, n)])


def pointwise(layer: nn.Linear, x: Tensor) -> Tensor:
    return F.linear(x, spared(layer.weight), spared(layer.bias))


class Edge(nn.Module):
    def __init__(self, before: int, hidden: int, after: int, stride: int):
        super().__init__()
        self.stride, self.residual = stride, stride == 1 and before == after
        self.expand, self.project = nn.Conv2d(before, hidden, 3, stride, 2 - stride), nn.Linear(hidden, after)

    def forward(self, x: Tensor) -> Tensor:
        channels_first = x.permute(0, 3, 1, 2)
        seen = pad_same(channels_first) if self.stride == 2 else channels_first
        y = F.conv2d(seen, spared(self.expand.weight), spared(self.expand.bias), self.stride, 2 - self.stride)
        y = pointwise(self.project, gelu(y).permute(0, 2, 3, 1))
        return x + y if self.residual else y


class Inverted(nn.Module):
    def __init__(self, before: int, hidden: int, after: int, stride: int):
        super().__init__()
        self.stride, self.residual = stride, stride == 1 and before == after
        self.expand, self.project = nn.Linear(before, hidden), nn.Linear(hidden, after)
        self.depthwise = nn.Parameter(torch.randn(hidden, 1, 3, 3) * 0.4)

    def forward(self, x: Tensor) -> Tensor:
        y = gelu(pointwise(self.expand, x)).permute(0, 3, 1, 2)
        kernel = F.pad(self.depthwise, (0, 0, 0, 0, 0, 0, 0, 1))
        y = F.conv2d(pad_same(y) if self.stride == 2 else y, kernel, None, self.stride, 2 - self.stride, 1, len(kernel))
        y = pointwise(self.project, gelu(y).permute(0, 2, 3, 1))
        return x + y if self.residual else y


def chain(block: type[nn.Module], before: int, widths: list[tuple[int, int, int]]) -> nn.ModuleList:
    blocks = nn.ModuleList()
    for hidden, after, stride in widths:
        blocks.append(block(before, hidden, after, stride))
        before = after
    return blocks


def rms_norm(x: Tensor) -> Tensor:
    return F.rms_norm(x.float(), x.shape[-1:], eps=NORM_EPS)


class Vision(nn.Module):
    """(N, 3, H, W) pixels of -1 to 1, sides multiples of 32, to (N, H/32 * W/32, width) image tokens in reading order."""

    def __init__(self, width: int):
        super().__init__()
        self.stem = nn.Conv2d(3, STEM, 4, 2)  # 4 by 4 by 3 is a whole number of vectors, 3 by 3 by 3 is not
        before = STEM
        self.stages = nn.ModuleList()
        for kind, widths in [(Edge, stage) for stage in EDGE_STAGES] + [(Inverted, stage) for stage in STAGES]:
            self.stages.append(chain(kind, before, widths))
            before = widths[-1][1]
        self.fine = STAGES[0][-1][1]
        self.fuse = nn.Linear(self.fine + STAGES[1][-1][1], FUSED)
        self.project = nn.Linear(FUSED, width)
        self.soft_norm = nn.Parameter(torch.ones(width))
        self.out = nn.Linear(width, width, bias=False)

    def tokens(self, fine: Tensor, coarse: Tensor) -> Tensor:
        """From the maps that leave the third and the fourth stage."""
        ours, theirs = self.fuse.weight.split([self.fine, self.fuse.in_features - self.fine], 1)
        below = F.linear(coarse, spared(theirs)).repeat_interleave(2, 1).repeat_interleave(2, 2)
        x = gelu(F.linear(fine, spared(ours), spared(self.fuse.bias)) + below)
        x = pointwise(self.project, x)
        n, h, w, c = x.shape
        x = x.float().view(n, h // 2, 2, w // 2, 2, c).mean((2, 4)).flatten(1, 2)
        x = rms_norm(x * c**0.5) * self.soft_norm
        return rms_norm(self.out(x))

    def early(self, pixels: Tensor) -> Tensor:
        """The fine map, (N, H/16, W/16, C), which leaves the stage before the last."""
        x = F.conv2d(pad_same(pixels), F.pad(self.stem.weight, (0,) * 7 + (1,)), spared(self.stem.bias), 2)
        x = gelu(x).permute(0, 2, 3, 1)
        for stage in self.stages[:-1]:
            for block in stage:
                x = block(x)
        return x

    def late(self, fine: Tensor) -> Tensor:
        coarse = fine
        for block in self.stages[-1]:
            coarse = block(coarse)
        return self.tokens(fine, coarse)

    def forward(self, pixels: Tensor) -> Tensor:
        return self.late(self.early(pixels))
