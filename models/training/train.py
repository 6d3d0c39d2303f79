"""Train, end to end through the answer-token logits: train.py DATA RUN STEPS TOKENS LEARNING_RATE [CHECKPOINT].

DATA is what prepare.py wrote; RUN gets last.pt, from which a second call continues. Each picture is shown as so many
TOKENS, a random part of its patches. LEARNING_RATE falls from its peak to zero over STEPS. A CHECKPOINT of another
run is a place to start from. Weights are averaged over the last steps; the average is what is validated and exported.
"""
import math
import sys
import time
from itertools import product
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

from batches import QUESTIONS, Batch, Data, Texts, off_topic
from network import Tonescore, pixels_of
from prompts import END, LEVELS, NO_ANSWER, TRIADS, before_image
from tokens import IDS, answer_id, encode
from targets import answer_loss, correlation_loss, expectation, ids
from validate import validate

SEED, RATED, GROUPS, OFF_TOPIC = 7, 32, 10, 4
WARM_UP, AVERAGE, EVERY = 60, 0.995, 300
START = torch.tensor(encode(before_image()))


def gather(logits: torch.Tensor, texts: Texts, shift: int = 0) -> torch.Tensor:
    n, k = texts.answer.shape
    return logits[torch.arange(n)[:, None], torch.arange(k), texts.answer + shift].float()


def end_loss(logits: torch.Tensor, texts: Texts) -> torch.Tensor:
    after = gather(logits, texts, 1).flatten(0, 1)
    return F.cross_entropy(after, torch.full((len(after),), IDS[END]))


def off_topic_loss(net: Tonescore, prefix: torch.Tensor, rng) -> torch.Tensor:
    texts = off_topic(len(prefix), 4, rng)
    logits = net.text(prefix, texts.tokens)
    wanted = torch.where(texts.spaced, answer_id(NO_ANSWER, True), answer_id(NO_ANSWER, False))
    return F.cross_entropy(gather(logits, texts).flatten(0, 1), wanted.flatten()) + 0.2 * end_loss(logits, texts)


def order_loss(answers: torch.Tensor, spaced: torch.Tensor) -> torch.Tensor:
    """Clean above weak above strong, for the quality and for the damaged attribute, on good minus poor."""
    good, poor = (ids([word], True).item() for word in ("good", "poor"))
    gap = (answers[..., good] - answers[..., poor]).view(-1, 3, QUESTIONS)[..., :2]
    asked = spaced.view(-1, 3, QUESTIONS)[..., :2]
    total = [F.softplus(1 - (gap[:, i] - gap[:, j]))[asked[:, i] & asked[:, j]].mean() for i, j in ((0, 1), (1, 2), (0, 2))]
    return sum(total) / 3


def answers_loss(answers: torch.Tensor, batch: Batch) -> torch.Tensor:
    total = torch.zeros(())
    for spaced, levels in product((True, False), repeat=2):
        asked = (batch.texts.spaced == spaced) & (batch.texts.levels == levels)
        own = LEVELS if levels else TRIADS[0]
        total = total + answer_loss(answers[asked], batch.scores[asked].float(), spaced, own).sum()
    return total / batch.scores.numel()


def loss_of(net: Tonescore, batch: Batch, rng) -> torch.Tensor:
    with torch.autocast("cpu", torch.bfloat16):
        image = net.vision(pixels_of(batch.patches), net.vision.position[batch.places])
        prefix = torch.cat([net.text.embed(START).to(image.dtype).expand(len(image), -1, -1), image], 1)
        logits = net.text(prefix, batch.texts.tokens)
        aside = off_topic_loss(net, prefix[torch.from_numpy(rng.permutation(len(prefix))[:OFF_TOPIC])].detach(), rng)
    answers, spaced = gather(logits, batch.texts), batch.texts.spaced
    loss = answers_loss(answers, batch)
    plain = spaced[:RATED, 0]
    quality = expectation(answers[:RATED, 0][plain], TRIADS[0])
    likeness = correlation_loss(quality, batch.scores[:RATED, 0][plain].float())
    return loss + 0.5 * likeness + 0.5 * order_loss(answers[RATED:], spaced[RATED:]) + 0.2 * (aside + end_loss(logits, batch.texts))


def rate(step: int, steps: int, peak: float) -> float:
    return peak * min(1, (step + 1) / WARM_UP) * 0.5 * (1 + math.cos(math.pi * step / steps))


def optimiser_of(net: Tonescore) -> torch.optim.Optimizer:
    """Decay on matrices only. The stem keeps its DCT filters: trained, each of them takes up some of the mean
    brightness, which is a hundred times stronger than the fine detail, and the network goes blind to blur and noise."""
    net.vision.patch.requires_grad_(False)
    learned = [p for p in net.parameters() if p.requires_grad]
    plain = [p for p in learned if p.ndim == 1 or p is net.vision.position]
    matrices = [p for p in learned if p.ndim == 2 and p is not net.vision.position]
    return torch.optim.AdamW([{"params": matrices, "weight_decay": 0.05}, {"params": plain, "weight_decay": 0}], betas=(0.9, 0.98))


def main() -> None:
    data, run, steps = Data(Path(sys.argv[1]), SEED), Path(sys.argv[2]), int(sys.argv[3])
    tokens, peak = int(sys.argv[4]), float(sys.argv[5])
    run.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(SEED)
    net, average = Tonescore(), Tonescore()
    if len(sys.argv) > 6:
        net.load_state_dict(torch.load(sys.argv[6], weights_only=True)["net"])
    average.load_state_dict(net.state_dict())
    optimiser = optimiser_of(net)
    step, last = 0, run / "last.pt"
    if last.exists():
        saved = torch.load(last, weights_only=True)
        net.load_state_dict(saved["raw"]), average.load_state_dict(saved["net"]), optimiser.load_state_dict(saved["optimiser"])
        step = saved["step"]
    began, seen = time.time(), []
    while step < steps:
        for group in optimiser.param_groups:
            group["lr"] = rate(step, steps, peak)
        loss = loss_of(net, data.batch(step, RATED, GROUPS, tokens), np.random.default_rng((SEED, step, 1)))
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        step += 1
        with torch.no_grad():
            for kept, new in zip(average.parameters(), net.parameters()):
                kept.lerp_(new, 1 - min(AVERAGE, (1 + step) / (10 + step)))
        seen.append(loss.item())
        if step % 50 == 0:
            print(f"step {step} loss {np.mean(seen[-50:]):.4f} {(time.time() - began) / len(seen):.2f} s/step", flush=True)
        if step % EVERY == 0 or step == steps:
            torch.save({"raw": net.state_dict(), "net": average.state_dict(), "optimiser": optimiser.state_dict(), "step": step}, run / "new.pt")
            (run / "new.pt").rename(last)
            print(f"step {step} {validate(average, data)}", flush=True)


if __name__ == "__main__":
    main()
