"""Synthetic damage of known kind and strength: functions of (RGB picture as float array 0..255, strength 0..1, generator)."""
import io
from typing import Callable

import numpy as np
from PIL import Image
from scipy import ndimage

Damage = Callable[[np.ndarray, float, np.random.Generator], np.ndarray]
LUMA = np.array([0.299, 0.587, 0.114])


def gaussian_blur(x, s, rng):
    return ndimage.gaussian_filter(x, (0.4 + 3.6 * s**1.3,) * 2 + (0,))


def disc_blur(x, s, rng):
    r = 0.8 + 5 * s**1.3
    y, z = np.mgrid[-8:9, -8:9]
    kernel = np.clip(r + 0.5 - np.hypot(y, z), 0, 1)
    return ndimage.convolve(x, (kernel / kernel.sum())[..., None], mode="nearest")


def motion_blur(x, s, rng):
    length, angle = 2 + 28 * s**1.2, rng.uniform(0, np.pi)
    kernel = np.zeros((35, 35))
    for t in np.linspace(-length / 2, length / 2, 120):
        kernel[round(17 + t * np.sin(angle)), round(17 + t * np.cos(angle))] += 1
    return ndimage.convolve(x, (kernel / kernel.sum())[..., None], mode="nearest")


def rescale(x, s, rng):
    h, w = x.shape[:2]
    factor = 1.2 + 4.8 * s**1.3
    small = to_image(x).resize((int(w / factor), int(h / factor)), Image.BICUBIC)
    return np.asarray(small.resize((w, h), rng.choice([Image.BILINEAR, Image.BICUBIC])), float)


def white_noise(x, s, rng):
    return x + rng.standard_normal(x.shape) * (2 + 48 * s**1.4)


def sensor_noise(x, s, rng):
    """Stronger in the shadows, partly grey, slightly correlated: closer to a high-ISO camera."""
    sigma = (3 + 60 * s**1.4) * (1.1 - 0.6 * x.mean(-1, keepdims=True) / 255)
    grain = rng.standard_normal(x.shape) * 0.6 + rng.standard_normal(x.shape[:2] + (1,)) * 0.6
    return x + sigma * 1.5 * ndimage.gaussian_filter(grain, (0.6, 0.6, 0))


def impulse_noise(x, s, rng):
    """Whole pixels or single channels."""
    hit = rng.random(x.shape[:2] + (rng.choice([1, 3]),)) < 0.001 + 0.09 * s**1.4
    return np.where(hit, np.where(rng.random(hit.shape) < 0.5, 0.0, 255.0), x)


def recode(x, kind: str, quality: int):
    buffer = io.BytesIO()
    to_image(x).save(buffer, kind, quality=quality)
    return np.asarray(Image.open(buffer).convert("RGB"), float)


def jpeg(x, s, rng):
    return recode(x, "JPEG", round(5 + 67 * (1 - s) ** 2))


def webp(x, s, rng):
    return recode(x, "WEBP", round(1 + 55 * (1 - s) ** 2))


def overexpose(x, s, rng):
    return x * 2 ** (0.2 + 2.3 * s)


def underexpose(x, s, rng):
    return x * 2 ** -(0.4 + 2.9 * s)


def gamma(x, s, rng):
    power = 1 + 1.8 * s
    return 255 * (np.clip(x, 0, 255) / 255) ** (power if rng.random() < 0.5 else 1 / power)


def low_contrast(x, s, rng):
    mean = x.mean() + rng.uniform(-20, 40) * s
    return mean + (x - x.mean()) * (1 - 0.12 - 0.75 * s)


def haze(x, s, rng):
    return x * (1 - 0.1 - 0.7 * s) + rng.uniform(170, 235) * (0.1 + 0.7 * s)


def harsh_contrast(x, s, rng):
    return x.mean() + (x - x.mean()) * (1.25 + 2.2 * s)


def desaturate(x, s, rng):
    grey = (x @ LUMA)[..., None]
    return grey + (x - grey) * max(0, 1 - 0.12 - 0.92 * s)


def oversaturate(x, s, rng):
    grey = (x @ LUMA)[..., None]
    return grey + (x - grey) * (1.4 + 3 * s)


def colour_cast(x, s, rng):
    cast = rng.standard_normal(3)
    cast -= cast.mean()
    return x * (1 + (0.05 + 0.55 * s) * cast / np.abs(cast).max())


def wrong_white(x, s, rng):
    """Lamps or sky taken for white: too warm or too cold."""
    gain = 1.05 + 0.55 * s
    return x * (np.array([gain, 1, 1 / gain]) if rng.random() < 0.6 else np.array([1 / gain, 1, gain]))


# For each attribute its kinds of damage, and how much of the overall quality the strongest of them takes away.
DAMAGES: dict[str, tuple[float, list[Damage]]] = {
    "sharpness": (0.85, [gaussian_blur, disc_blur, motion_blur, motion_blur, rescale]),
    "noise": (0.85, [white_noise, white_noise, sensor_noise, impulse_noise, impulse_noise]),
    "compression": (0.85, [jpeg, webp, jpeg]),
    "exposure": (0.75, [overexpose, overexpose, underexpose, gamma]),
    "contrast": (0.65, [low_contrast, low_contrast, haze, harsh_contrast]),
    "colour": (0.6, [desaturate, desaturate, desaturate, wrong_white, wrong_white, oversaturate, colour_cast]),
}


def to_image(x: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(np.rint(x), 0, 255).astype(np.uint8))
