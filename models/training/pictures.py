"""Read pictures, cut them into the encoder's patches, and find near duplicates by difference hash."""
import numpy as np
from PIL import Image

SIDE, PATCH = 512, 32
GRID = SIDE // PATCH


def read(path) -> Image.Image:
    """One picture as the encoder sees a square one: RGB, 512 by 512, bilinear as libmtmd resizes."""
    picture = Image.open(path).convert("RGB")
    return picture if picture.size == (SIDE, SIDE) else picture.resize((SIDE, SIDE), Image.BILINEAR)


def to_patches(picture) -> np.ndarray:
    """(H, W, 3) to (H/32 * W/32, 32 * 32 * 3), patches in reading order."""
    pixels = np.asarray(picture)
    rows, columns = pixels.shape[0] // PATCH, pixels.shape[1] // PATCH
    blocks = pixels.reshape(rows, PATCH, columns, PATCH, 3).swapaxes(1, 2)
    return np.ascontiguousarray(blocks).reshape(rows * columns, PATCH * PATCH * 3)


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


def fit(width: int, height: int, least: int, most: int) -> tuple[int, int]:
    """The size in which libmtmd shows a picture to the encoder: whole patches, about the same shape, limited area."""
    w, h = (max(PATCH, int(n / PATCH + 0.5) * PATCH) for n in (width, height))
    if w * h > most:
        by = np.float32(np.sqrt(np.float32(height) * width / most))
        return max(PATCH, int(width / by / PATCH) * PATCH), max(PATCH, int(height / by / PATCH) * PATCH)
    if w * h < least:
        by = np.float32(np.sqrt(np.float32(least) / (np.float32(height) * width)))
        return int(np.ceil(width * by / PATCH)) * PATCH, int(np.ceil(height * by / PATCH)) * PATCH
    return w, h


def shown(picture: Image.Image, least: int, most: int) -> Image.Image:
    """As libmtmd resizes: its own shape kept, centred on black, so that two sides may have a narrow dark bar."""
    size = fit(*picture.size, least, most)
    if size == picture.size:
        return picture
    scale = min(np.float32(size[0]) / np.float32(picture.width), np.float32(size[1]) / np.float32(picture.height))
    inner = tuple(min(int(np.ceil(np.float32(n) * scale)), limit) for n, limit in zip(picture.size, size))
    canvas = Image.new("RGB", size)
    canvas.paste(picture.resize(inner, Image.BILINEAR), tuple((limit - n) // 2 for n, limit in zip(inner, size)))
    return canvas
