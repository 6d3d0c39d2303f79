"""Larger networks as judges of quality, each with a head of its own on the means and deviations of its maps."""
import json
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F
from torch import Tensor

STRIDES = (8, 16, 32)


def pad_same(x: Tensor, size: int, stride: int) -> Tensor:
    """As TensorFlow pads: what is odd goes to the right and below."""
    across = [max((-(-n // stride) - 1) * stride + size - n, 0) for n in (x.shape[-1], x.shape[-2])]
    return F.pad(x, [side for n in across for side in (n // 2, n - n // 2)])


class Network(nn.Module):
    """What teacher_files.py wrote: (N, 3, H, W) of 0..255 to its last map at each of STRIDES."""

    def __init__(self, path: str | Path):
        super().__init__()
        arrays = np.load(path)
        self.layers = json.loads(str(arrays["layers"]))
        count = len(arrays.files) // 2
        read = lambda kind: nn.ParameterList(torch.from_numpy(arrays[f"{kind}{k}"]).float() for k in range(count))
        self.weights, self.biases = read("weight"), read("bias")

    def forward(self, pixels: Tensor) -> list[Tensor]:
        first, *rest = self.layers
        maps = {"input": ((pixels - first["shift"]) / first["scale"]).contiguous(memory_format=torch.channels_last)}
        last, k, side = {}, 0, pixels.shape[-1]
        for layer in rest:
            x = maps[layer["from"][0]]
            if layer["op"] == "conv":
                y = self.convolve(x, k, layer)
                k += 1
            else:
                y = x + maps[layer["from"][1]]
            maps[layer["to"]] = y
            if layer["op"] != "conv" or layer is rest[-1] or y.shape[1] < x.shape[1]:  # not the wide maps inside a block
                last[min(STRIDES, key=lambda stride: abs(np.log(side / y.shape[-1] / stride)))] = y
        return [last[stride] for stride in STRIDES]

    def convolve(self, x: Tensor, k: int, layer: dict) -> Tensor:
        weight = self.weights[k]
        if layer["pad"] == "same":
            x = pad_same(x, weight.shape[-1], layer["stride"])
        y = F.conv2d(x, weight, self.biases[k], layer["stride"], groups=len(weight) if layer.get("deep") else 1)
        return {"relu": F.relu, "relu6": F.relu6, None: lambda z: z}[layer["act"]](y)


class Judge(nn.Module):
    """A score of 0..1, as log odds, from (N, 3, H, W) of 0..255."""

    def __init__(self, path: str | Path, width: int = 256):
        super().__init__()
        self.network = Network(path)
        with torch.no_grad():
            channels = sum(m.shape[1] for m in self.network(torch.zeros(1, 3, 128, 128)))
        self.norm, self.hidden, self.out = nn.BatchNorm1d(2 * channels), nn.Linear(2 * channels, width), nn.Linear(width, 1)

    def forward(self, pixels: Tensor) -> Tensor:
        maps = [m.flatten(2).float() for m in self.network(pixels)]
        seen = torch.cat([part for m in maps for part in (m.mean(-1), m.std(-1))], 1)
        hidden = F.dropout(F.gelu(self.hidden(self.norm(seen))), 0.3, self.training)
        return self.out(hidden)[:, 0].float()
