"""Correlation on the validation pictures: validate.py CHECKPOINT DATA."""
import sys
from pathlib import Path

import numpy as np
import torch
from scipy.stats import pearsonr, spearmanr
from torch import Tensor

from batches import Data
from network import Tonescore, pixels_of
from prompts import QUALITY, TRIADS, Prompt, after_image
from targets import ids, softmax
from tokens import encode


@torch.no_grad()
def answer_logits(net: Tonescore, pixels: Tensor, prompts: tuple[Prompt, ...] = (QUALITY,)) -> np.ndarray:
    """The logits after each prompt: (N, K, vocabulary)."""
    prefix = net.prefix(net.vision(pixels))
    asked = [torch.tensor(encode(after_image(*prompt))).expand(len(prefix), 1, -1) for prompt in prompts]
    return torch.cat([net.text(prefix, tokens)[:, :, -1].float() for tokens in asked], 1).numpy()


def validation_logits(net: Tonescore, data: Data, prompts: tuple[Prompt, ...] = (QUALITY,)) -> np.ndarray:
    with torch.autocast("cpu", torch.bfloat16):
        parts = np.array_split(data.validation, len(data.validation) // 12)
        return np.concatenate([answer_logits(net, pixels_of(torch.from_numpy(data.pictures[part])), prompts) for part in parts])


def triadic(logits: np.ndarray, words=TRIADS[0]) -> np.ndarray:
    return softmax(logits[..., ids(words, True).numpy()]) @ np.array([1, 0.5, 0])


def ensemble(logits: np.ndarray) -> np.ndarray:
    mean = np.mean([logits[..., ids(words, True).numpy()] for words in TRIADS], 0)
    return softmax(mean) @ np.array([1, 0.5, 0])


def validate(net: Tonescore, data: Data) -> str:
    mos = data.mos[data.validation]
    logits = validation_logits(net, data)[:, 0]
    one, many = triadic(logits), ensemble(logits)
    return (
        f"SRCC {spearmanr(one, mos)[0]:.4f} PLCC {pearsonr(one, mos)[0]:.4f} RMSE {np.sqrt(np.mean((one - mos) ** 2)):.4f}"
        f" mean {one.mean():.3f} of {mos.mean():.3f}; ensemble SRCC {spearmanr(many, mos)[0]:.4f}"
    )


def main() -> None:
    from export import load

    print(validate(load(sys.argv[1]), Data(Path(sys.argv[2]), 0)))


if __name__ == "__main__":
    main()
