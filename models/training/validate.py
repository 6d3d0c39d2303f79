"""Rank correlation on the validation pictures and order on the damaged ones: validate.py CHECKPOINT DATA."""
import sys
from pathlib import Path

import numpy as np
import torch
from scipy.stats import pearsonr, spearmanr

from batches import Data
from network import Tonescore, pixels_of
from prompts import QUALITY, TRIADS, after_image, before_image
from targets import ids, softmax
from tokens import encode


@torch.no_grad()
def answer_logits(net: Tonescore, patches: np.ndarray, prompts=(QUALITY,)) -> np.ndarray:
    """Whole pictures, (N, 256, 3072) bytes, to the logits after each prompt: (N, K, vocabulary)."""
    start = torch.tensor(encode(before_image()))
    out = []
    with torch.autocast("cpu", torch.bfloat16):
        for k in range(0, len(patches), 20):
            pixels = pixels_of(torch.from_numpy(np.ascontiguousarray(patches[k : k + 20])))
            image = net.vision(pixels, net.vision.position)
            opening = net.text.embed(start).to(image.dtype).expand(len(image), -1, -1)
            prefix = torch.cat([opening, image], 1)
            asked = [torch.tensor(encode(after_image(*prompt))).expand(len(image), 1, -1) for prompt in prompts]
            out.append(torch.cat([net.text(prefix, tokens)[:, :, -1].float() for tokens in asked], 1))
    return torch.cat(out).numpy()


def triadic(logits: np.ndarray, words=TRIADS[0]) -> np.ndarray:
    return softmax(logits[..., ids(words, True).numpy()]) @ np.array([1, 0.5, 0])


def ensemble(logits: np.ndarray) -> np.ndarray:
    mean = np.mean([logits[..., ids(words, True).numpy()] for words in TRIADS], 0)
    return softmax(mean) @ np.array([1, 0.5, 0])


def validate(net: Tonescore, data: Data) -> str:
    net.eval()
    mos = np.array([data.labels[i]["mos"] for i in data.validation])
    logits = answer_logits(net, data.rated[data.validation])[:, 0]
    one, many = triadic(logits), ensemble(logits)
    net.train()
    return (
        f"SRCC {spearmanr(one, mos)[0]:.4f} PLCC {pearsonr(one, mos)[0]:.4f} RMSE {np.sqrt(np.mean((one - mos) ** 2)):.4f}"
        f" mean {one.mean():.3f} of {mos.mean():.3f}; ensemble SRCC {spearmanr(many, mos)[0]:.4f}"
    )


def main() -> None:
    from export import load

    print(validate(load(sys.argv[1]), Data(Path(sys.argv[2]), 0)))


if __name__ == "__main__":
    main()
