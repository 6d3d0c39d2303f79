"""Agreement with people, through the product: agreement.py BIQ2021 SPLIT [OPTIONS OF tonescore evaluate...].

SPLIT is Train or Test. Runs `npx tonescore evaluate` on that split, which prints the correlations with their intervals,
over all and per subset; then two trivial measures of the same pictures, and the twenty pictures whose score by the first
preset is furthest from the MOS. The test split is for the table in the model card, once.
"""
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image
from scipy.ndimage import laplace
from scipy.stats import spearmanr

PROJECT = Path(__file__).resolve().parents[1]
WORST = 20


def evaluate(dataset: Path, options: list[str]) -> list[dict]:
    """The pictures with MOS, score and subset; printed on the way is what the command says about them."""
    with tempfile.TemporaryDirectory() as results:
        command = ["npx", "tonescore", "evaluate", str(dataset.resolve()), *options, "--results", results]
        subprocess.run(command, cwd=PROJECT, check=True)
        again = subprocess.run([*command, "--resume", "-f", "json"], cwd=PROJECT, check=True, stdout=subprocess.PIPE)
    return json.loads(again.stdout)["evaluations"][0]["rows"]


def sharpness(path: str) -> float:
    return np.log(laplace(np.asarray(Image.open(path).convert("L"), float)).var() + 1e-3)


def bytes_a_pixel(path: str) -> float:
    return Path(path).stat().st_size / np.prod(Image.open(path).size)


def main() -> None:
    rows = evaluate(Path(sys.argv[1]) / f"{sys.argv[2]} (Images and MOS).csv", sys.argv[3:])
    mos, subset = np.array([row["mos"] for row in rows]), np.array([row["group"] for row in rows])
    for measure in (sharpness, bytes_a_pixel):
        values = np.array([measure(row["path"]) for row in rows])
        chosen = {"all": subset != "", **{name: subset == name for name in np.unique(subset)}}
        print(f"{measure.__name__}: SRCC " + ", ".join(f"{name} {spearmanr(values[of], mos[of])[0]:.4f}" for name, of in chosen.items()))
    worst = sorted(rows, key=lambda row: -abs(row["score"] - row["mos"]))[:WORST]
    print("worst disagreements: " + ", ".join(f"{Path(row['path']).name} {row['score']:.2f} (MOS {row['mos']:.2f})" for row in worst))


if __name__ == "__main__":
    main()
