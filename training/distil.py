"""Teach the encoder the teacher's maps: [torchrun --nproc_per_node 2] distil.py DATA TEACHER.npz GRAFTED.pt OUT.pt STEPS.

The encoder sees pictures of the train split at twice the teacher's resolution. In the first fifth of the steps every
block is given the teacher's own maps, after that what the encoder itself makes of the picture.
"""
import math
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from graft import COPIED, GIVEN
from network import Tonescore, halved, pixels_of
from pictures import SIDE, Rated
from ranks import average_gradients, join
from teacher import Teacher
from vision import Vision

PICTURES, CROP, PEAK, LIMIT, EVERY = 8, 384, 1e-3, 3.0, 100


def batch(rated: Rated, step: int, rank: int) -> Tensor:
    rng, crops = np.random.default_rng((5, step, rank)), []
    for i in rng.choice(rated.train, PICTURES, replace=False):
        x, y = rng.integers(0, SIDE - CROP + 1, 2)
        crop = rated.pictures[i, y : y + CROP, x : x + CROP]
        crops.append(crop[:, ::-1] if rng.random() < 0.5 else crop)
    return pixels_of(torch.from_numpy(np.stack(crops)))


def ours(vision: Vision, pixels: Tensor, theirs: list[Tensor], alone: bool) -> list[Tensor]:
    if alone:
        return vision.maps(pixels)
    blocks = [block for stage in vision.stages[2:] for block in stage]
    given = [F.pad(x.float(), (0, block.expand.in_features - x.shape[-1])) for x, block in zip(theirs, blocks)]
    return [vision.start(pixels)] + [block(x) for x, block in zip(given, blocks)]


def difference(x: Tensor, wanted: Tensor) -> Tensor:
    """Squared, as a share of each channel's variance; the encoder's further channels are its own."""
    wanted = wanted.float()
    error = (x[..., : wanted.shape[-1]].float() - wanted) ** 2
    return (error / (wanted.var((0, 1, 2)) + 1e-3)).mean()


def rate(step: int, steps: int) -> float:
    return PEAK * min(1.0, (step + 1) / 50) * (0.1 + 0.45 * (1 + math.cos(math.pi * step / steps)))


def main() -> None:
    rank, _ = join()
    rated, teacher, steps = Rated(sys.argv[1]), Teacher(sys.argv[2]), int(sys.argv[5])
    net = Tonescore()
    net.load_state_dict(torch.load(sys.argv[3], weights_only=True)["net"])
    vision = net.vision
    fresh = [p for part in (vision.stem, vision.stages[0], vision.stages[1]) for p in part.parameters()]
    copied = [p for stage in vision.stages[2:] for p in stage.parameters()]
    optimiser = torch.optim.AdamW([{"params": fresh, "part": 3.0}, {"params": copied, "part": 0.5}], betas=(0.9, 0.99), weight_decay=1e-4)
    began, seen = time.time(), []
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = group["part"] * rate(step, steps)
        pixels = batch(rated, step, rank)
        maps = teacher.maps(halved(pixels).bfloat16())
        theirs = [maps[k].permute(0, 2, 3, 1) for k in (GIVEN, *(target for _, target in COPIED))]
        with torch.autocast("cpu", torch.bfloat16):
            outputs = ours(vision, pixels, theirs, step >= steps // 5)
        losses = torch.stack([difference(x, y) for x, y in zip(outputs, theirs)])
        optimiser.zero_grad(set_to_none=False)
        (losses.sum() + 2 * losses[-1]).backward()
        average_gradients(fresh + copied, LIMIT)
        optimiser.step()
        seen.append(losses.detach().numpy())
        if rank == 0 and (step % 25 == 24 or step + 1 == steps):
            parts = " ".join(f"{part:.3f}" for part in np.mean(seen[-25:], 0))
            print(f"step {step + 1}: {parts}; {(time.time() - began) / (step + 1):.2f} s/step", flush=True)
        if rank == 0 and (step % EVERY == EVERY - 1 or step + 1 == steps):
            torch.save({"net": net.state_dict()}, sys.argv[4])


if __name__ == "__main__":
    main()
