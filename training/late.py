"""Train the last stage of the encoder and the text model, from the maps of maps.py: late.py DATA MAPS RUN START.pt [STEPS].

For machines without a GPU. START.pt is what maps.py was given. Rated pictures are
taught a mean of their MOS and of what START.pt says of the view, so that what it knows is kept while damage is learned.
RUN gets last.pt, from which a second call continues, as in train.py.
"""
import json
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from batches import OVERALL, Batch, ask, attribute_base, lay_out, other_of_rated, wanted
from judges import half
from losses import loss_after
from phases import PHASES
from pictures import GROUP, Rated
from prompts import ATTRIBUTES
from train import Run, rate
from validate import validate

SEED, BELIEVED, EVERY = 10, 0.4, 100


class Maps:
    def __init__(self, folder: Path, mos: np.ndarray):
        self.rated, self.damaged = (np.load(folder / f"{name}.npy", mmap_mode="r") for name in ("rated", "damaged"))
        looked, self.labels = (json.loads((folder / f"{name}.json").read_text()) for name in ("rated", "damaged"))
        self.scores = np.array([mos[one["picture"]] * (1 - BELIEVED) + one["score"] * BELIEVED for one in looked])

    def rated_batch(self, count: int, rng) -> Batch:
        chosen = np.sort(rng.choice(len(self.rated), count, replace=False))
        topics = [["quality", other_of_rated(rng)] for _ in chosen]
        scores = [[s if topic in OVERALL else attribute_base(s) for topic in row] for s, row in zip(self.scores[chosen], topics)]
        texts = lay_out([[ask(topic, rng) for topic in row] for row in topics])
        return Batch(as_maps(self.rated[chosen]), torch.tensor(scores), texts)

    def damaged_batch(self, groups: int, rng) -> Batch:
        chosen, scores, rows = np.sort(rng.choice(len(self.labels), groups, replace=False)), [], []
        for label in (self.labels[g] for g in chosen):
            attribute = label["attribute"]
            topics = ["quality", attribute, *(other for other in ATTRIBUTES if other != attribute)]
            scores += [[wanted(topic, attribute, label["mos"], s) for topic in topics] for s in label["strengths"]]
            rows += [[ask(topic, rng) for topic in topics]] * GROUP
        return Batch(as_maps(self.damaged[chosen]).flatten(0, 1), torch.tensor(scores), lay_out(rows))


def as_maps(array: np.ndarray) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array)).float()


def main() -> None:
    phase = PHASES["late"]
    if len(sys.argv) > 5:
        phase = phase._replace(steps=int(sys.argv[5]))
    rated = Rated(sys.argv[1])
    maps, run = Maps(Path(sys.argv[2]), rated.mos), Run(Path(sys.argv[3]), sys.argv[4], phase)
    for stage in (run.net.vision.stem, *run.net.vision.stages[:-1]):
        stage.requires_grad_(False)
    began, first, seen = time.time(), run.step, []
    while run.step < phase.steps:
        rng = np.random.default_rng((SEED, run.step))
        batches = [maps.rated_batch(phase.rated, rng), maps.damaged_batch(phase.groups, rng)]
        with half():
            prefixes = [run.net.prefix(run.net.vision.late(batch.pixels)) for batch in batches]
            loss = loss_after(prefixes, run.net, *batches, phase, rng)
        run.learn(loss, rate(run.step, phase))
        seen.append(loss.item())
        if run.step % 10 == 0:
            print(f"step {run.step} loss {np.mean(seen[-10:]):.4f} {(time.time() - began) / (run.step - first):.2f} s/step", flush=True)
        if run.step % EVERY == 0 or run.step == phase.steps:
            run.save()
            print(f"step {run.step} {validate(run.average, rated)}", flush=True)


if __name__ == "__main__":
    main()
