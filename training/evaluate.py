"""Measure a checkpoint in PyTorch: evaluate.py CHECKPOINT DATA KODAK LADDERS PAIRS.

Validation correlation per subset and word set, answer mass on known and on off-topic prompts, and what was never trained
on: Kodak's 24 pictures against their own damaged copies, made here by other code than the training's; LADDERS, folders
of path-traced pictures NAME_..._00001spp.png of more and more samples; PAIRS, PolyU's photographs with real noise
(..._real.JPG) and their means of many (..._mean.JPG).
"""
import io
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image, ImageEnhance, ImageFilter
from scipy.stats import pearsonr, spearmanr

from answer import ask
from export import load
from pictures import Rated
from prompts import ATTRIBUTES, HOW_GOOD, LEVELS, PROMPTS, QUALITY, TONE_WORDS, TRIADS, Prompt
from targets import WEIGHTS, ids, softmax
from validate import ensemble, triadic, validation_logits

OFF_TOPIC = [
    Prompt("What is the capital of France?", ""), Prompt("What is the capital of France?", "The capital of France is"),
    Prompt("How many people are in the image?", "The number of people is"), Prompt("Describe the image.", ""),
    Prompt("What colour is the sky?", "The sky is"), Prompt("Write a haiku about autumn leaves.", ""),
    Prompt("Who painted the Mona Lisa?", "It was"), Prompt("Translate 'good morning' into Spanish.", ""),
    Prompt("Is there a dog in the picture?", ""), Prompt("What brand is the camera?", "The brand is"),
    Prompt("What is 17 times 23?", "The result is"), Prompt("Give me a recipe for pancakes.", ""),
    Prompt("Where was this photo taken?", "This photo was taken in"), Prompt("Hi there!", ""),
    Prompt("Summarise the plot of Hamlet.", ""), Prompt("What is the licence plate number?", "The number is"),
    Prompt("Which season is it?", "The season is"), Prompt("Continue: one, two, three,", ""),
    Prompt("What does the sign say?", "The sign says"), Prompt("Why is the ocean salty?", "Because"),
]  # fmt: skip


def jpeg(picture: Image.Image, quality: int) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return Image.open(buffer).convert("RGB")


def noise(picture: Image.Image, sigma: float) -> Image.Image:
    grain = np.random.default_rng(0).normal(0, sigma, (picture.height, picture.width, 3))
    return Image.fromarray(np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8))


COPIES = {
    "sharpness": [lambda p, r=r: p.filter(ImageFilter.GaussianBlur(r)) for r in (1.0, 2.0, 3.5)],
    "noise": [lambda p, s=s: noise(p, s) for s in (10, 20, 40)],
    "compression": [lambda p, q=q: jpeg(p, q) for q in (30, 15, 7)],
    "exposure": [lambda p, f=f: ImageEnhance.Brightness(p).enhance(f) for f in (0.55, 0.35, 0.2)],
    "contrast": [lambda p, f=f: ImageEnhance.Contrast(p).enhance(f) for f in (0.6, 0.4, 0.2)],
    "colour": [lambda p, f=f: ImageEnhance.Color(p).enhance(f) for f in (0.5, 0.25, 0.0)],
}


def mass(logits: np.ndarray, spaced: bool, words=TRIADS[0]) -> np.ndarray:
    return softmax(logits)[..., ids(words, spaced).numpy()].sum(-1)


def correlations(net, data: Rated) -> None:
    subset = np.array([data.rows[i]["name"][:4] for i in data.validation])
    mos = data.mos[data.validation]
    bare = [Prompt(p.question, "") for p in (QUALITY, HOW_GOOD)]
    logits = validation_logits(net, data, (QUALITY, HOW_GOOD, *bare))
    one = logits[:, 0]
    levels = softmax(logits[:, 1][:, ids(LEVELS, True).numpy()]) @ WEIGHTS[5].numpy()
    scores = {"qboost": triadic(one), "ensemble": ensemble(one), "qalign": levels}
    scores |= {"/".join(words): triadic(one, words) for words in TRIADS[1:]}
    for name, score in scores.items():
        per = " ".join(f"{s} {spearmanr(score[subset == s], mos[subset == s])[0]:.3f}" for s in np.unique(subset))
        error = np.sqrt(np.mean((score - mos) ** 2))
        print(f"{name}: SRCC {spearmanr(score, mos)[0]:.4f} PLCC {pearsonr(score, mos)[0]:.4f} RMSE {error:.4f} mean {score.mean():.3f}; {per}")
    bare_score = softmax(logits[:, 2][:, ids(TRIADS[0], False).numpy()]) @ np.array([1, 0.5, 0])
    own = [mass(one, True), mass(logits[:, 1], True, LEVELS), mass(logits[:, 2], False), mass(logits[:, 3], False, LEVELS)]
    print(f"without prefill: SRCC {spearmanr(bare_score, mos)[0]:.4f}; least mass of own words {np.min(own, 1).round(4)}")


def kodak(net, folder: Path) -> None:
    pictures = [Image.open(path).convert("RGB") for path in sorted(folder.glob("*.png"))]
    prompts = (QUALITY, *(PROMPTS[a][0] for a in (*ATTRIBUTES, "aesthetics")))
    clean = np.stack([ask(net, p, prompts).numpy() for p in pictures])
    known, off = mass(clean, True), [mass(ask(net, p, (q,)).numpy(), bool(q.prefill), TONE_WORDS)[0] for p in pictures[:4] for q in OFF_TOPIC]
    print(f"mass: known prompts at least {known.min():.4f}, off-topic prompts at most {max(off):.4f}")
    for attribute, copies in COPIES.items():
        damaged = np.stack([[ask(net, copy(p), prompts).numpy() for copy in copies] for p in pictures])
        before, after = triadic(clean)[:, None], triadic(damaged)
        falls = (after[..., 0] < before[..., 0]).mean(0)
        ladder = np.concatenate([before[..., 0], after[..., 0]], 1)
        named = (before - after)[:, :, 1 : 1 + len(ATTRIBUTES)].argmax(-1) == ATTRIBUTES.index(attribute)
        print(
            f"{attribute}: score falls {falls.round(3)}, in order {(np.diff(ladder) < 0).mean():.3f},"
            f" named {named.mean(0).round(3)}, mean scores {ladder.mean(0).round(3)}"
        )


def scores_of(net, path: Path) -> np.ndarray:
    """Quality and noise."""
    return triadic(ask(net, Image.open(path), (QUALITY, PROMPTS["noise"][0])).numpy())


def rendered(net, folder: Path) -> None:
    ladders: dict[str, list[Path]] = {}
    for path in sorted(folder.rglob("*spp.png")):
        ladders.setdefault(path.name.rsplit("_", 1)[0], []).append(path)
    all_orders = []
    for name, paths in ladders.items():
        if len(paths) < 2:
            continue  # a reference
        scores = np.stack([scores_of(net, path) for path in paths])
        orders = [spearmanr(scores[:, k], range(len(paths)))[0] for k in (0, 1)]
        all_orders.append(orders)
        print(f"{name}: quality {orders[0]:+.2f}, noise {orders[1]:+.2f}; quality {scores[:, 0].round(2)}, noise {scores[:, 1].round(2)}")
    print(f"ladders: quality {np.mean(all_orders, 0)[0]:+.2f} on average, at least {np.min(all_orders, 0)[0]:+.2f}; noise at least {np.min(all_orders, 0)[1]:+.2f}")


def pairs(net, folder: Path) -> None:
    noisy = sorted(folder.glob("*_real.JPG"))
    falls = [scores_of(net, path) < scores_of(net, path.with_name(path.name.replace("_real", "_mean"))) for path in noisy]
    quality, noise = np.mean(falls, 0)
    print(f"real noise, {len(noisy)} pairs: in order by quality {quality:.2f}, by noise {noise:.2f}")


def main() -> None:
    net = load(sys.argv[1])
    correlations(net, Rated(sys.argv[2]))
    rendered(net, Path(sys.argv[4]))
    pairs(net, Path(sys.argv[5]))
    kodak(net, Path(sys.argv[3]))


if __name__ == "__main__":
    torch.set_num_threads(2)
    main()
