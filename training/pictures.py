"""Read pictures, show them as the encoder sees them, and find near duplicates by difference hash."""
import json
from pathlib import Path

import numpy as np
from PIL import Image

SIDE = 512
GROUP = 4  # pictures of one scene: clean, then damaged more and more


class Rated:
    """The rated pictures that unpack.py wrote: (N, 512, 512, 3) bytes, their MOS, and who trains and who validates."""

    def __init__(self, folder: str | Path):
        self.pictures = np.load(Path(folder) / "rated.npy", mmap_mode="r")
        self.rows = json.loads((Path(folder) / "rated.json").read_text())
        self.mos = np.array([row["mos"] for row in self.rows])
        held = np.array([row["validation"] for row in self.rows])
        self.train, self.validation = np.flatnonzero(~held), np.flatnonzero(held)


def read(path) -> Image.Image:
    """One picture as the encoder sees a square one: RGB, 512 by 512, bilinear as libmtmd resizes."""
    picture = Image.open(path).convert("RGB")
    return picture if picture.size == (SIDE, SIDE) else picture.resize((SIDE, SIDE), Image.BILINEAR)


def difference_hash(picture: Image.Image) -> np.ndarray:
    """256 bits: whether each of 16 by 16 cells is brighter than its left neighbour."""
    small = np.asarray(picture.convert("L").resize((17, 16), Image.BILINEAR), np.int16)
    return np.packbits(small[:, 1:] > small[:, :-1]).view(np.uint64)


def near(hashes: np.ndarray, others: np.ndarray, bits: int = 8) -> list[tuple[int, int]]:
    """Index pairs (i, j) of hashes that differ in at most so many bits."""
    pairs = []
    for i, value in enumerate(hashes):
        close = np.flatnonzero(np.bitwise_count(others ^ value).sum(1) <= bits)
        pairs += [(i, int(j)) for j in close]
    return pairs


def shown(picture: Image.Image) -> Image.Image:
    """As libmtmd shows it: its own shape kept, as large as fits, centred on black."""
    if picture.size == (SIDE, SIDE):
        return picture
    scale = np.float32(SIDE) / np.float32(max(picture.size))
    inner = tuple(min(int(np.ceil(np.float32(n) * scale)), SIDE) for n in picture.size)
    canvas = Image.new("RGB", (SIDE, SIDE))
    canvas.paste(picture.resize(inner, Image.BILINEAR), tuple((SIDE - n) // 2 for n in inner))
    return canvas
