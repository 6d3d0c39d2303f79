"""What one training step sees: patches of rated and of damaged pictures, and three questions about each."""
import json
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

import offtopic
from distort import DAMAGES
from pictures import GRID, PATCH
from prompts import ATTRIBUTES, END, HOW_GOOD, LEVELS, NO_ANSWER, PROMPTS, TONE_WORDS, Prompt, after_image, own_words
from tokens import IDS, answer_id, encode

TOPICS = (*ATTRIBUTES, "aesthetics")
QUESTIONS = 3


class Texts(NamedTuple):
    tokens: Tensor  # (N, K, L), padded at the end
    answer: Tensor  # (N, K) place of the token whose logits are the answer
    spaced: Tensor  # (N, K) whether the answer words start with a space
    levels: Tensor  # (N, K) whether the five levels are the prompt's own words


class Batch(NamedTuple):
    patches: Tensor  # (N, T, 3072) bytes
    places: Tensor  # (N, T)
    scores: Tensor  # (N, 3) wanted scores
    texts: Texts


def lay_out(rows: list[list[tuple[Prompt, str]]]) -> Texts:
    """Prompt, an answer word, end of turn. The prefill, where there is one, ends in a letter."""
    encoded = [[(encode(after_image(*p)), answer_id(word, bool(p.prefill))) for p, word in row] for row in rows]
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


def with_bars(x: np.ndarray, place: np.ndarray, rng) -> np.ndarray:
    """The dark bars that libmtmd leaves beside, or above and below, most pictures that are not whole patches in size."""
    width = int(rng.integers(1, PATCH // 2))
    if rng.random() < 0.6:
        return x
    x = x.copy()
    across = x if rng.random() < 0.5 else x.swapaxes(1, 2)
    line = place % GRID if across is x else place // GRID
    across[line == 0, :, :width] = 0
    across[line == GRID - 1, :, PATCH - width :] = 0
    return x


class Data:
    def __init__(self, folder: Path, seed: int):
        self.seed = seed
        self.rated, self.damaged = (np.load(folder / f"{name}.npy") for name in ("rated", "damaged"))
        rows = json.loads((folder / "rated.json").read_text())
        self.labels = [{"attribute": "", "strength": 0.0, "mos": row["mos"]} for row in rows]
        self.damage_labels = json.loads((folder / "damaged.json").read_text())
        held = np.array([row["validation"] for row in rows])
        self.train, self.validation = np.flatnonzero(~held), np.flatnonzero(held)

    def batch(self, step: int, rated: int, groups: int, tokens: int) -> Batch:
        """Depends on the seed and the step alone, so that a resumed run sees what an unbroken one would."""
        rng = np.random.default_rng((self.seed, step))
        places, patches, scores, asked = [], [], [], []

        def add(source, label, place, mirror):
            x = source[place].reshape(-1, PATCH, PATCH, 3)
            x = x[:, :, ::-1] if mirror else x
            place = place // GRID * GRID + GRID - 1 - place % GRID if mirror else place
            patches.append(with_bars(x, place, rng).reshape(len(place), -1))
            places.append(place)
            topics = self.topics(label["attribute"], rng)
            scores.append([wanted(topic, label) for topic in topics])
            asked.append([ask(topic, rng) for topic in topics])

        def some():
            return np.sort(rng.permutation(GRID * GRID)[:tokens]), rng.random() < 0.5

        for i in rng.choice(self.train, rated, replace=False):
            add(self.rated[i], self.labels[i], *some())
        for g in rng.choice(len(self.damage_labels) // 3, groups, replace=False):
            same = some()
            for i in range(3 * g, 3 * g + 3):
                add(self.damaged[i], self.damage_labels[i], *same)
        return Batch(torch.from_numpy(np.stack(patches)), torch.from_numpy(np.stack(places)), torch.tensor(scores), lay_out(asked))

    def topics(self, damaged: str, rng) -> list[str]:
        first = damaged or TOPICS[rng.integers(len(TOPICS))]
        others = [topic for topic in TOPICS if topic != first]
        return ["quality", first, others[rng.integers(len(others))]]
