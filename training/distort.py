"""Synthetic damage of known kind and strength: functions of ((3, H, W) picture of 0..255, strength 0..1, dice).

Dice of the same seed give the same direction, cast and grain whatever the strength. What codecs do is in unpack.py.
"""
import math
import random
from functools import cache
from typing import Callable

import torch
import torch.nn.functional as F
from torch import Tensor



@cache
def constant(values: tuple[float, ...], device: torch.device) -> Tensor:
    """(3, 1, 1)"""
    return torch.tensor(values, device=device)[:, None, None]


class Dice:
    """Numbers drawn here, so that a GPU need not be waited for, and grain drawn there."""

    def __init__(self, seed: int, device: torch.device):
        self.numbers, self.grain = random.Random(seed), torch.Generator(device).manual_seed(seed)

    def uniform(self, low: float, high: float) -> float:
        return self.numbers.uniform(low, high)

    def normal(self, *shape: int) -> Tensor:
        return torch.randn(shape, generator=self.grain, device=self.grain.device)

    def chance(self, *shape: int) -> Tensor:
        return torch.rand(shape, generator=self.grain, device=self.grain.device)

    def gamma(self, shape: Tensor) -> Tensor:
        """Of mean 1, its deviation 1 / sqrt(shape)."""
        return torch._standard_gamma(shape.contiguous(), generator=self.grain) / shape


Damage = Callable[[Tensor, float, Dice], Tensor]


def convolve(x: Tensor, kernel: Tensor) -> Tensor:
    h, w = kernel.shape
    padded = F.pad(x[None], (w // 2, w // 2, h // 2, h // 2), mode="replicate")[0]
    return F.conv2d(padded[:, None], (kernel / kernel.sum())[None, None])[:, 0]


def gaussian(x: Tensor, sigma: float) -> Tensor:
    r = math.ceil(3 * sigma)
    line = torch.exp(-0.5 * (torch.arange(-r, r + 1, device=x.device) / sigma) ** 2)
    return convolve(convolve(x, line[None]), line[:, None])


def resized(x: Tensor, height: int, width: int, mode: str = "bilinear") -> Tensor:
    if mode == "nearest":
        return F.interpolate(x[None], (height, width), mode=mode)[0]
    return F.interpolate(x[None], (height, width), mode=mode, antialias=True)[0]


def grey(x: Tensor) -> Tensor:
    return (x * constant((0.299, 0.587, 0.114), x.device)).sum(0, keepdim=True)


def gaussian_blur(x, s, dice):
    return gaussian(x, 0.4 + 3.6 * s**1.3)


def disc_blur(x, s, dice):
    r = 0.8 + 5 * s**1.3
    at = torch.arange(-8.0, 9.0, device=x.device)
    return convolve(x, (r + 0.5 - torch.hypot(at[:, None], at[None])).clamp(0, 1))


def motion_blur(x, s, dice):
    length, angle = 2 + 28 * s**1.2, dice.uniform(0, math.pi)
    way = torch.linspace(-length / 2, length / 2, 120)
    across, down = (17 + way * math.cos(angle)).round().long(), (17 + way * math.sin(angle)).round().long()
    kernel = torch.zeros(35, 35).index_put_((down, across), torch.ones(120), accumulate=True)
    return convolve(x, kernel.to(x.device, non_blocking=True))


def rescale(x, s, dice):
    """Enlarged from fewer pixels, by one of several kernels."""
    _, h, w = x.shape
    factor, mode = 1.2 + 4.8 * s**1.3, ("bilinear", "bicubic", "bicubic", "nearest")[int(dice.uniform(0, 4))]
    return resized(resized(x, int(h / factor), int(w / factor), "bicubic"), h, w, mode)


def white_noise(x, s, dice):
    return x + dice.normal(*x.shape) * (2 + 48 * s**1.4)


def sensor_noise(x, s, dice):
    """Stronger in the shadows, partly grey, slightly correlated: closer to a high-ISO camera."""
    sigma, size = (1.5 + 60 * s**1.4) * (1.1 - 0.6 * x.mean(0, keepdim=True) / 255), dice.uniform(0.4, 1.1)
    grain = dice.normal(*x.shape) * 0.6 + dice.normal(1, *x.shape[1:]) * 0.6
    blurred = gaussian(grain, size)
    return x + sigma * 0.85 * blurred / blurred.std()


def impulse_noise(x, s, dice):
    """Whole pixels or single channels."""
    shape = (1 if dice.uniform(0, 1) < 0.5 else 3, *x.shape[1:])
    which, white = dice.chance(*shape), dice.chance(*shape)
    return torch.where(which < 0.001 + 0.09 * s**1.4, torch.where(white < 0.5, 0.0, 255.0), x)


def few_paths(x, s, dice):
    """A path tracer's noise: in linear light a mean of few samples, most of them dark and some very bright, more so
    in some places than in others; only the worst pixels of rare paths (fireflies) stand out at many samples."""
    samples = 2 ** (8 * (1 - s) - 1)
    light = (x.clamp(0, 255) / 255) ** 2.2
    coarse = dice.chance(1, 1, 6, 6)
    place = F.interpolate(coarse, x.shape[1:], mode="bicubic")[0].clamp(0.05, 1)
    shape = (samples * (0.15 + 1.2 * place) * dice.uniform(0.3, 1.5)).clamp(min=0.02)
    colour = dice.uniform(0, 0.5)
    rough = dice.gamma(shape)
    own = dice.gamma(shape.expand(*x.shape))
    flies = (dice.chance(1, *x.shape[1:]) < 0.002 * dice.uniform(0, 1) * s) * 8.0
    noisy = light * ((1 - colour) * rough + colour * own) + flies * place
    return 255 * noisy.clamp(0, 1) ** (1 / 2.2)


def overexpose(x, s, dice):
    return x * 2 ** (0.2 + 2.3 * s)


def underexpose(x, s, dice):
    return x * 2 ** -(0.4 + 2.9 * s)


def gamma(x, s, dice):
    power = 1 + 1.8 * s
    return 255 * (x.clamp(0, 255) / 255) ** (power if dice.uniform(0, 1) < 0.5 else 1 / power)


def low_contrast(x, s, dice):
    mean = x.mean() + dice.uniform(-20, 40) * s
    return mean + (x - x.mean()) * (1 - 0.12 - 0.75 * s)


def haze(x, s, dice):
    return x * (1 - 0.1 - 0.7 * s) + dice.uniform(170, 235) * (0.1 + 0.7 * s)


def harsh_contrast(x, s, dice):
    return x.mean() + (x - x.mean()) * (1.25 + 2.2 * s)


def desaturate(x, s, dice):
    return grey(x) + (x - grey(x)) * max(0, 1 - 0.12 - 0.92 * s)


def oversaturate(x, s, dice):
    return grey(x) + (x - grey(x)) * (1.4 + 3 * s)


def colour_cast(x, s, dice):
    cast = dice.normal(3, 1, 1)
    cast = cast - cast.mean()
    return x * (1 + (0.05 + 0.55 * s) * cast / cast.abs().max())


def wrong_white(x, s, dice):
    """Lamps or sky taken for white: too warm or too cold."""
    gain = 1.05 + 0.55 * s
    warm = (gain, 1, 1 / gain) if dice.uniform(0, 1) < 0.6 else (1 / gain, 1, gain)
    return x * torch.tensor(warm).to(x.device, non_blocking=True)[:, None, None]


# For each attribute its kinds of damage, and how much of the overall quality the strongest of them takes away.
DAMAGES: dict[str, tuple[float, list[Damage]]] = {
    "sharpness": (0.85, [gaussian_blur, disc_blur, motion_blur, rescale, rescale]),
    "noise": (0.85, [white_noise, sensor_noise, sensor_noise, impulse_noise, few_paths, few_paths]),
    "compression": (0.85, []),  # unpack.py's
    "exposure": (0.75, [overexpose, overexpose, underexpose, gamma]),
    "contrast": (0.65, [low_contrast, low_contrast, haze, harsh_contrast]),
    "colour": (0.6, [desaturate, desaturate, desaturate, wrong_white, wrong_white, oversaturate, colour_cast]),
}
