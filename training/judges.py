"""Teach larger networks what people said: judges.py DATA NETWORK.npz OUT.pt [STEPS].

NETWORK.npz is what teacher_files.py wrote. Parts of the train split's pictures, mirrored half of the time; the average of
the last steps' weights is kept, and how well it agrees with people on the validation pictures is printed.
"""
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from scipy.stats import spearmanr
from torch import Tensor

from pictures import SIDE, Rated
from targets import correlation_loss
from teachers import Judge

COUNT, SIDES, NETWORK_RATE, HEAD_RATE, AVERAGE, DECAY = 48, (384, 448, 512), 2e-4, 2e-3, 0.99, 0.05
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")


def half() -> torch.autocast:
    return torch.autocast(DEVICE.type, torch.bfloat16)


def batch(rated: Rated, pictures: Tensor, step: int) -> tuple[Tensor, Tensor]:
    rng, side = np.random.default_rng((6, step)), SIDES[step % len(SIDES)]
    chosen, views = rng.choice(rated.train, COUNT, replace=False), []
    for i in chosen:
        x, y = rng.integers(0, SIDE - side + 1, 2)
        view = pictures[i, y : y + side, x : x + side].permute(2, 0, 1)
        views.append(view.flip(-1) if rng.random() < 0.5 else view)
    return torch.stack(views).float(), torch.from_numpy(rated.mos[chosen]).float().to(DEVICE)


@torch.no_grad()
def judge(judges: list[Judge], pixels: Tensor) -> Tensor:
    """(N,) scores of 0..1, the judges' mean."""
    with half():
        return torch.stack([judge(pixels).sigmoid() for judge in judges]).mean(0)


def validation(judges: list[Judge], rated: Rated) -> float:
    parts = np.array_split(rated.validation, len(rated.validation) // 16)
    scores = [judge(judges, torch.from_numpy(rated.pictures[part]).to(DEVICE).permute(0, 3, 1, 2).float()) for part in parts]
    return spearmanr(torch.cat(scores).cpu().numpy(), rated.mos[rated.validation])[0]


def load(path: str | Path, network: str | Path) -> Judge:
    judge = Judge(network)
    judge.load_state_dict(torch.load(path, map_location="cpu", weights_only=True))
    return judge.to(DEVICE, memory_format=torch.channels_last).eval()


def main() -> None:
    rated, steps = Rated(sys.argv[1]), int(sys.argv[4]) if len(sys.argv) > 4 else 1200
    pictures = torch.from_numpy(np.array(rated.pictures)).to(DEVICE)
    torch.manual_seed(8)
    judge = Judge(sys.argv[2]).to(DEVICE, memory_format=torch.channels_last)
    average = torch.optim.swa_utils.AveragedModel(judge, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(AVERAGE), use_buffers=True)
    head = [p for part in (judge.norm, judge.hidden, judge.out) for p in part.parameters()]
    groups = [{"params": judge.network.parameters(), "top": NETWORK_RATE}, {"params": head, "top": HEAD_RATE}]
    optimiser, began = torch.optim.AdamW(groups, weight_decay=DECAY), time.time()
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = group["top"] * min(1, (step + 1) / 100) * 0.5 * (1 + math.cos(math.pi * step / steps))
        pixels, mos = batch(rated, pictures, step)
        with half():
            odds = judge(pixels)
        loss = F.binary_cross_entropy_with_logits(odds, mos) + 0.3 * correlation_loss(odds.sigmoid(), mos)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(judge.parameters(), 5.0)
        optimiser.step()
        average.update_parameters(judge)
        if step % 200 == 0:
            print(f"{sys.argv[2]} step {step} loss {loss.item():.4f} {(time.time() - began) / (step + 1):.3f} s/step", flush=True)
    kept = average.module.eval()
    print(f"{sys.argv[2]}: validation SRCC {validation([kept], rated):.4f}, {time.time() - began:.0f} s", flush=True)
    torch.save(kept.state_dict(), sys.argv[3])


if __name__ == "__main__":
    main()
