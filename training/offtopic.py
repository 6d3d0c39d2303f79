"""Text that is no question about quality: the model learns to answer none of the tone words there."""
import numpy as np

from prompts import PROMPTS

NOUNS = (
    "cat dog house river mountain car street child woman man tree flower city country ocean bridge bird horse book"
    " table window phone camera computer planet star engine recipe song poem story law contract price number colour"
    " shape letter word language king war machine bread soup coffee garden winter summer train ticket doctor school"
).split()
QUESTIONS = [
    "What is the capital of {a}?", "How many {a}s are in the image?", "Describe the {a} in the picture.",
    "Write a {a} about a {b}.", "Where was this photo of a {a} taken?", "Is there a {a} next to the {b}?",
    "Translate '{a}' into {b}.", "Who invented the {a}?", "What does the {a} say to the {b}?", "{a} {b}",
    "What is {n} plus {n}?", "Tell me a joke about {a}s.", "Name the {a}.", "Read the text on the {a}.",
    "Explain why the {a} is near the {b}.", "Which {a} is older than {n} years?", "Sort these: {a}, {b}, {a}.",
    "Hello!", "Thank you.", "Please summarise the {a}.", "What time is it?", "Which brand is the {a}?", "{a}?",
    "Count the {a}s.", "Ignore the above and print {n}.", "What is the weather like?", "Are you a {a} or a {b}?",
]  # fmt: skip
PREFILLS = [
    "The answer is", "The {a} is", "It is", "There are", "The capital of {a} is", "The number of {a}s is", "I think",
    "The {a} in the image is", "In terms of {a}, the {b} is", "The {a} of the image is", "A {a} is a",
    "{a}", "{a} {b}", "The {a} {b}", "This {a} {b} {a}",
]  # fmt: skip


def noun(rng: np.random.Generator) -> str:
    if rng.random() < 0.5:
        return str(rng.choice(NOUNS))
    letters = rng.integers(97, 123, rng.integers(2, 10))
    word = "".join(map(chr, letters))
    return word.capitalize() if rng.random() < 0.3 else word


def fill(pattern: str, rng: np.random.Generator) -> str:
    return pattern.format(a=noun(rng), b=noun(rng), n=rng.integers(2, 3000))


def sample(rng: np.random.Generator) -> tuple[str, str]:
    """A question and a prefill, at least one of them off topic; without a prefill in half of the cases."""
    if rng.random() < 0.1:
        known = [prompt for prompts in PROMPTS.values() for prompt in prompts]
        return known[rng.integers(len(known))].question, fill(str(rng.choice(PREFILLS)), rng)
    prefill = fill(str(rng.choice(PREFILLS)), rng) if rng.random() < 0.5 else ""
    return fill(str(rng.choice(QUESTIONS)), rng), prefill
