"""The picture encoder: libmtmd's MobileNetV5 graph without its norms, shaped like a MobileNetV2 behind a lighter start.

Every width here is one short of a multiple of 16: export.py adds a constant channel, through which the biases work
that the graph does not have. Depthwise convolutions have none at all. Maps are (N, H, W, C).
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
    [(159, 47, 2), (207, 47, 1)],
    [(207, 79, 2), (399, 79, 1), (399, 79, 1), (399, 111, 1), (591, 111, 1), (591, 175, 1), (975, 175, 1), (975, 320, 1)],
]
FUSED = 255


def gelu(x: Tensor) -> Tensor:
    return F.gelu(x, approximate="tanh")


def pad_same(x: Tensor) -> Tensor:
    """(N, C, H, W), for a 3 by 3 kernel of stride 2: as many outputs as every second input."""
    return F.pad(x, (0, 1, 0, 1) if x.shape[-1] % 2 == 0 else (1, 1, 1, 1))


class Depthwise(torch.autograd.Function):
    """3 by 3. PyTorch's own backward pass for depthwise convolutions is several times slower than this on CPUs."""

    @staticmethod
    def forward(ctx, x: Tensor, kernel: Tensor, stride: int) -> Tensor:
        ctx.save_for_backward(x, kernel)
        ctx.stride = stride
        padded = pad_same(x.permute(0, 3, 1, 2)) if stride == 2 else x.permute(0, 3, 1, 2)
        return F.conv2d(padded, kernel.to(x.dtype), None, stride, 2 - stride, 1, len(kernel)).permute(0, 2, 3, 1)

    @staticmethod
    def backward(ctx, g: Tensor):
        x, kernel = ctx.saved_tensors
        n, h, w, c = g.shape
        flipped = kernel.to(g.dtype).flip(2, 3)
        if ctx.stride == 1:
            to_x = F.conv2d(g.permute(0, 3, 1, 2), flipped, None, 1, 1, 1, c)
            padded = F.pad(x, (0, 0, 1, 1, 1, 1))
        else:
            spread = g.new_zeros(n, 2 * h + 2, 2 * w + 2, c)
            spread[:, 2::2, 2::2] = g
            to_x = F.conv2d(spread.permute(0, 3, 1, 2), flipped, None, 1, 0, 1, c)
            padded = F.pad(x, (0, 0, 0, 1, 0, 1))
        step = ctx.stride
        taps = [(padded[:, i : i + step * h : step, j : j + step * w : step] * g).flatten(0, 2) for i in range(3) for j in range(3)]
        to_kernel = torch.stack([tap.sum(0, dtype=torch.float32) for tap in taps], -1).view(c, 1, 3, 3)
        return to_x.permute(0, 2, 3, 1), to_kernel, None


class Edge(nn.Module):
    def __init__(self, before: int, hidden: int, after: int, stride: int):
        super().__init__()
        self.stride, self.residual = stride, stride == 1 and before == after
        self.expand, self.project = nn.Conv2d(before, hidden, 3, stride, 2 - stride), nn.Linear(hidden, after)

    def forward(self, x: Tensor) -> Tensor:
        channels_first = x.permute(0, 3, 1, 2)
        y = self.expand(pad_same(channels_first) if self.stride == 2 else channels_first)
        y = self.project(gelu(y).permute(0, 2, 3, 1))
        return x + y if self.residual else y


class Inverted(nn.Module):
    def __init__(self, before: int, hidden: int, after: int, stride: int):
        super().__init__()
        self.stride, self.residual = stride, stride == 1 and before == after
        self.expand, self.project = nn.Linear(before, hidden), nn.Linear(hidden, after)
        self.depthwise = nn.Parameter(torch.randn(hidden, 1, 3, 3) * 0.4)

    def hidden(self, x: Tensor) -> Tensor:
        return gelu(Depthwise.apply(gelu(self.expand(x)), self.depthwise, self.stride))

    def forward(self, x: Tensor) -> Tensor:
        y = self.project(self.hidden(x))
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
        self.fuse = nn.Linear(STAGES[0][-1][1] + STAGES[1][-1][1], FUSED)
        self.project = nn.Linear(FUSED, width)
        self.soft_norm = nn.Parameter(torch.ones(width))
        self.out = nn.Linear(width, width, bias=False)

    def start(self, pixels: Tensor) -> Tensor:
        x = gelu(self.stem(pad_same(pixels))).permute(0, 2, 3, 1)
        for stage in self.stages[:2]:
            for block in stage:
                x = block(x)
        return x

    def maps(self, pixels: Tensor) -> list[Tensor]:
        """What leaves the two first stages, then what leaves each block of the others."""
        out = [self.start(pixels)]
        for stage in self.stages[2:]:
            for block in stage:
                out.append(block(out[-1]))
        return out

    def tokens(self, fine: Tensor, coarse: Tensor) -> Tensor:
        """From the maps that leave the third and the fourth stage."""
        coarse = coarse.repeat_interleave(2, 1).repeat_interleave(2, 2)
        x = self.project(gelu(self.fuse(torch.cat([fine, coarse], -1))))
        n, h, w, c = x.shape
        x = x.float().view(n, h // 2, 2, w // 2, 2, c).mean((2, 4)).flatten(1, 2)
        x = rms_norm(x * c**0.5) * self.soft_norm
        return rms_norm(self.out(x))

    def forward(self, pixels: Tensor) -> Tensor:
        maps = self.maps(pixels)
        return self.tokens(maps[len(STAGES[0])], maps[-1])
