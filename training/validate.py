"""Correlation on the validation pictures: validate.py CHECKPOINT DATA."""
import sys

import numpy as np
import torch
from scipy.stats import pearsonr, spearmanr
from torch import Tensor

from network import Tonescore, pixels_of
from pictures import Rated
from prompts import QUALITY, TRIADS, Prompt, after_image
from targets import ids, softmax
from tokens import encode


@torch.no_grad()
def answer_logits(net: Tonescore, pixels: Tensor, prompts: tuple[Prompt, ...] = (QUALITY,)) -> np.ndarray:
    """The logits after each prompt: (N, K, vocabulary)."""
    prefix = net.prefix(net.vision(pixels))
    asked = [torch.tensor(encode(after_image(*prompt))).expand(len(prefix), 1, -1) for prompt in prompts]
    return torch.cat([net.text(prefix, tokens)[:, :, -1].float() for tokens in asked], 1).cpu().numpy()


def validation_logits(net: Tonescore, data: Rated, prompts: tuple[Prompt, ...] = (QUALITY,)) -> np.ndarray:
    device, logits = net.start.device, []
    for part in np.array_split(data.validation, len(data.validation) // 12):
        pictures = torch.from_numpy(data.pictures[part]).to(device).permute(0, 3, 1, 2)
        logits.append(answer_logits(net, pixels_of(pictures), prompts))
    return np.concatenate(logits)


def triadic(logits: np.ndarray, words=TRIADS[0]) -> np.ndarray:
    return softmax(logits[..., ids(words, True).numpy()]) @ np.array([1, 0.5, 0])


def ensemble(logits: np.ndarray) -> np.ndarray:
    mean = np.mean([logits[..., ids(words, True).numpy()] for words in TRIADS], 0)
    return softmax(mean) @ np.array([1, 0.5, 0])


def validate(net: Tonescore, data: Rated) -> str:
    mos, subset = data.mos[data.validation], np.array([data.rows[i]["name"][:4] for i in data.validation])
    logits = validation_logits(net, data)[:, 0]
    one, many = triadic(logits), ensemble(logits)
    per = " ".join(f"{s} {spearmanr(one[subset == s], mos[subset == s])[0]:.3f}" for s in np.unique(subset))
    return (
        f"SRCC {spearmanr(one, mos)[0]:.4f} PLCC {pearsonr(one, mos)[0]:.4f} RMSE {np.sqrt(np.mean((one - mos) ** 2)):.4f}"
        f" mean {one.mean():.3f} of {mos.mean():.3f}; ensemble SRCC {spearmanr(many, mos)[0]:.4f}; {per}"
    )


def main() -> None:
    from export import load

    print(validate(load(sys.argv[1]), Rated(sys.argv[2])))


if __name__ == "__main__":
    main()
