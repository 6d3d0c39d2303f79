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
from pictures import SIDE, Rated
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


def wanted(topic: str, label: dict) -> float:
    """The score of one topic: the damage takes it from its own attribute, and its share from the overall ones."""
    mos, s = label["mos"], label["strength"] ** 0.8
    if topic == label["attribute"]:
        return attribute_base(mos) * (1 - 0.95 * s)
    if topic in ("quality", "aesthetics"):
        return mos * (1 - DAMAGES[label["attribute"]][0] * s) if label["attribute"] else mos
    return attribute_base(mos)


class Data(Rated):
    """Batches depend on the seed, the step and the process alone, so that a resumed run sees what an unbroken one would."""

    def __init__(self, folder: Path, seed: int, rank: int = 0):
        super().__init__(folder)
        self.seed, self.rank = seed, rank
        self.damaged = np.load(folder / "damaged.npy", mmap_mode="r")
        self.damage_labels = json.loads((folder / "damaged.json").read_text())

    def rated_batch(self, step: int, count: int, crop: int) -> Batch:
        rng = np.random.default_rng((self.seed, step, self.rank, 0))
        chosen = rng.choice(self.train, count, replace=False)
        views = [look(crop, rng)(self.pictures[i]) for i in chosen]
        labels = [{"attribute": "", "strength": 0.0, "mos": self.mos[i]} for i in chosen]
        return assemble(views, labels, [["quality", other_of_rated(rng)] for _ in chosen], rng)

    def damaged_batch(self, step: int, groups: int, crop: int, questions: int) -> Batch:
        """Groups of one scene, each picture of a group shown by the same crop and asked about the same topics."""
        rng = np.random.default_rng((self.seed, step, self.rank, 1))
        views, labels, topics = [], [], []
        for g in rng.choice(len(self.damage_labels) // GROUP, groups, replace=False):
            same, members = look(crop, rng), range(GROUP * g, GROUP * (g + 1))
            asked = topics_of_damaged(self.damage_labels[members[0]]["attribute"], questions, rng)
            views += [same(self.damaged[i]) for i in members]
            labels += [self.damage_labels[i] for i in members]
            topics += [asked] * GROUP
        return assemble(views, labels, topics, rng)


def look(crop: int, rng):
    """A way of looking at 512 by 512 pictures: which crop, whether mirrored, and in one of four cases with the black bars
    that libmtmd puts beside pictures that are not square."""
    x, y = rng.integers(0, SIDE - crop + 1, 2)
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


def topics_of_damaged(attribute: str, questions: int, rng) -> list[str]:
    others = [other for other in ATTRIBUTES if other != attribute]
    return ["quality", attribute, *map(str, rng.choice(others, questions - 2, replace=False))]


def assemble(views: list[np.ndarray], labels: list[dict], topics: list[list[str]], rng) -> Batch:
    scores = torch.tensor([[wanted(topic, label) for topic in row] for row, label in zip(topics, labels)])
    texts = lay_out([[ask(topic, rng) for topic in row] for row in topics])
    return Batch(pixels_of(torch.from_numpy(np.stack(views))), scores, texts)
