"""The pictures that are asked about: the fixtures' five, a photograph, and some that are made for a family.

    python samples.py      draws the latter into pictures/, the same bytes every time
"""

from pathlib import Path

from PIL import Image

from places import FIXTURES, PICTURES, ROOT

from pictures import draw

# Of the model's exact input size: nobody resizes them, so what differs there is not the preprocessing.
EXACT = {
    "llava-1.5": (112, 112),
    "smolvlm": (288, 192),
    "qwen2.5-vl": (140, 84),
    "qwen3.5": (320, 256),
    "gemma3": (112, 112),
    "qwen3-vl": (256, 320),
}
# Half a step from two input sizes: rounded to the even one, as Python rounds.
HALVES = {"qwen2.5-vl": (126, 70), "qwen3.5": (272, 272), "qwen3-vl": (336, 272)}


def made_for(family: str) -> dict[Path, tuple[int, int]]:
    named = {"exact": EXACT[family]} | ({"halves": HALVES[family]} if family in HALVES else {})
    return {PICTURES / f"{name}-{width}x{height}.png": (width, height) for name, (width, height) in named.items()}


def of(family: str) -> list[Path]:
    shapes = sorted((FIXTURES / "pictures").glob("*.png"))
    return [*made_for(family), *shapes, ROOT / "examples" / "rider.jpg"]


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    for seed, family in enumerate(EXACT, start=31):
        for path, size in made_for(family).items():
            Image.fromarray(draw(*size, seed)).save(path, optimize=True)


if __name__ == "__main__":
    main()
