"""Writes resample.json: parts of a small picture at other sizes, as Pillow makes them.

    python resample.py
"""

import json
from pathlib import Path

from PIL import Image

WIDTH, HEIGHT = 9, 7
# Smaller, larger, and one way each.
SIZES = [((6, 4), (1, 0, 5, 4)), ((13, 10), (2, 1, 7, 6)), ((4, 9), (0, 0, 4, 9))]


def main() -> None:
    pixels = [
        ((x * 37 + y * 91) % 256, (x * x * 11 + y * 5) % 256, (x * y * 29) % 256) for y in range(HEIGHT) for x in range(WIDTH)
    ]
    picture = Image.new("RGB", (WIDTH, HEIGHT))
    picture.putdata(pixels)
    parts = [
        {"size": size, "box": box, "data": list(picture.resize(size, Image.BICUBIC).crop(box).tobytes())} for size, box in SIZES
    ]
    content = {"width": WIDTH, "height": HEIGHT, "data": list(picture.tobytes()), "parts": parts}
    Path(__file__).with_suffix(".json").write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
