"""Train, end to end through the answer-token logits: train.py DATA RUN START.pt PHASE [NETWORK.npz=JUDGE.pt ...].

DATA is what unpack.py wrote; RUN gets last.pt, from which a second call continues. START.pt is what restore.py or another
run wrote, PHASE one of phases.py; its rate falls to zero over its steps. The judges are what judges.py wrote, each with
the network it was made from. Weights are averaged over the last steps; the average is what is validated and exported.
"""
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.multiprocessing as processes

from batches import Data
from judges import DEVICE, judge, load, validation
from losses import loss_of, with_judges
from network import Tonescore
from phases import PHASES, Phase
from pictures import Rated
from validate import validate

SEED, LIMIT, WARM_UP, AVERAGE, EVERY = 7, 1.0, 100, 0.998, 500
MAKERS = 3  # processes that make batches: on a GPU that takes longer than learning from them


def rate(step: int, phase: Phase) -> float:
    return phase.rate * min(1, (step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * step / phase.steps))


def optimiser_of(net: Tonescore, phase: Phase) -> torch.optim.Optimizer:
    """Decay on matrices only."""
    groups = []
    for share, module in ((phase.vision, net.vision), (1.0, net.text)):
        learned = list(module.parameters())
        groups.append({"params": [p for p in learned if p.ndim == 2], "share": share, "weight_decay": 0.05})
        groups.append({"params": [p for p in learned if p.ndim != 2], "share": share, "weight_decay": 0})
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


class Run:
    """The state that last.pt keeps."""

    def __init__(self, folder: Path, start: str, phase: Phase):
        self.folder, self.last = folder, folder / "last.pt"
        self.net, self.average, self.step = Tonescore().to(DEVICE), Tonescore().to(DEVICE), 0
        self.optimiser = optimiser_of(self.net, phase)
        folder.mkdir(parents=True, exist_ok=True)
        if self.last.exists():
            saved = torch.load(self.last, map_location=DEVICE, weights_only=True)
            self.net.load_state_dict(saved["raw"]), self.optimiser.load_state_dict(saved["optimiser"])
            self.step = saved["step"]
        else:
            saved = torch.load(start, map_location=DEVICE, weights_only=True)
            self.net.load_state_dict(saved["net"])
        self.average.load_state_dict(saved["net"])

    def save(self) -> None:
        torch.save({"net": self.average.state_dict()}, self.folder / f"step-{self.step}.pt")
        state = {"raw": self.net.state_dict(), "net": self.average.state_dict(), "optimiser": self.optimiser.state_dict()}
        torch.save({**state, "step": self.step}, self.folder / "new.pt")
        (self.folder / "new.pt").rename(self.last)

    def learn(self, loss: torch.Tensor, learning_rate: float) -> None:
        for group in self.optimiser.param_groups:
            group["lr"] = group["share"] * learning_rate
        self.optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.net.parameters(), LIMIT)
        self.optimiser.step()
        self.step += 1
        share = 1 - min(AVERAGE, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(list(self.average.parameters()), list(self.net.parameters()), share)


def make(folder: Path, phase: Phase, steps: range, batches: processes.Queue, done: processes.Event) -> None:
    torch.set_num_threads(1)
    data = Data(folder, SEED, DEVICE)
    for step in steps:
        side = phase.sides[step % len(phase.sides)]
        batches.put((*data.rated_batch(step, phase.rated, side), data.damaged_batch(step, phase.groups, side)))
    done.wait()  # its memory is read elsewhere


class Makers:
    """Batches of the steps from the first to the last, in order."""

    def __init__(self, folder: Path, phase: Phase, first: int):
        context = processes.get_context("spawn")
        self.made, self.done, self.queues = 0, context.Event(), [context.Queue(3) for _ in range(MAKERS)]
        for k, queue in enumerate(self.queues):
            steps = range(first + k, phase.steps, MAKERS)
            context.Process(target=make, args=(folder, phase, steps, queue, self.done), daemon=True).start()

    def next(self):
        self.made += 1
        return self.queues[(self.made - 1) % MAKERS].get()


def main() -> None:
    processes.set_sharing_strategy("file_system")  # the other one runs out of open files
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    phase, folder = PHASES[sys.argv[4]], Path(sys.argv[1])
    rated, run = Rated(folder), Run(Path(sys.argv[2]), sys.argv[3], phase)
    makers, first = Makers(folder, phase, run.step), run.step
    judges = [load(path, network) for network, path in (pair.split("=") for pair in sys.argv[5:])]
    if judges:
        print(f"judges: validation SRCC {validation(judges, rated):.4f}", flush=True)
    began, seen = time.time(), []
    while run.step < phase.steps:
        whole, mos, overall, damaged = makers.next()
        if judges:
            whole = with_judges(whole, mos, judge(judges, whole.pixels), overall)
        loss = loss_of(run.net, whole, damaged, phase, np.random.default_rng((SEED, run.step, 2)))
        run.learn(loss, rate(run.step, phase))
        seen.append(loss.detach())
        if run.step % 50 == 0:
            mean, pace = torch.stack(seen[-50:]).mean().item(), (time.time() - began) / (run.step - first)
            print(f"step {run.step} loss {mean:.4f} {pace:.3f} s/step", flush=True)
        if run.step % EVERY == 0 or run.step == phase.steps:
            run.save()
            print(f"step {run.step} {validate(run.average, rated)}", flush=True)
    makers.done.set()


if __name__ == "__main__":
    main()
