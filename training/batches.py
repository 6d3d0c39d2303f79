"""What one training step sees: rated pictures and damaged ones, and questions about each."""
import json
import math
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

import offtopic
from distort import DAMAGES, Dice, resized
from network import pixels_of
from pictures import GROUP, SIDE, Rated
from prompts import ATTRIBUTES, END, HOW_GOOD, LEVELS, NO_ANSWER, PROMPTS, TONE_WORDS, Prompt, after_image, own_words
from tokens import IDS, answer_id, encode
from unpack import PRISTINE_MOS, strengths


class Texts(NamedTuple):
    """On the CPU: what is chosen by them is known without waiting for the GPU."""

    tokens: Tensor  # (N, K, L), padded at the end
    answer: Tensor  # (N, K) place of the token whose logits are the answer
    spaced: Tensor  # (N, K) whether the answer words start with a space
    levels: Tensor  # (N, K) whether the five levels are the prompt's own words


class Batch(NamedTuple):
    pixels: Tensor  # (N, 3, side, side) of 0..255
    scores: Tensor  # (N, K) wanted
    texts: Texts


OVERALL = ("quality", "aesthetics")
# How many of the damaged groups: what is hard to see more often.
SHARES = {"sharpness": 0.12, "noise": 0.24, "compression": 0.22, "exposure": 0.15, "contrast": 0.08, "colour": 0.19}
RENDERED = 0.3  # of the groups of noise: by a path tracer, the others by distort.py
RENDER_MOS = 0.6  # of the most samples


@cache
def ids_after(prompt: Prompt) -> list[int]:
    return encode(after_image(*prompt))


def lay_out(rows: list[list[tuple[Prompt, str]]]) -> Texts:
    """Prompt, an answer word, end of turn. The prefill, where there is one, ends in a letter."""
    encoded = [[(ids_after(p), answer_id(word, bool(p.prefill))) for p, word in row] for row in rows]
    length = max(len(ids) for row in encoded for ids, _ in row) + 1
    tokens = [[ids + [word] + [IDS[END]] * (length - len(ids) - 1) for ids, word in row] for row in encoded]
    answer = [[len(ids) - 1 for ids, _ in row] for row in encoded]
    spaced = [[bool(p.prefill) for p, _ in row] for row in rows]
    levels = [[own_words(p) is LEVELS for p, _ in row] for row in rows]
    return Texts(*map(torch.tensor, (tokens, answer, spaced, levels)))


def ask(topic: str, rng) -> tuple[Prompt, str]:
    prompt = HOW_GOOD if topic == "quality" and rng.random() < 0.15 else PROMPTS[topic][0]
    if rng.random() < 0.15:
        prompt = Prompt(prompt.question, "")
    return prompt, TONE_WORDS[rng.integers(len(TONE_WORDS))]


def off_topic(n: int, k: int, rng) -> Texts:
    return lay_out([[(Prompt(*offtopic.sample(rng)), NO_ANSWER) for _ in range(k)] for _ in range(n)])


def attribute_base(mos):
    """No attribute of a rated picture is known; a good picture is likely good in each of them."""
    return 0.35 + 0.5 * mos


def wanted(topic: str, attribute: str, mos: float, strength: float) -> float:
    """The damage takes most from its own attribute, its share from the quality, and from the others nothing."""
    s = strength**0.8
    if topic == attribute:
        return attribute_base(mos) * (1 - 0.95 * s)
    return mos * (1 - DAMAGES[attribute][0] * s) if topic in OVERALL else attribute_base(mos)


class Scene(NamedTuple):
    """Pictures of one scene, (GROUP, 3, side, side) of 0..255, clean first, and what was done to them."""

    pictures: Tensor
    attribute: str
    mos: float
    strengths: list[float]


class Data(Rated):
    """Batches depend on the seed and the step alone, so that a resumed run sees what an unbroken one would."""

    def __init__(self, folder: Path, seed: int, device: torch.device):
        super().__init__(folder)
        self.seed, self.device = seed, device
        load = lambda name: torch.from_numpy(np.load(folder / name, mmap_mode="c")).to(device)
        self.rated, self.clean, self.coded, self.renders = map(load, ("rated.npy", "pristine.npy", "coded.npy", "renders.npy"))
        self.code_labels = json.loads((folder / "coded.json").read_text())
        self.good = [i for i in self.train if self.mos[i] > 0.55]

    def there(self, tensor: Tensor) -> Tensor:
        """On the GPU, without waiting for what it still computes."""
        return tensor.to(self.device, non_blocking=True)

    def rated_batch(self, step: int, count: int, side: int) -> tuple[Batch, Tensor, Tensor]:
        """With the MOS of each picture, (N,), and whether a question is about all of the quality, (N, K)."""
        rng = np.random.default_rng((self.seed, step, 0))
        chosen = rng.choice(self.train, count, replace=False)
        views = torch.stack([look(side, rng)(self.rated[i].permute(2, 0, 1)) for i in chosen])
        topics = [["quality", other_of_rated(rng)] for _ in chosen]
        texts = lay_out([[ask(topic, rng) for topic in row] for row in topics])
        overall = torch.tensor([[topic in OVERALL for topic in row] for row in topics])
        mos = torch.from_numpy(self.mos[chosen]).float()
        scores = torch.where(overall, mos[:, None], attribute_base(mos[:, None]))
        return Batch(views.float(), self.there(scores), texts), self.there(mos), self.there(overall)

    def damaged_batch(self, step: int, groups: int, side: int) -> Batch:
        """Groups of one scene, each picture of a group shown alike and asked the same questions: about its quality, what
        was damaged, then the other attributes."""
        rng, views, scores, rows = np.random.default_rng((self.seed, step, 1)), [], [], []
        for attribute in rng.choice(list(SHARES), groups, p=list(SHARES.values())):
            scene = self.scene(attribute, rng)
            views.append(shown(scene.pictures, side, rng))
            topics = ["quality", attribute, *(other for other in ATTRIBUTES if other != attribute)]
            scores += [[wanted(topic, attribute, scene.mos, s) for topic in topics] for s in scene.strengths]
            rows += [[ask(topic, rng) for topic in topics]] * GROUP
        return Batch(torch.cat(views), self.there(torch.tensor(scores)), lay_out(rows))

    def scene(self, attribute: str, rng) -> Scene:
        if attribute == "compression":
            g = rng.integers(len(self.coded))
            label = self.code_labels[g]
            return Scene(self.coded[g].permute(0, 3, 1, 2).float(), attribute, label["mos"], label["strengths"])
        if attribute == "noise" and rng.random() < RENDERED:
            return self.rendered(rng)
        if rng.random() < 0.5:
            clean, mos = self.clean[rng.integers(len(self.clean))], PRISTINE_MOS
        else:
            i = self.good[rng.integers(len(self.good))]
            clean, mos = self.rated[i], float(self.mos[i])
        clean, kinds = clean.permute(2, 0, 1).float(), DAMAGES[attribute][1]
        damage, levels, seed = kinds[rng.integers(len(kinds))], strengths(rng), int(rng.integers(1 << 31))
        copies = [damage(clean, s, Dice(seed, self.device)) for s in levels]
        return Scene(torch.stack([clean, *copies]).clamp(0, 255).round(), attribute, mos, [0.0, *levels])

    def rendered(self, rng) -> Scene:
        """Four levels of a ladder; each doubling of the samples counts alike."""
        ladder = self.renders[rng.integers(len(self.renders))]
        levels = np.sort(rng.choice(len(ladder), GROUP, replace=False))[::-1]
        return Scene(
            torch.stack([ladder[level] for level in levels]).permute(0, 3, 1, 2).float(),
            "noise", RENDER_MOS, [0.9 * float(1 - level / (len(ladder) - 1)) for level in levels],
        )  # fmt: skip


def look(side: int, rng):
    """A way of looking at pictures (..., SIDE, SIDE): which part, whether mirrored, and in one of four cases with the black
    bars that libmtmd puts beside pictures that are not square."""
    x, y = rng.integers(0, SIDE - side + 1, 2)
    mirrored, barred, upright = rng.random(3) < (0.5, 0.25, 0.3)
    bar = int(rng.integers(1, side // 4)) if barred else 0

    def view(picture: Tensor) -> Tensor:
        seen = picture[..., y : y + side, x : x + side].clone()
        across = seen.transpose(-1, -2) if upright else seen
        across[..., :bar, :] = 0
        across[..., side - bar :, :] = 0
        return seen.flip(-1) if mirrored else seen

    return view


def shown(pictures: Tensor, side: int, rng) -> Tensor:
    """A part of each, the same of all: at its own size, reduced as large pictures are, or enlarged as small ones are."""
    largest, draw = pictures.shape[-1], rng.random()
    if draw < 0.4:
        part = min(side, largest)
    elif draw < 0.7:
        part = int(rng.uniform(min(side, largest), largest + 1))
    else:
        part = int(rng.uniform(min(side / 2.2, largest), min(side, largest) + 1))
    x, y = (int(rng.integers(0, largest - part + 1)) for _ in range(2))
    seen = pictures[..., y : y + part, x : x + part]
    seen = seen if part == side else torch.stack([resized(one, side, side) for one in seen]).round()
    return seen.flip(-1) if rng.random() < 0.5 else seen


def other_of_rated(rng) -> str:
    """What is asked beside the quality. Attributes seldom: nobody rated them, and a guess teaches them to be alike."""
    draw = rng.random()
    if draw < 0.4:
        return "aesthetics"
    return "quality" if draw < 0.85 else ATTRIBUTES[rng.integers(len(ATTRIBUTES))]
