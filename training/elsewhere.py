"""Agreement with people away from the set that was trained on, through the product:
elsewhere.py SET FOLDER PART [OPTIONS OF tonescore evaluate...].

SET is sr4kiqa (github.com/mb21100/SR4KIQA), h265 (the stills of github.com/Telecommunication-Telemedia-Assessment/
image_quality_test) or generated (.../avt_ai_images). PART is open, what may be looked at while choosing (nothing of h265), or
unseen, which is for the table in the model card, once. Pictures that FOLDER has are taken.
"""
import csv
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Iterator

from agreement import PROJECT

OPEN_CONTENTS = set("Animal1 Building1 CityStreetDay1 Face1 Nature4 People1 TextCompIn1 TextCompOut1 TextSimpIn2".split())
OPEN_PROMPTS = {f"p{k:02}" for k in range(1, 14)}

Row = tuple[Path, float, str, bool]  # picture, MOS, group, whether it is open


def sr4kiqa(folder: Path) -> Iterator[Row]:
    for name, mos, *_ in csv.reader(open(folder / "MOS.csv")):
        content = name.split("_")[0]
        yield folder / content / name, float(mos), content, content in OPEN_CONTENTS


def h265(folder: Path) -> Iterator[Row]:
    for row in csv.DictReader(open(folder / "test_1" / "mos_ci.csv")):
        name = row["image_name"]
        yield folder / "test_1" / "images" / f"{name}.png", float(row["mos"]), name.split("_1frame")[0], False


def generated(folder: Path) -> Iterator[Row]:
    for row in csv.DictReader(open(folder / "evaluation" / "all_ratings.csv")):
        generator, prompt = row["image_key"].split("/")
        yield folder / "images" / generator / f"{prompt}.png", float(row["appeal_mean"]), generator, prompt in OPEN_PROMPTS


SETS = {"sr4kiqa": sr4kiqa, "h265": h265, "generated": generated}


def main() -> None:
    name, folder, part = sys.argv[1], Path(sys.argv[2]).resolve(), sys.argv[3]
    rows = [row for row in SETS[name](folder) if row[0].exists() and row[3] == (part == "open")]
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch) / "rated.csv"
        with open(listed, "w", newline="") as file:
            csv.writer(file).writerows([["file", "mos", "group"], *((path.relative_to(folder), mos, group) for path, mos, group, _ in rows)])
        columns = ["--folder", str(folder), "--file-column", "file", "--mos-column", "mos", "--group-column", "group"]
        subprocess.run(["npx", "tonescore", "evaluate", str(listed), *columns, *sys.argv[4:]], cwd=PROJECT, check=True)


if __name__ == "__main__":
    main()
