"""Give the encoder's depthwise blocks the teacher's weights: graft.py RATED TEACHER.npz OUT.pt.

The encoder has GELU where the teacher has ReLU6, and no biases in its depthwise convolutions. What that changes is
mended block by block, on what the teacher's own blocks see of 160 pictures: a bias before the depthwise convolution
that stands best for the one after it, then a projection refitted by least squares.
"""
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from pictures import Rated
from network import Tonescore, halved, pixels_of
from teacher import Teacher
from vision import Depthwise, Inverted, gelu

SHARP = 3.0  # gelu(SHARP x) / SHARP is nearly relu(x)
SHIFTS = (-1.5, -1, -0.6, -0.3, -0.15, 0, 0.15, 0.3, 0.6, 1, 1.5, 2.5)
# For each of the encoder's blocks, the teacher's block that it starts as, and the one whose output it should give. Four
# of the teacher's are left out: its groups are refinements of one map, and lose little when they are shorter.
COPIED = [(3, 3), (4, 5), (6, 6), (7, 7), (8, 9), (10, 10), (11, 12), (13, 13), (14, 15), (16, 16)]
GIVEN = COPIED[0][0] - 1  # the map that the first of them reads
PICTURES, SAMPLES = 160, 60_000


def last(x: Tensor) -> Tensor:
    return x.permute(0, 2, 3, 1)


def unexplained(x: Tensor, wanted: Tensor) -> Tensor:
    """What is left of each channel after the best straight line, which a projection can supply."""
    x, wanted = x - x.mean((0, 1, 2)), wanted - wanted.mean((0, 1, 2))
    return (wanted**2).mean((0, 1, 2)) - (x * wanted).mean((0, 1, 2)) ** 2 / ((x**2).mean((0, 1, 2)) + 1e-8)


def copy_weights(block: Inverted, teacher: Teacher, k: int, seen: Tensor) -> None:
    expand, depthwise, _ = teacher.blocks[k]
    hidden, inputs = expand.weight.shape[:2]
    block.expand.weight[:hidden] = 0
    block.expand.weight[:hidden, :inputs] = SHARP * expand.weight[:, :, 0, 0]
    block.depthwise[:hidden] = depthwise.weight
    wanted, before = last(teacher.parts(k, seen)[0]), last(expand(seen))
    best, shift = torch.full((hidden,), float("inf")), torch.zeros(hidden)
    for s in SHIFTS:
        ours = gelu(SHARP * Depthwise.apply(gelu(SHARP * (before + s)) / SHARP, depthwise.weight, block.stride)) / SHARP
        error = unexplained(ours, wanted)
        shift = torch.where(error < best, s, shift)
        best = torch.minimum(error, best)
    block.expand.bias[:hidden] = SHARP * (expand.bias + shift)


def refit(block: Inverted, seen: Tensor, wanted: Tensor, rng) -> None:
    """Least squares from the block's hidden map to what the teacher's block adds."""
    given = F.pad(last(seen), (0, block.expand.in_features - seen.shape[1]))
    hidden = torch.cat([block.hidden(part) for part in given.split(16)]).flatten(0, 2)
    wanted = last(wanted).flatten(0, 2)
    chosen = torch.from_numpy(rng.permutation(len(hidden))[:SAMPLES])
    x, y = hidden[chosen], wanted[chosen]
    x_mean, y_mean = x.mean(0), y.mean(0)
    x, y = x - x_mean, y - y_mean
    ridge = torch.diag(1e-3 * len(x) * (x.var(0) + 1e-6))
    weight = torch.linalg.solve(x.T @ x + ridge, x.T @ y)
    block.project.weight[: y.shape[1]], block.project.bias[: y.shape[1]] = weight.T, y_mean - x_mean @ weight
    print(f"left after the refit: {(((x @ weight - y) ** 2).mean(0) / (y.var(0) + 1e-3)).mean():.4f}", flush=True)


@torch.no_grad()
def main() -> None:
    torch.manual_seed(1)
    rng = np.random.default_rng(3)
    rated, teacher, net = Rated(sys.argv[1]), Teacher(sys.argv[2]), Tonescore()
    chosen = rng.choice(rated.train, PICTURES, replace=False)
    pixels = halved(pixels_of(torch.from_numpy(np.stack([rated.pictures[i] for i in chosen]))))
    maps = [torch.cat(parts) for parts in zip(*(teacher.maps(part) for part in pixels.split(16)))]
    blocks = [block for stage in net.vision.stages[2:] for block in stage]
    read = GIVEN
    for (k, target), block in zip(COPIED, blocks):
        some = slice(None) if k > 5 else slice(48)  # the finer maps hold enough samples already
        seen, after = maps[read][some], maps[target][some]
        copy_weights(block, teacher, k, seen)
        refit(block, seen, after - seen if block.residual else after, rng)
        read = target
    torch.save({"net": net.state_dict()}, sys.argv[3])


if __name__ == "__main__":
    main()
