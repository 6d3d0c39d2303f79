"""The language model: a small llama, which reads the picture's tokens and then questions that do not see each other."""
from dataclasses import dataclass
from functools import lru_cache

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

from tokens import VOCABULARY
from vision import NORM_EPS


@dataclass(frozen=True)
class Shape:
    width: int = 128
    heads: int = 4
    layers: int = 2
    hidden: int = 384
    rope_base: float = 10000.0


class TextBlock(nn.Module):
    def __init__(self, s: Shape):
        super().__init__()
        self.heads = s.heads
        self.norm1, self.norm2 = nn.RMSNorm(s.width, NORM_EPS), nn.RMSNorm(s.width, NORM_EPS)
        self.q, self.k, self.v, self.out = (nn.Linear(s.width, s.width, bias=False) for _ in range(4))
        self.gate, self.up = (nn.Linear(s.width, s.hidden, bias=False) for _ in range(2))
        self.down = nn.Linear(s.hidden, s.width, bias=False)

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
        self.embed = nn.Embedding(len(VOCABULARY), s.width)
        self.blocks = nn.ModuleList(TextBlock(s) for _ in range(s.layers))
        self.norm, self.head = nn.RMSNorm(s.width, NORM_EPS), nn.Linear(s.width, len(VOCABULARY), bias=False)

    @lru_cache(64)
    def layout(self, prefix: int, k: int, length: int, device: torch.device) -> tuple[Tensor, Tensor]:
        group = torch.cat([torch.zeros(prefix, dtype=torch.long), torch.arange(1, k + 1).repeat_interleave(length)])
        where = torch.cat([torch.arange(prefix), prefix + torch.arange(length).repeat(k)])
        seen = (group[None] == 0) | (group[None] == group[:, None])
        pairs = self.shape.width // self.shape.heads // 2
        angle = where[:, None] * self.shape.rope_base ** -(torch.arange(pairs) / pairs)
        return (seen & (where[None] <= where[:, None])).to(device), torch.stack([angle.cos(), angle.sin()]).to(device)

    def forward(self, prefix: Tensor, tokens: Tensor) -> Tensor:
        n, k, length = tokens.shape
        mask, turn = self.layout(prefix.shape[1], k, length, prefix.device)
        x = torch.cat([prefix, self.embed(tokens.flatten(1).to(prefix.device, non_blocking=True)).to(prefix.dtype)], 1)
        for block in self.blocks:
            x = block(x, turn, mask)
        return self.head(self.norm(x[:, prefix.shape[1] :])).view(n, k, length, -1)
