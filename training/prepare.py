"""Turn folders of pictures into the arrays that train.py reads.

prepare.py BIQ2021 CODEC_CORPUS OUT [GROUPS]

BIQ2021 holds Images/ and the two CSV files, CODEC_CORPUS holds CID22/ and clic2025/. Writes to OUT:
rated.npy (the train split), rated.json (names, MOS, which are validation), damaged.npy (groups of one clean part of a
picture and three copies, damaged more and more) and damaged.json. Seeded; a second run continues after what is already
complete.
"""
import csv
import json
import sys
from multiprocessing import Pool
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from PIL import Image

from distort import DAMAGES, to_image
from pictures import PART, SIDE, difference_hash, near, read

SHAPE = (SIDE, SIDE, 3)
VALIDATION = 600
GROUP = 4  # pictures of one scene: clean, then damaged more and more
EXAMPLES = {"162520", "70497"}  # of CID22: shown in this project's examples/, so never trained on
LEAST_CHANGE = 0.15  # of 255, mean over a part: a grey picture cannot lose colour
PRISTINE_MOS = 0.85  # what viewers would give a faultless photograph, roughly the best tenth of BIQ2021


def split(root: Path, name: str) -> list[tuple[Path, float]]:
    on_disk = {path.name.lower(): path for path in (root / "Images").iterdir()}  # one name differs in case
    with open(root / f"{name} (Images and MOS).csv", encoding="utf-8-sig") as file:
        return [(on_disk[row["Image Name"].lower()], float(row["MOS"])) for row in csv.DictReader(file)]


def hashes(rows) -> np.ndarray:
    return np.stack([difference_hash(read(path)) for path, _ in rows])


def by_content(codes: np.ndarray) -> list[list[int]]:
    """Pictures that look alike stand in one group, so that none of them can be on both sides of a split."""
    parent = list(range(len(codes)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = i = parent[parent[i]]
        return i

    for i, j in near(codes, codes):
        parent[root(i)] = root(j)
    groups: dict[int, list[int]] = {}
    for i in range(len(codes)):
        groups.setdefault(root(i), []).append(i)
    return list(groups.values())


def choose_validation(codes: np.ndarray, rng) -> set[int]:
    chosen: set[int] = set()
    groups = by_content(codes)
    for k in rng.permutation(len(groups)):
        if len(chosen) >= VALIDATION:
            break
        chosen.update(groups[k])
    return chosen


def write_rated(root: Path, out: Path, rng) -> None:
    rows, test = split(root, "Train"), split(root, "Test")
    codes = hashes(rows)
    twins = {i for i, _ in near(codes, hashes(test))}
    kept = [i for i in range(len(rows)) if i not in twins]
    held = choose_validation(codes[kept], rng)
    pictures = open_memmap(out / "rated.npy", "w+", np.uint8, (len(kept), *SHAPE))
    rated = []
    for k, i in enumerate(kept):
        path, mos = rows[i]
        pictures[k] = read(path)
        rated.append({"name": path.name, "mos": mos, "validation": k in held})
    pictures.flush()
    (out / "rated.json").write_text(json.dumps(rated))
    print(f"{len(rows)} rated, {len(twins)} near duplicates of the test split dropped, {len(held)} for validation", flush=True)


def pristine_square(path: Path, rng) -> np.ndarray:
    """A square of a pristine picture, reduced by a random factor: what is faultless stays faultless."""
    picture = Image.open(path).convert("RGB")
    largest = min(picture.size)
    side = int(rng.uniform(min(SIDE, largest), largest + 1))
    x, y = (int(rng.integers(0, n - side + 1)) for n in picture.size)
    return np.asarray(picture.crop((x, y, x + side, y + side)).resize((SIDE, SIDE), Image.LANCZOS), float)


def strengths(rng) -> list[float]:
    """Three that stand apart, from barely visible on, more of them weak than strong."""
    while True:
        some = np.sort(rng.random(3) ** 1.4)
        if np.diff(some).min() > 0.08 and some[0] > 0.01:
            return some.tolist()


def reduced(x: np.ndarray) -> np.ndarray:
    """As libmtmd shows a picture that is larger than the model's: damage that was done at full size is smaller then."""
    picture = to_image(x)
    return np.asarray(picture if len(x) == PART else picture.resize((PART, PART), Image.BILINEAR))


class Scenes:
    """Where the pictures to damage come from. Each group has a generator of its own, so that processes can share the work."""

    def __init__(self, root: Path, corpus: Path, rated: list[dict]):
        self.pristine = [path for path in sorted((corpus / "CID22").rglob("*.png")) if path.stem not in EXAMPLES]
        self.pristine += 3 * sorted((corpus / "clic2025").rglob("*.png"))
        self.good = [(root / "Images" / r["name"], r["mos"]) for r in rated if r["mos"] > 0.55 and not r["validation"]]

    def clean(self, rng) -> tuple[np.ndarray, float]:
        if rng.random() < 0.5:
            picture, mos = pristine_square(self.pristine[rng.integers(len(self.pristine))], rng), PRISTINE_MOS
        else:
            path, mos = self.good[rng.integers(len(self.good))]
            picture = np.asarray(read(path), float)
        side = PART if rng.random() < 0.4 else int(rng.uniform(PART, SIDE + 1))
        x, y = rng.integers(0, SIDE - side + 1, 2)
        return picture[y : y + side, x : x + side], mos

    def group(self, g: int) -> tuple[np.ndarray, list[dict]]:
        """A clean part and three copies, damaged more and more, each visibly different from the one before."""
        rng = np.random.default_rng((2, g))
        attribute = list(DAMAGES)[g % len(DAMAGES)]
        kinds = DAMAGES[attribute][1]
        while True:
            clean, mos = self.clean(rng)
            damage, levels = kinds[rng.integers(len(kinds))], [0.0, *strengths(rng)]
            seed = int(rng.integers(1 << 31))  # the same direction, cast and grain for every strength
            copies = [damage(clean, s, np.random.default_rng(seed)) if s else clean for s in levels]
            pictures = np.stack([reduced(copy) for copy in copies])
            if np.abs(np.diff(pictures.astype(np.int16), axis=0)).mean((1, 2, 3)).min() > LEAST_CHANGE:
                return pictures, [{"attribute": attribute, "kind": damage.__name__, "strength": s, "mos": mos} for s in levels]


def write_damaged(scenes: Scenes, out: Path, groups: int) -> None:
    pictures = open_memmap(out / "damaged.npy", "w+", np.uint8, (GROUP * groups, PART, PART, 3))
    labels: list[dict] = []
    with Pool() as pool:
        for g, (some, their_labels) in enumerate(pool.imap(scenes.group, range(groups), chunksize=8)):
            pictures[GROUP * g : GROUP * (g + 1)] = some
            labels += their_labels
            if g % 500 == 499:
                print(f"{g + 1} of {groups} groups of damaged pictures", flush=True)
    (out / "damaged.json").write_text(json.dumps(labels))
    print(f"from {len(scenes.pristine)} pristine and {len(scenes.good)} rated ones", flush=True)


def main() -> None:
    biq, corpus, out = (Path(p) for p in sys.argv[1:4])
    groups = int(sys.argv[4]) if len(sys.argv) > 4 else 3200
    out.mkdir(parents=True, exist_ok=True)
    if not (out / "rated.json").exists():
        write_rated(biq, out, np.random.default_rng(1))
    rated = json.loads((out / "rated.json").read_text())
    if not (out / "damaged.json").exists():
        write_damaged(Scenes(biq, corpus, rated), out, groups)


if __name__ == "__main__":
    main()
