"""Split the rated pictures, and pack what train.py needs into a few files that can be carried to a machine with a GPU.

prepare.py BIQ2021 CODEC_CORPUS RENDERS OUT

BIQ2021 holds Images/ and the two CSV files, CODEC_CORPUS holds CID22/ and clic2025/, RENDERS is what renders.py wrote.
Writes rated.json (names of the train split, MOS, which are validation) and archives of files as they are, but for the
pristine pictures: those become JPEGs of quality 96 with all their colour, a third of their size. Seeded.
"""
import csv
import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from pictures import difference_hash, near, read

VALIDATION = 600
EXAMPLES = {"162520", "70497"}  # of CID22: shown in this project's examples/, so never trained on
ARCHIVE = 44_000_000  # bytes at most


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


def choose_rated(root: Path, rng) -> tuple[list[Path], list[dict]]:
    rows, test = split(root, "Train"), split(root, "Test")
    codes = hashes(rows)
    twins = {i for i, _ in near(codes, hashes(test))}
    kept = [i for i in range(len(rows)) if i not in twins]
    held = choose_validation(codes[kept], rng)
    print(f"{len(rows)} rated, {len(twins)} near duplicates of the test split dropped, {len(held)} for validation", flush=True)
    rated = [{"name": rows[i][0].name, "mos": rows[i][1], "validation": k in held} for k, i in enumerate(kept)]
    return [rows[i][0] for i in kept], rated


def pack(out: Path, kind: str, files: list[tuple[str, bytes]]) -> None:
    archives, room = 0, 0
    for name, data in files:
        if len(data) > room:
            archive = zipfile.ZipFile(out / f"{kind}-{archives:02}.zip", "w", zipfile.ZIP_STORED)
            archives, room = archives + 1, ARCHIVE
        with archive.open(zipfile.ZipInfo(name), "w") as entry:  # without a date: the same bytes each time
            entry.write(data)
        room -= len(data)
    archive.close()
    print(f"{kind}: {len(files)} files in {archives} archives", flush=True)


def as_jpeg(path: Path) -> bytes:
    buffer = io.BytesIO()
    Image.open(path).convert("RGB").save(buffer, "JPEG", quality=96, subsampling=0)
    return buffer.getvalue()


def main() -> None:
    biq, corpus, renders, out = (Path(p) for p in sys.argv[1:5])
    out.mkdir(parents=True, exist_ok=True)
    paths, rated = choose_rated(biq, np.random.default_rng(1))
    (out / "rated.json").write_text(json.dumps(rated))
    pack(out, "rated", [(path.name, path.read_bytes()) for path in paths])
    pristine = [path for path in sorted((corpus / "CID22").rglob("*.png")) if path.stem not in EXAMPLES]
    pristine += sorted((corpus / "clic2025").rglob("*.png"))
    pack(out, "pristine", [(f"{path.stem}.jpg", as_jpeg(path)) for path in pristine])
    pack(out, "renders", [(path.name, path.read_bytes()) for path in sorted(renders.glob("*.png"))])


if __name__ == "__main__":
    main()
