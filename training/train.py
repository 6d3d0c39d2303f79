"""Train, end to end through the answer-token logits: [torchrun --nproc_per_node 2] train.py DATA RUN START.pt PHASE.

DATA is what prepare.py wrote; RUN gets last.pt, from which a second call continues. START.pt is what distil.py or
another run wrote. PHASE is one of phases.py; its rate falls to zero over its steps, and the encoder's parts learn at
shares of it. Weights are averaged over the last steps; the average is what is validated and exported.
"""
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch

from batches import Data
from losses import loss_of
from network import Tonescore
from phases import PHASES, Phase
from ranks import average_gradients, join
from validate import validate
from vision import EDGE_STAGES

SEED, LIMIT, WARM_UP, AVERAGE, EVERY = 7, 1.0, 100, 0.995, 300


def rate(step: int, phase: Phase) -> float:
    return phase.rate * min(1, (step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * step / phase.steps))


def optimiser_of(net: Tonescore, phase: Phase) -> torch.optim.Optimizer:
    """What the teacher taught changes slowly; decay on matrices only."""
    v = net.vision
    first = len(EDGE_STAGES)
    parts = [(phase.first, [v.stem, *v.stages[:first]]), (phase.later, [*v.stages[first:]])]
    parts += [(0.6, [v.fuse, v.project, v.out]), (1.0, [net.text])]
    groups = []
    for share, modules in parts:
        learned = [p for module in modules for p in module.parameters()]
        groups.append({"params": [p for p in learned if p.ndim == 2], "share": share, "weight_decay": 0.05})
        groups.append({"params": [p for p in learned if p.ndim != 2], "share": share, "weight_decay": 0})
    groups[-1]["params"].append(v.soft_norm)
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


class Run:
    """The state that last.pt keeps."""

    def __init__(self, folder: Path, start: str, phase: Phase):
        self.folder, self.last = folder, folder / "last.pt"
        self.net, self.average, self.step = Tonescore(), Tonescore(), 0
        self.optimiser = optimiser_of(self.net, phase)
        folder.mkdir(parents=True, exist_ok=True)
        if self.last.exists():
            saved = torch.load(self.last, weights_only=True)
            self.net.load_state_dict(saved["raw"]), self.optimiser.load_state_dict(saved["optimiser"])
            self.step = saved["step"]
        else:
            saved = torch.load(start, weights_only=True)
            self.net.load_state_dict(saved["net"])
        self.average.load_state_dict(saved["net"])

    def save(self) -> None:
        state = {"raw": self.net.state_dict(), "net": self.average.state_dict(), "optimiser": self.optimiser.state_dict()}
        torch.save({**state, "step": self.step}, self.folder / "new.pt")
        (self.folder / "new.pt").rename(self.last)

    def learn(self, loss: torch.Tensor, learning_rate: float) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = group["share"] * learning_rate
        self.optimiser.zero_grad(set_to_none=False)
        loss.backward()
        average_gradients([p for group in self.optimiser.param_groups for p in group["params"]], LIMIT)
        self.optimiser.step()
        self.step += 1
        with torch.no_grad():
            for kept, new in zip(self.average.parameters(), self.net.parameters()):
                kept.lerp_(new, 1 - min(AVERAGE, (1 + self.step) / (10 + self.step)))


def main() -> None:
    rank, _ = join()
    phase = PHASES[sys.argv[4]]
    data, run = Data(Path(sys.argv[1]), SEED, rank), Run(Path(sys.argv[2]), sys.argv[3], phase)
    began, seen = time.time(), []
    while run.step < phase.steps:
        crop = phase.crops[run.step % len(phase.crops)]
        rated = data.rated_batch(run.step, phase.rated, crop)
        damaged = data.damaged_batch(run.step, phase.groups, phase.damaged_crop or crop)
        loss = loss_of(run.net, rated, damaged, phase, np.random.default_rng((SEED, run.step, rank, 2)))
        run.learn(loss, rate(run.step, phase))
        seen.append(loss.item())
        if rank == 0 and run.step % 25 == 0:
            print(f"step {run.step} loss {np.mean(seen[-25:]):.4f} {(time.time() - began) / len(seen):.2f} s/step", flush=True)
        if rank == 0 and (run.step % EVERY == 0 or run.step == phase.steps):
            run.save()
            print(f"step {run.step} {validate(run.average, data)}", flush=True)


if __name__ == "__main__":
    main()
