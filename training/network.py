"""The whole model as llama.cpp runs it: the encoder's image tokens, read by a small llama."""
import torch
import torch.nn as nn
from torch import Tensor

from prompts import before_image
from text import Shape, Text
from tokens import encode
from vision import Inverted, Vision


class Tonescore(nn.Module):
    def __init__(self, shape: Shape = Shape()):
        super().__init__()
        self.shape, self.vision, self.text = shape, Vision(shape.width), Text(shape)
        self.register_buffer("start", torch.tensor(encode(before_image())), persistent=False)
        self.apply(initialise)

    def prefix(self, image: Tensor) -> Tensor:
        """What comes before every question: the beginning of the user's turn, and (N, T, width) image tokens."""
        opening = self.text.embed(self.start).to(image.dtype).expand(len(image), -1, -1)
        return torch.cat([opening, image], 1)


@torch.no_grad()
def initialise(module: nn.Module) -> None:
    if isinstance(module, (nn.Linear, nn.Conv2d)):
        nn.init.kaiming_normal_(module.weight, nonlinearity="linear")
        if module.bias is not None:
            nn.init.zeros_(module.bias)
    elif isinstance(module, Text):
        nn.init.normal_(module.embed.weight, std=0.5)
        nn.init.normal_(module.head.weight, std=0.02)
    elif isinstance(module, Inverted) and module.residual:
        nn.init.normal_(module.project.weight, std=0.02)


def pixels_of(pictures: Tensor) -> Tensor:
    """(N, 3, H, W) of 0..255 to -1 to 1: (v - 128) / 128, exact in every float type."""
    return ((pictures.float() - 128) / 128).contiguous(memory_format=torch.channels_last)
