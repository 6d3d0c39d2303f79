"""Decode what prepare.py packed, and damage some of it by codecs: unpack.py PACKED DATA [GROUPS].

Writes to DATA rated.npy, pristine.npy (squares of the pristine pictures, most of them at their own size), coded.npy with
coded.json (groups of a clean picture and three copies, coded worse and worse) and renders.npy (ladders of samples). Seeded.
"""
import io
import json
import sys
import zipfile
from functools import cache
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from PIL import Image, features

from pictures import GROUP, SIDE, read

SHAPE = (SIDE, SIDE, 3)
LARGE = 24  # squares of a picture that has more than one
LEAST_CHANGE = 0.15  # of 255, mean over a picture
PRISTINE_MOS = 0.85  # what viewers would give a faultless photograph, roughly the best tenth of BIQ2021


class Packed:
    def __init__(self, folder: Path, kind: str):
        self.archives = [zipfile.ZipFile(path) for path in sorted(folder.glob(f"{kind}-*.zip"))]
        self.where = {name: archive for archive in self.archives for name in archive.namelist()}
        self.names = list(self.where)

    def __getitem__(self, name: str) -> io.BytesIO:
        return io.BytesIO(self.where[name].read(name))


@cache
def packed(kind: str) -> Packed:
    return Packed(Path(sys.argv[1]), kind)  # once a process: archives cannot be shared


def rated(name: str) -> np.ndarray:
    return np.asarray(read(packed("rated")[name]))


def squares(name: str) -> np.ndarray:
    """Of a large picture several: every second at its own size, the others reduced by a random factor."""
    rng = np.random.default_rng((3, packed("pristine").names.index(name)))
    picture, out = Image.open(packed("pristine")[name]).convert("RGB"), []
    least, largest = min(SIDE, *picture.size), min(picture.size)
    for k in range(LARGE if largest > SIDE else 1):
        side = least if k % 2 else int(rng.uniform(least, largest + 1))
        x, y = (int(rng.integers(0, n - side + 1)) for n in picture.size)
        out.append(np.asarray(picture.crop((x, y, x + side, y + side)).resize((SIDE, SIDE), Image.LANCZOS)))
    return np.stack(out)


def strengths(rng) -> list[float]:
    """Three that stand apart, from barely visible on, more of them weak than strong."""
    while True:
        some = np.sort(rng.random(3) ** 1.4)
        if np.diff(some).min() > 0.08 and some[0] > 0.01:
            return some.tolist()


def recode(picture: Image.Image, kind: str, quality: int, **more) -> Image.Image:
    buffer = io.BytesIO()
    picture.save(buffer, kind, quality=quality, **more)
    return Image.open(buffer).convert("RGB")


CODECS = {
    "jpeg": lambda x, s: recode(x, "JPEG", round(5 + 67 * (1 - s) ** 2)),
    "webp": lambda x, s: recode(x, "WEBP", round(1 + 55 * (1 - s) ** 2)),
    "avif": lambda x, s: recode(x, "AVIF", round(2 + 55 * (1 - s) ** 2), speed=9),
}
SHARES = ["jpeg", "jpeg", "webp", "avif"] if features.check("avif") else ["jpeg", "jpeg", "webp"]


def coded(job: tuple[int, str, float]) -> tuple[np.ndarray, dict]:
    """One group: its number, what is coded (a rated picture by its name, a square by its place), and its MOS."""
    g, source, mos = job
    rng = np.random.default_rng((2, g))
    picture = Image.fromarray(np.load(Path(sys.argv[2]) / "pristine.npy", mmap_mode="r")[int(source)] if source.isdigit() else rated(source))
    while True:
        codec, levels = SHARES[rng.integers(len(SHARES))], strengths(rng)
        pictures = np.stack([picture, *(CODECS[codec](picture, s) for s in levels)])
        if np.abs(np.diff(pictures.astype(np.int16), axis=0)).mean((1, 2, 3)).min() > LEAST_CHANGE:
            return pictures, {"kind": codec, "strengths": [0.0, *levels], "mos": mos}


def ladders() -> np.ndarray:
    """(scenes, levels, height, width, 3), more and more samples."""
    scenes: dict[str, list[str]] = {}
    for name in sorted(packed("renders").names):
        scenes.setdefault(name.split("_")[0], []).append(name)
    most = max(map(len, scenes.values()))
    return np.stack([[np.asarray(Image.open(packed("renders")[name])) for name in names] for names in scenes.values() if len(names) == most])


def main() -> None:
    source, out = Path(sys.argv[1]), Path(sys.argv[2])
    groups = int(sys.argv[3]) if len(sys.argv) > 3 else 2400
    out.mkdir(parents=True, exist_ok=True)
    rows = json.loads((source / "rated.json").read_text())
    with Pool() as pool:
        pictures = open_memmap(out / "rated.npy", "w+", np.uint8, (len(rows), *SHAPE))
        for i, picture in enumerate(pool.imap(rated, [row["name"] for row in rows], chunksize=32)):
            pictures[i] = picture
        (out / "rated.json").write_text(json.dumps(rows))
        pristine = np.concatenate(pool.map(squares, packed("pristine").names, chunksize=1))
        np.save(out / "pristine.npy", pristine)
        np.save(out / "renders.npy", ladders())
        good = [(row["name"], row["mos"]) for row in rows if row["mos"] > 0.55 and not row["validation"]]
        rng, jobs = np.random.default_rng(4), []
        for g in range(groups):
            source = (str(rng.integers(len(pristine))), PRISTINE_MOS) if rng.random() < 0.5 else good[rng.integers(len(good))]
            jobs.append((g, *source))
        written, labels = open_memmap(out / "coded.npy", "w+", np.uint8, (groups, GROUP, *SHAPE)), []
        for g, (group, label) in enumerate(pool.imap(coded, jobs, chunksize=16)):
            written[g] = group
            labels.append(label)
        (out / "coded.json").write_text(json.dumps(labels))
    print(f"{len(rows)} rated, {len(pristine)} pristine squares, {groups} groups by {', '.join(sorted(set(SHARES)))}")


if __name__ == "__main__":
    main()
