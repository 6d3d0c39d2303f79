"""The published recipes: what is asked, how the answer begins, which words are read at the next token, and the score."""

import math
from dataclasses import dataclass

RATE = "Rate the quality of the image."
HOW = "How would you rate the quality of this image?"
PREFILL = "The quality of the image is"


@dataclass(frozen=True)
class Recipe:
    """`weights` has the answer words, each with what its probability counts for."""

    question: str
    prefill: str
    weights: dict[str, float]

    def score(self, logits: list[float]) -> float:
        powers = [math.exp(logit) for logit in logits]
        return sum(power * weight for power, weight in zip(powers, self.weights.values())) / sum(powers)


TRIADIC = {"good": 1, "average": 0.5, "poor": 0}
LEVELS = {"excellent": 1, "good": 0.75, "fair": 0.5, "poor": 0.25, "bad": 0}


def of(family: str) -> dict[str, Recipe]:
    """By the names of the library's presets. Q-ReAlign's models are Qwen3.5; Q-Align asked its question before that."""
    return {
        "qboost": Recipe(RATE, PREFILL, TRIADIC),
        "qboost-noprefill": Recipe(RATE, "", TRIADIC),
        "qrealign" if family == "qwen3.5" else "qalign": Recipe(HOW, PREFILL, LEVELS),
    }
