"""What one training step sees: crops of rated and of damaged pictures, and questions about each."""
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

import offtopic
from distort import DAMAGES
from network import pixels_of
from pictures import PART, SIDE, Rated
from prepare import GROUP
from prompts import ATTRIBUTES, END, HOW_GOOD, LEVELS, NO_ANSWER, PROMPTS, TONE_WORDS, Prompt, after_image, own_words
from tokens import IDS, answer_id, encode


class Texts(NamedTuple):
    tokens: Tensor  # (N, K, L), padded at the end
    answer: Tensor  # (N, K) place of the token whose logits are the answer
    spaced: Tensor  # (N, K) whether the answer words start with a space
    levels: Tensor  # (N, K) whether the five levels are the prompt's own words


class Batch(NamedTuple):
    pixels: Tensor  # (N, 3, crop, crop)
    scores: Tensor  # (N, K) wanted
    texts: Texts


OVERALL = ("quality", "aesthetics")
# How many of the damaged groups: what is hard to see more often.
SHARES = {"sharpness": 0.12, "noise": 0.22, "compression": 0.19, "exposure": 0.17, "contrast": 0.07, "colour": 0.23}


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


def attribute_base(mos: float) -> float:
    """No attribute of a rated picture is known; a good picture is likely good in each of them."""
    return 0.35 + 0.5 * mos


def wanted_of_rated(topic: str, mos: float) -> float:
    return mos if topic in OVERALL else attribute_base(mos)


def wanted_of_damaged(topic: str, label: dict) -> float:
    """The damage takes most from its own attribute, its share from the quality, and from the others nothing."""
    s = label["strength"] ** 0.8
    if topic == label["attribute"]:
        return attribute_base(label["mos"]) * (1 - 0.95 * s)
    share = DAMAGES[label["attribute"]][0] if topic in OVERALL else 0
    return wanted_of_rated(topic, label["mos"]) * (1 - share * s)


class Data(Rated):
    """Batches depend on the seed, the step and the process alone, so that a resumed run sees what an unbroken one would."""

    def __init__(self, folder: Path, seed: int, rank: int = 0):
        super().__init__(folder)
        self.seed, self.rank = seed, rank
        self.damaged = np.load(folder / "damaged.npy", mmap_mode="r")
        self.damage_labels = json.loads((folder / "damaged.json").read_text())
        shares = np.array([SHARES[label["attribute"]] for label in self.damage_labels[1::GROUP]])
        self.shares = shares / shares.sum()

    def rated_batch(self, step: int, count: int, crop: int) -> Batch:
        rng = np.random.default_rng((self.seed, step, self.rank, 0))
        chosen = rng.choice(self.train, count, replace=False)
        views = [look(crop, SIDE, rng)(self.pictures[i]) for i in chosen]
        topics = [["quality", other_of_rated(rng)] for _ in chosen]
        scores = [[wanted_of_rated(topic, self.mos[i]) for topic in row] for row, i in zip(topics, chosen)]
        return assemble(views, scores, [[ask(topic, rng) for topic in row] for row in topics])

    def damaged_batch(self, step: int, groups: int, crop: int) -> Batch:
        """Groups of one scene, each picture of a group shown by the same crop and asked the same questions: about its
        quality, what was damaged, then the other attributes."""
        rng = np.random.default_rng((self.seed, step, self.rank, 1))
        views, scores, rows = [], [], []
        for g in rng.choice(len(self.shares), groups, replace=False, p=self.shares):
            same, members = look(crop, PART, rng), range(GROUP * g, GROUP * (g + 1))
            damaged = self.damage_labels[members[0]]["attribute"]
            topics = ["quality", damaged, *(other for other in ATTRIBUTES if other != damaged)]
            views += [same(self.damaged[i]) for i in members]
            scores += [[wanted_of_damaged(topic, self.damage_labels[i]) for topic in topics] for i in members]
            rows += [[ask(topic, rng) for topic in topics]] * GROUP
        return assemble(views, scores, rows)


def look(crop: int, side: int, rng):
    """A way of looking at pictures of side by side pixels: which crop, whether mirrored, and in one of four cases with the
    black bars that libmtmd puts beside pictures that are not square."""
    x, y = rng.integers(0, side - crop + 1, 2)
    mirrored, barred, upright = rng.random(3) < (0.5, 0.25, 0.3)
    bar = int(rng.integers(1, crop // 4)) if barred else 0

    def view(picture: np.ndarray) -> np.ndarray:
        seen = np.array(picture[y : y + crop, x : x + crop])
        across = seen.swapaxes(0, 1) if upright else seen
        across[:bar] = 0
        across[crop - bar :] = 0
        return seen[:, ::-1] if mirrored else seen

    return view


def other_of_rated(rng) -> str:
    """What is asked beside the quality. Attributes seldom: nobody rated them, and a guess teaches them to be alike."""
    draw = rng.random()
    if draw < 0.4:
        return "aesthetics"
    return "quality" if draw < 0.85 else ATTRIBUTES[rng.integers(len(ATTRIBUTES))]


def assemble(views: list[np.ndarray], scores: list[list[float]], rows: list[list[tuple[Prompt, str]]]) -> Batch:
    return Batch(pixels_of(torch.from_numpy(np.stack(views))), torch.tensor(scores), lay_out(rows))
