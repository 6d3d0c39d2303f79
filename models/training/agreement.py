"""Agreement with people, through the product: agreement.py BIQ2021 SPLIT [TONESCORE OPTIONS...].

SPLIT is Train or Test. Runs `npx tonescore` on that split's pictures and compares its scores with the MOS: SRCC, PLCC and
RMSE with bootstrap 95% intervals, over all and per subset, beside two trivial measures of the same pictures, and the
twenty worst disagreements. The test split is for the table in the model card, once.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import laplace
from scipy.stats import pearsonr, spearmanr

from prepare import split

RESAMPLES = 1000
PROJECT = Path(__file__).resolve().parents[2]


def scores_of(paths: list[Path], options: list[str]) -> np.ndarray:
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            (Path(folder) / path.name).symlink_to(path.resolve())
        out = Path(folder) / "scores.ndjson"
        subprocess.run(["npx", "tonescore", folder, "-o", out, "-q", *options], cwd=PROJECT, check=True)
        rows = [json.loads(line) for line in out.read_text().splitlines()]
    scores = {Path(row["input"]["path"]).name: row["score"] for row in rows if row["type"] == "image"}
    return np.array([scores[path.name] for path in paths])


def interval(measure, x: np.ndarray, mos: np.ndarray) -> str:
    rng = np.random.default_rng(0)
    samples = [measure(x[i], mos[i]) for i in rng.integers(0, len(x), (RESAMPLES, len(x)))]
    low, high = np.percentile(samples, [2.5, 97.5])
    return f"{measure(x, mos):.4f} [{low:.4f}, {high:.4f}]"


def srcc(x, y):
    return spearmanr(x, y)[0]


def plcc(x, y):
    return pearsonr(x, y)[0]


def rmse(x, y):
    return np.sqrt(np.mean((x - y) ** 2))


def sharpness(path: Path) -> float:
    return np.log(laplace(np.asarray(Image.open(path).convert("L"), float)).var() + 1e-3)


def bytes_a_pixel(path: Path) -> float:
    return path.stat().st_size / np.prod(Image.open(path).size)


def main() -> None:
    rows = split(Path(sys.argv[1]), sys.argv[2])
    paths, mos = [path for path, _ in rows], np.array([mos for _, mos in rows])
    subset = np.array([path.name[:4].lower() for path in paths])
    scores = scores_of(paths, sys.argv[3:])
    baselines = {name.__name__: np.array([name(path) for path in paths]) for name in (sharpness, bytes_a_pixel)}
    for name, chosen in {"all": subset != "", **{s: subset == s for s in np.unique(subset)}}.items():
        x, y = scores[chosen], mos[chosen]
        print(f"{name}, n {len(x)}: SRCC {interval(srcc, x, y)}, PLCC {interval(plcc, x, y)}, RMSE {interval(rmse, x, y)}")
        print("  " + ", ".join(f"{b} SRCC {srcc(values[chosen], y):.4f}" for b, values in baselines.items()))
    worst = np.argsort(-np.abs(scores - mos))[:20]
    print("worst disagreements: " + ", ".join(f"{paths[i].name} {scores[i]:.2f} (MOS {mos[i]:.2f})" for i in worst))


if __name__ == "__main__":
    main()
