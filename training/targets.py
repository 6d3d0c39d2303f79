"""What the answer words should weigh for a score m of 0..1: probabilities whose weighted mean is m, set by set."""
from functools import cache

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from prompts import LEVELS, TRIADS
from tokens import answer_id

WEIGHTS = {3: torch.tensor([1, 0.5, 0]), 5: torch.tensor([1, 0.75, 0.5, 0.25, 0])}
STEPS = 981
SPREAD = 2e-3  # keeps logits near 0, where rounding costs least
MIDDLE = 0.5  # logit of the middle tone where good and poor are level


def softmax(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


def solve(family, weights: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Bisect the family's one parameter until the mean under its softmax is each score."""
    low, high = np.full(len(scores), -30.0), np.full(len(scores), 30.0)
    for _ in range(60):
        middle = (low + high) / 2
        below = softmax(family(middle)) @ weights < scores
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return low


def tables() -> dict[int, Tensor]:
    """Good and poor keep one distance in both families: they mean the same after either question."""
    scores = np.linspace(0.01, 0.99, STEPS)
    flat = np.full(STEPS, MIDDLE)
    three = lambda a: np.stack([a, flat, -a], -1)
    a = solve(three, WEIGHTS[3].numpy(), scores)
    five = lambda t: np.stack([a + t, a, flat, -a, -a - t], -1)
    t = solve(five, WEIGHTS[5].numpy(), scores)
    return {3: torch.tensor(softmax(three(a))).float(), 5: torch.tensor(softmax(five(t))).float()}


TABLES = tables()


@cache
def table(tones: int, device: torch.device) -> Tensor:
    return TABLES[tones].to(device)


@cache
def weights(tones: int, device: torch.device) -> Tensor:
    return WEIGHTS[tones].to(device)


def target(score: Tensor, tones: int) -> Tensor:
    index = ((score.clamp(0.01, 0.99) - 0.01) / 0.98 * (STEPS - 1)).round().long()
    return table(tones, score.device)[index]


@cache
def ids(words: tuple[str, ...], spaced: bool, device: torch.device = torch.device("cpu")) -> Tensor:
    return torch.tensor([answer_id(word, spaced) for word in words], device=device)


def of_words(logits: Tensor, words: tuple[str, ...], spaced: bool) -> Tensor:
    return logits[..., ids(words, spaced, logits.device)]


def expectation(logits: Tensor, words, spaced: bool = True) -> Tensor:
    return of_words(logits, words, spaced).softmax(-1) @ weights(len(words), logits.device)


def answer_loss(logits: Tensor, score: Tensor, spaced: bool, own, mass: float) -> Tensor:
    """Cross-entropy within the prompt's own set of words and, for the other half, within the sets that share no word with
    it, plus `mass` times that of the own set within the vocabulary. A set that shares a word cannot have that mass and its
    own shares too. The own words rise against the vocabulary all alike: otherwise the likeliest would rise most."""

    def within(words) -> Tensor:
        return -(target(score, len(words)) * of_words(logits, words, spaced).log_softmax(-1)).sum(-1)

    apart = [words for words in (*TRIADS, LEVELS) if not set(words) & set(own)]
    told = (within(own) + torch.stack([within(words) for words in apart]).mean(0)) / 2
    others = logits.index_fill(1, ids(own, spaced, logits.device), -1e4).logsumexp(-1)
    chosen = of_words(logits, own, spaced)
    level = chosen.mean(-1) + (chosen.logsumexp(-1) - chosen.mean(-1)).detach()
    return told + mass * F.softplus(others - level) + SPREAD * logits.square().mean(-1)


def correlation_loss(predicted: Tensor, wanted: Tensor) -> Tensor:
    a, b = predicted - predicted.mean(), wanted - wanted.mean()
    return 1 - F.cosine_similarity(a, b, dim=0)
