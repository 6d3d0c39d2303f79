"""Turn folders of pictures into the arrays that train.py reads.

prepare.py BIQ2021 CODEC_CORPUS OUT [GROUPS]

BIQ2021 holds Images/ and the two CSV files, CODEC_CORPUS holds CID22/ and clic2025/. Writes to OUT:
rated.npy (the train split), rated.json (names, MOS, which are validation), damaged.npy (groups of one clean picture
and three copies, damaged more and more) and damaged.json. Seeded; a second run
continues after what is already complete.
"""
import csv
import json
import sys
from pathlib import Path

import numpy as np
from numpy.lib.format import open_memmap
from PIL import Image

from distort import DAMAGES, to_image
from pictures import SIDE, difference_hash, near, read

SHAPE = (SIDE, SIDE, 3)
VALIDATION = 600
GROUP = 4  # pictures of one scene: clean, then damaged more and more
EXAMPLES = {"162520", "70497"}  # of CID22: shown in this project's examples/, so never trained on
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


def crop(path: Path, rng) -> np.ndarray:
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


def write_damaged(root: Path, corpus: Path, rated: list[dict], out: Path, groups: int, rng) -> None:
    pristine = [path for path in sorted((corpus / "CID22").rglob("*.png")) if path.stem not in EXAMPLES]
    pristine += 3 * sorted((corpus / "clic2025").rglob("*.png"))
    good = [r for r in rated if r["mos"] > 0.55 and not r["validation"]]
    pictures = open_memmap(out / "damaged.npy", "w+", np.uint8, (GROUP * groups, *SHAPE))
    labels = []
    for g in range(groups):
        if rng.random() < 0.5:
            clean, mos = crop(pristine[rng.integers(len(pristine))], rng), PRISTINE_MOS
        else:
            row = good[rng.integers(len(good))]
            clean, mos = np.asarray(read(root / "Images" / row["name"]), float), row["mos"]
        attribute = list(DAMAGES)[g % len(DAMAGES)]
        damage = DAMAGES[attribute][1][rng.integers(len(DAMAGES[attribute][1]))]
        seed = int(rng.integers(1 << 31))  # the same direction, cast and grain for every strength
        for k, s in enumerate([0.0] + strengths(rng)):
            pictures[GROUP * g + k] = to_image(damage(clean, s, np.random.default_rng(seed)) if k else clean)
            labels.append({"attribute": attribute, "kind": damage.__name__, "strength": s, "mos": mos})
        if g % 100 == 99:
            print(f"{g + 1} of {groups} groups of damaged pictures", flush=True)
    (out / "damaged.json").write_text(json.dumps(labels))
    print(f"from {len(pristine)} pristine and {len(good)} rated ones", flush=True)


def main() -> None:
    biq, corpus, out = (Path(p) for p in sys.argv[1:4])
    groups = int(sys.argv[4]) if len(sys.argv) > 4 else 2400
    out.mkdir(parents=True, exist_ok=True)
    if not (out / "rated.json").exists():
        write_rated(biq, out, np.random.default_rng(1))
    rated = json.loads((out / "rated.json").read_text())
    if not (out / "damaged.json").exists():
        write_damaged(biq, corpus, rated, out, groups, np.random.default_rng(2))


if __name__ == "__main__":
    main()
