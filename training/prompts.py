"""The questions the model knows, the words it answers with, and the chat template around them."""
from typing import NamedTuple

ATTRIBUTES = ("sharpness", "noise", "compression", "exposure", "contrast", "colour")


class Prompt(NamedTuple):
    question: str
    prefill: str


def _in_terms_of(attribute: str) -> Prompt:
    return Prompt(f"Rate the {attribute} of the image.", f"In terms of {attribute}, the image is")


QUALITY = Prompt("Rate the quality of the image.", "The quality of the image is")
HOW_GOOD = Prompt("How would you rate the quality of this image?", "The quality of the image is")
PROMPTS: dict[str, list[Prompt]] = {
    "quality": [QUALITY, HOW_GOOD],
    "aesthetics": [Prompt("Rate the aesthetics of the image.", "The aesthetics of the image is")],
    "sharpness": [Prompt("Rate the sharpness of the image.", "The sharpness of the image is")],
    **{name: [_in_terms_of(name)] for name in ATTRIBUTES if name != "sharpness"},
}

# Asked of the model in training, with the quality's MOS for an answer: nobody rated it, so the model never learned it.
UNRATED = ("aesthetics",)

# Each set of answer words stands alone: a score is the weighted sum of a softmax over one of them.
TRIADS = (("good", "average", "poor"), ("high", "medium", "low"), ("fine", "acceptable", "bad"))
LEVELS = ("excellent", "good", "fair", "poor", "bad")
TONE_WORDS = ("good", "average", "poor", "high", "medium", "low", "fine", "acceptable", "bad", "excellent", "fair")
NO_ANSWER = "unknown"


def own_words(prompt: Prompt) -> tuple[str, ...]:
    """The words that a prompt is answered with; the other sets are right among themselves, but small beside them."""
    return LEVELS if prompt.question == HOW_GOOD.question else TRIADS[0]


END_OF_TEXT, START, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
IMAGE_START, IMAGE_END = "<start_of_image>", "<end_of_image>"  # libmtmd puts them around the picture by itself
MARKER = "<__media__>"  # libmtmd's default

TEMPLATE = """\
{%- for message in messages -%}
{{- '<|im_start|>' + message.role + '\\n' -}}
{%- if message.content is string -%}
{{- message.content -}}
{%- else -%}
{%- for part in message.content -%}
{%- if part.type == 'text' -%}{{- part.text -}}
{%- elif part.type == 'image' -%}{{- '<__media__>' -}}
{%- endif -%}
{%- endfor -%}
{%- endif -%}
{{- '<|im_end|>\\n' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}{{- '<|im_start|>assistant\\n' -}}{%- endif -%}
"""


def before_image() -> str:
    return f"{START}user\n{IMAGE_START}"


def after_image(question: str, prefill: str) -> str:
    return f"{IMAGE_END}{question}{END}\n{START}assistant\n{prefill}"


def learned() -> list[str]:
    """The prompts that the model was taught, as results tell them: the question with and without its prefill."""
    prompts = [prompt for topic, several in PROMPTS.items() if topic not in UNRATED for prompt in several]
    turn = f"{START}user\n{{picture}}%s{END}\n{START}assistant\n%s"
    return list(dict.fromkeys(turn % (p.question, prefill) for p in prompts for prefill in (p.prefill, "")))
