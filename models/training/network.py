"""The network as llama.cpp runs it: libmtmd's phi4 graph (a plain ViT and an MLP), then a small llama."""
import math
from dataclasses import dataclass

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from pictures import GRID, PATCH
from tokens import VOCABULARY

NORM_EPS = 1e-6


@dataclass(frozen=True)
class Shape:
    vision: int = 192
    vision_heads: int = 6
    vision_layers: int = 4
    vision_ffn: int = 576
    text: int = 128
    text_heads: int = 4
    text_layers: int = 2
    text_ffn: int = 384
    rope_base: float = 10000.0


class VisionBlock(nn.Module):
    def __init__(self, s: Shape):
        super().__init__()
        self.heads = s.vision_heads
        self.norm1, self.norm2 = nn.LayerNorm(s.vision, NORM_EPS), nn.LayerNorm(s.vision, NORM_EPS)
        self.qkv, self.out = nn.Linear(s.vision, 3 * s.vision), nn.Linear(s.vision, s.vision)
        self.up, self.down = nn.Linear(s.vision, s.vision_ffn), nn.Linear(s.vision_ffn, s.vision)

    def forward(self, x: Tensor) -> Tensor:
        n, t, d = x.shape
        q, k, v = self.qkv(self.norm1(x)).view(n, t, 3, self.heads, -1).permute(2, 0, 3, 1, 4)
        x = x + self.out(attend(q, k, v).transpose(1, 2).reshape(n, t, d))
        return x + self.down(F.silu(self.up(self.norm2(x))))


class Vision(nn.Module):
    """(N, T, 3072) pixels of patches and their (N, T) places in the 16 by 16 grid, to (N, T, text) image tokens."""

    def __init__(self, s: Shape):
        super().__init__()
        self.patch = nn.Linear(PATCH * PATCH * 3, s.vision)
        self.position = nn.Parameter(torch.zeros(GRID * GRID, s.vision))
        self.blocks = nn.ModuleList(VisionBlock(s) for _ in range(s.vision_layers))
        self.post = nn.LayerNorm(s.vision, NORM_EPS)
        self.mm0, self.mm2 = nn.Linear(s.vision, s.text), nn.Linear(s.text, s.text)

    def positions(self, rows: int, columns: int) -> Tensor:
        """The grid stretched to another shape, as ggml does it."""
        if (rows, columns) == (GRID, GRID):
            return self.position
        grid = self.position.T.reshape(1, -1, GRID, GRID)
        return F.interpolate(grid, (rows, columns), mode="bilinear", antialias=True).flatten(2)[0].T

    def forward(self, pixels: Tensor, position: Tensor) -> Tensor:
        x = self.patch(pixels) + position
        for block in self.blocks:
            x = block(x)
        return self.mm2(F.gelu(self.mm0(self.post(x)), approximate="tanh"))


class TextBlock(nn.Module):
    def __init__(self, s: Shape):
        super().__init__()
        self.heads = s.text_heads
        self.norm1, self.norm2 = nn.RMSNorm(s.text, NORM_EPS), nn.RMSNorm(s.text, NORM_EPS)
        self.q, self.k, self.v, self.out = (nn.Linear(s.text, s.text, bias=False) for _ in range(4))
        self.gate, self.up = (nn.Linear(s.text, s.text_ffn, bias=False) for _ in range(2))
        self.down = nn.Linear(s.text_ffn, s.text, bias=False)

    def forward(self, x: Tensor, turn: Tensor, mask: Tensor) -> Tensor:
        n, t, d = x.shape
        y = self.norm1(x)
        q, k, v = (f(y).view(n, t, self.heads, -1).transpose(1, 2) for f in (self.q, self.k, self.v))
        y = attend(rotate(q, turn), rotate(k, turn), v, mask)
        x = x + self.out(y.transpose(1, 2).reshape(n, t, d))
        y = self.norm2(x)
        return x + self.down(F.silu(self.gate(y)) * self.up(y))


def attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> Tensor:
    """Written out: PyTorch's fused one is several times slower than this on CPUs at such small sizes."""
    weight = (q * q.shape[-1] ** -0.5) @ k.transpose(-1, -2)
    return (weight if mask is None else weight.masked_fill(~mask, -1e4)).softmax(-1).to(v.dtype) @ v


def rotate(x: Tensor, turn: Tensor) -> Tensor:
    """Rotary positions over neighbouring pairs; turn is (2, T, pairs) of cosines and sines."""
    a, b = x.float().unflatten(-1, (-1, 2)).unbind(-1)
    cos, sin = turn
    return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2).to(x.dtype)


class Text(nn.Module):
    """One shared prefix of embeddings and K continuations of tokens, each blind to the others: logits of the latter."""

    def __init__(self, s: Shape):
        super().__init__()
        self.shape = s
        self.embed = nn.Embedding(len(VOCABULARY), s.text)
        self.blocks = nn.ModuleList(TextBlock(s) for _ in range(s.text_layers))
        self.norm, self.head = nn.RMSNorm(s.text, NORM_EPS), nn.Linear(s.text, len(VOCABULARY), bias=False)

    def layout(self, prefix: int, k: int, length: int) -> tuple[Tensor, Tensor]:
        group = torch.cat([torch.zeros(prefix, dtype=torch.long), torch.arange(1, k + 1).repeat_interleave(length)])
        where = torch.cat([torch.arange(prefix), prefix + torch.arange(length).repeat(k)])
        seen = (group[None] == 0) | (group[None] == group[:, None])
        pairs = self.shape.text // self.shape.text_heads // 2
        angle = where[:, None] * self.shape.rope_base ** -(torch.arange(pairs) / pairs)
        return seen & (where[None] <= where[:, None]), torch.stack([angle.cos(), angle.sin()])

    def forward(self, prefix: Tensor, tokens: Tensor) -> Tensor:
        n, k, length = tokens.shape
        mask, turn = self.layout(prefix.shape[1], k, length)
        x = torch.cat([prefix, self.embed(tokens.flatten(1)).to(prefix.dtype)], 1)
        for block in self.blocks:
            x = block(x, turn, mask)
        return self.head(self.norm(x[:, prefix.shape[1] :])).view(n, k, length, -1)


class Tonescore(nn.Module):
    def __init__(self, shape: Shape = Shape()):
        super().__init__()
        self.shape, self.vision, self.text = shape, Vision(shape), Text(shape)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.kaiming_normal_(module.weight, nonlinearity="linear")
                if module.bias is not None:
                    nn.init.zeros_(module.bias)
        nn.init.normal_(self.text.embed.weight, std=0.5)
        nn.init.normal_(self.text.head.weight, std=0.02)
        for block in self.vision.blocks:
            nn.init.normal_(block.out.weight, std=0.02)
            nn.init.normal_(block.down.weight, std=0.02)
        init_stem(self.vision.patch)
        init_energy(self.vision.blocks[0])

    def forward(self, pixels: Tensor, position: Tensor, start: Tensor, tokens: Tensor) -> Tensor:
        """start: ids before the picture; tokens: (N, K, L) ids after it. Logits (N, K, L, vocabulary)."""
        image = self.vision(pixels, position)
        opening = self.text.embed(start).to(image.dtype).expand(len(image), -1, -1)
        return self.text(torch.cat([opening, image], 1), tokens)


def pixels_of(patches: Tensor) -> Tensor:
    """Bytes to (v - 128) / 64: exact in f16 and in bf16, so that no precision of the stem loses a level."""
    return (patches.float() - 128) / 64


@torch.no_grad()
def init_stem(patch: nn.Linear) -> None:
    """Start from DCT filters, which keep frequency bands apart, and constant channels: the first LayerNorm would
    otherwise divide the local contrast away, and that is most of what quality is at this level."""
    n, d = PATCH, patch.out_features
    basis = torch.tensor([[math.cos(math.pi * (2 * x + 1) * u / (2 * n)) for x in range(n)] for u in range(n)])
    basis = basis / basis.norm(dim=1, keepdim=True)
    order = sorted(((u * u + v * v, u, v) for u in range(n) for v in range(n)))
    luma = torch.tensor([0.299, 0.587, 0.114])
    chroma = (torch.tensor([-0.169, -0.331, 0.5]), torch.tensor([0.5, -0.419, -0.081]))
    plain = d - 32
    # squared spacing: frequencies are dense near zero, where pictures have their energy
    picks = [order[round((len(order) - 1) * (j / (plain - 1)) ** 2)] for j in range(plain)]
    filters = [(luma, u, v) for _, u, v in picks] + [(c, u, v) for c in chroma for _, u, v in order[:12]]
    patch.weight.zero_()
    patch.bias.zero_()
    for k, (colour, u, v) in enumerate(filters):
        gain = 0.05 * (1 + math.hypot(u, v)) ** 0.9  # natural spectra fall with frequency; this levels them
        patch.weight[k] = gain * (torch.outer(basis[u], basis[v])[..., None] * colour).flatten()
    patch.bias[len(filters) :] = 1.0


@torch.no_grad()
def init_energy(block: VisionBlock) -> None:
    """Let the first block see how strong each frequency is: pairs of hidden units look at one channel with either
    sign and act alike, which makes silu(x) + silu(-x), nearly |x|. From a random start this is a saddle: the signs of
    the frequencies are random, so that no gradient of first order points to their energy."""
    d, gain = block.up.in_features, 4.0
    for k in range(d):
        for unit, sign in ((k, 1.0), (d + k, -1.0)):
            block.up.weight[unit] = 0
            block.up.weight[unit, k] = sign * gain
    block.down.weight[:, d : 2 * d] = block.down.weight[:, :d]
