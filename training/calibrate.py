"""Put the scores on the scale of the MOS, and refuse what is off topic: calibrate.py CHECKPOINT DATA OUT.pt.

The words of the quality question's own set are those that the order of damaged pictures is taught by, at the cost of their
agreement with people: half of their differences is taken from the other sets, which say the same, and their joint weight stays.

Training's other aims leave a bias on the tones. For each set of words of the quality question this fits one constant a
word, by cross-entropy on whole pictures of the train split, and moves the words' rows of the head so that they add it
where the question is asked and nothing elsewhere. Ranks stay nearly as they were. Taking one vector from all rows changes
no probability: these words' mean row is taken away, since rounding costs less of a small logit than of a large one.
Last, the rows of `unknown` are fitted by logistic regression to many off-topic questions; all other rows stay.
"""
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from export import load
from network import Tonescore, pixels_of
from offtopic import sample
from pictures import Rated
from prompts import ATTRIBUTES, HOW_GOOD, NO_ANSWER, PROMPTS, QUALITY, TRIADS, Prompt, after_image
from targets import ids, target
from tokens import encode

PICTURES, BATCH, OTHERS, RIDGE, DECAY = 600, 10, 12, 1e-3, 1e-3
FAR = 8  # how far `unknown` should lead, or fall behind
REFUSED, SHOWN = 400, 20  # off-topic prompts, and the pictures that each is asked about
CALIBRATED = [QUALITY, Prompt(QUALITY.question, "")]
KNOWN = [*CALIBRATED, HOW_GOOD, Prompt(HOW_GOOD.question, ""), *(PROMPTS[name][0] for name in (*ATTRIBUTES, "aesthetics"))]


def hidden_states(net: Tonescore, rated: Rated, chosen: np.ndarray, prompts: list[Prompt]) -> Tensor:
    """What the head reads at the answer: (prompts, pictures, width)."""
    head, net.text.head = net.text.head, torch.nn.Identity()
    parts = []
    with torch.no_grad():
        for part in np.array_split(chosen, len(chosen) // BATCH):
            prefix = net.prefix(net.vision(pixels_of(torch.from_numpy(rated.pictures[part]).permute(0, 3, 1, 2))))
            asked = [torch.tensor(encode(after_image(*prompt))).expand(len(part), 1, -1) for prompt in prompts]
            parts.append(torch.stack([net.text(prefix, tokens)[:, 0, -1].float() for tokens in asked]))
    net.text.head = head
    return torch.cat(parts, 1)


def bias(logits: Tensor, wanted: Tensor) -> Tensor:
    """The constants that bring the mean probability of every word to the mean of its targets."""
    added = torch.zeros(logits.shape[-1], requires_grad=True)
    optimiser = torch.optim.LBFGS([added], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimiser.zero_grad()
        value = -(wanted * (logits + added).log_softmax(-1)).sum(-1).mean()
        value.backward()
        return value

    optimiser.step(loss)
    return (added - added.mean()).detach()


def agree(head: Tensor) -> None:
    for spaced in (True, False):
        own, *others = (ids(words, spaced) for words in TRIADS)
        said = torch.stack([head[rows] for rows in others]).mean(0)
        head[own] = ((head[own] - head[own].mean(0)) + (said - said.mean(0))) / 2 + head[own].mean(0)


def gains(head: Tensor, states: Tensor, mos: Tensor) -> Tensor:
    """(vocabulary, prompts): what each word's logit should gain after each prompt."""
    gain = torch.zeros(len(head), len(states))
    for k, prompt in enumerate(CALIBRATED):
        for words in TRIADS:
            rows = ids(words, bool(prompt.prefill))
            gain[rows, k] = bias(states[k] @ head[rows].T, target(mos, len(words)))
    return gain


def refuse(head: Tensor, states: Tensor, prompts: list[Prompt], known: int) -> None:
    """Move the rows of `unknown` so that it weighs most after all prompts but the first ones, the known."""
    rows = ids((NO_ANSWER,), True).item(), ids((NO_ANSWER,), False).item()
    form = torch.tensor([0 if prompt.prefill else 1 for prompt in prompts])
    logits = states @ head.T
    others = logits.index_fill(-1, torch.tensor(rows), -1e4).logsumexp(-1)
    added = torch.zeros(2, head.shape[1], requires_grad=True)
    optimiser = torch.optim.LBFGS([added], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimiser.zero_grad()
        lead = torch.einsum("kph,kh->kp", states, (head[list(rows)] + added)[form]) - others
        value = F.softplus(FAR - lead[known:]).mean() + F.softplus(FAR + lead[:known]).mean() + DECAY * added.square().sum()
        value.backward()
        return value

    optimiser.step(loss)
    head[list(rows)] += added.detach()


def main() -> None:
    net, rated = load(sys.argv[1]), Rated(sys.argv[2])
    rng = np.random.default_rng(11)
    chosen = np.sort(rng.choice(rated.train, PICTURES, replace=False))
    states = hidden_states(net, rated, chosen, KNOWN + [Prompt(*sample(rng)) for _ in range(OTHERS)])
    head = net.text.head.weight.data
    agree(head)
    gain = gains(head, states, torch.tensor(rated.mos[chosen]).float())
    x = states.flatten(0, 1)
    wanted = gain.repeat_interleave(states.shape[1], 1).T
    moved = torch.linalg.solve(x.T @ x + RIDGE * len(x) * torch.eye(x.shape[1]), x.T @ wanted).T
    print(f"gains are met within {(x @ moved.T - wanted).abs().mean():.4f} on average")
    head += moved
    asked = KNOWN + [Prompt(*sample(rng)) for _ in range(REFUSED)]
    refuse(head, hidden_states(net, rated, chosen[:: PICTURES // SHOWN], asked), asked, len(KNOWN))
    head -= head[torch.cat([ids(TRIADS[0], True), ids(TRIADS[0], False)])].mean(0)
    torch.save({"net": net.state_dict()}, sys.argv[3])


if __name__ == "__main__":
    main()
