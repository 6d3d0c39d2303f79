"""The maps that leave the encoder's early stages, of views of the rated pictures and of damaged ones, for late.py to learn from:
maps.py DATA START.pt MAPS [PICTURES GROUPS].

Writes rated.npy, (PICTURES, 32, 32, channels) of float16, rated.json (which pictures of the train split, and the scores that
START.pt gives them), damaged.npy, (GROUPS, 4, ...), and damaged.json (what was damaged, how strongly, the clean picture's
MOS). Seeded.
"""
import json
import sys
from multiprocessing import Process
from pathlib import Path

import numpy as np
import torch
from numpy.lib.format import open_memmap

from batches import SHARES, Data, look, shown
from export import load
from network import Tonescore, pixels_of
from pictures import GROUP, SIDE
from prompts import QUALITY, TRIADS, after_image
from tokens import encode
from validate import triadic

SEED, PART, PROCESSES = 9, 16, 2
CELLS = SIDE // 16
RENDERS = 0.18  # of the groups: all that are not are drawn by SHARES


@torch.no_grad()
def scores(net: Tonescore, fine: torch.Tensor) -> np.ndarray:
    """The mean over the sets of words."""
    asked = torch.tensor(encode(after_image(*QUALITY))).expand(len(fine), 1, -1)
    logits = net.text(net.prefix(net.vision.late(fine)), asked)[:, 0, -1].numpy()
    return np.mean([triadic(logits, words) for words in TRIADS], 0)


@torch.no_grad()
def fill(folder: Path, start: str, out: Path, mine: int) -> None:
    torch.set_num_threads(1)
    data, net = Data(folder, SEED, torch.device("cpu")), load(start)
    rated, damaged = (np.load(out / f"{name}.npy", mmap_mode="r+") for name in ("rated", "damaged"))
    chosen = np.random.default_rng(SEED).choice(data.train, len(rated), replace=False)
    before, labels, todo = [], [], range(mine, len(rated), PROCESSES)
    for part in (todo[at : at + PART] for at in range(0, len(todo), PART)):
        views = [look(SIDE, np.random.default_rng((SEED, k)))(data.rated[chosen[k]].permute(2, 0, 1)) for k in part]
        fine = net.vision.early(pixels_of(torch.stack(views)))
        rated[part] = fine.half().numpy()
        before += [{"picture": int(chosen[k]), "score": float(score)} for k, score in zip(part, scores(net, fine))]
    print(f"{len(before)} rated pictures", flush=True)
    for g in range(mine, len(damaged), PROCESSES):
        rng = np.random.default_rng((SEED, g, 1))
        attribute = str(rng.choice(list(SHARES), p=list(SHARES.values())))
        scene = data.rendered(rng) if rng.random() < RENDERS else data.scene(attribute, rng)
        damaged[g] = net.vision.early(pixels_of(shown(scene.pictures, SIDE, rng))).half().numpy()
        labels.append({"attribute": scene.attribute, "mos": scene.mos, "strengths": [float(s) for s in scene.strengths]})
    print(f"{len(labels)} damaged groups", flush=True)
    (out / f"part-{mine}.json").write_text(json.dumps([before, labels]))


def main() -> None:
    folder, start, out = Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3])
    pictures, groups = (int(n) for n in sys.argv[4:6]) if len(sys.argv) > 4 else (4800, 1200)
    out.mkdir(parents=True, exist_ok=True)
    shape = (CELLS, CELLS, load(start).vision.fine + 1)
    open_memmap(out / "rated.npy", "w+", np.float16, (pictures, *shape))
    open_memmap(out / "damaged.npy", "w+", np.float16, (groups, GROUP, *shape))
    workers = [Process(target=fill, args=(folder, start, out, k)) for k in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
        if worker.exitcode:
            sys.exit(worker.exitcode)
    parts = [json.loads((out / f"part-{k}.json").read_text()) for k in range(PROCESSES)]
    for kind, name, count in ((0, "rated", pictures), (1, "damaged", groups)):
        (out / f"{name}.json").write_text(json.dumps([parts[i % PROCESSES][kind][i // PROCESSES] for i in range(count)]))


if __name__ == "__main__":
    main()
