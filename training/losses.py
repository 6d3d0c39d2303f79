"""What a training step minimises, read off the logits of the answer tokens."""
from itertools import product

import torch
import torch.nn.functional as F
from torch import Tensor

from batches import Batch, Texts, attribute_base, off_topic
from network import Tonescore, pixels_of
from phases import Phase
from pictures import GROUP
from prompts import END, LEVELS, NO_ANSWER, TRIADS
from targets import answer_loss, correlation_loss, expectation, of_words, weights
from tokens import IDS, answer_id

OFF_TOPIC = 8  # pictures a step that are asked about something else
PAIRS = ((0, 1), (1, 2), (2, 3), (0, 2), (1, 3), (0, 3))  # of a group, better first
FALL, LEAD = 0.2, 0.5  # log odds: what a level of damage should take at least, and how much further its attribute falls
BELIEVED = 0.5  # of what the judges say beside the MOS


def gather(logits: Tensor, texts: Texts, shift: int = 0) -> Tensor:
    at = (texts.answer + shift).to(logits.device, non_blocking=True)[..., None, None]
    return logits.gather(2, at.expand(-1, -1, -1, logits.shape[-1]))[:, :, 0].float()


def end_loss(logits: Tensor, texts: Texts) -> Tensor:
    after = gather(logits, texts, 1).flatten(0, 1)
    return F.cross_entropy(after, torch.full((len(after),), IDS[END], device=after.device))


def off_topic_loss(net: Tonescore, prefix: Tensor, rng) -> Tensor:
    texts = off_topic(len(prefix), 4, rng)
    logits = net.text(prefix, texts.tokens)
    none = torch.where(texts.spaced, answer_id(NO_ANSWER, True), answer_id(NO_ANSWER, False)).to(logits.device, non_blocking=True)
    return F.cross_entropy(gather(logits, texts).flatten(0, 1), none.flatten()) + 0.2 * end_loss(logits, texts)


def standing(answers: Tensor, words, spaced: bool) -> Tensor:
    """The score as log odds: the words weighted by what they count, against the same by what they lack."""
    logits, counts = of_words(answers, words, spaced), weights(len(words), answers.device)
    return (logits + counts.log()).logsumexp(-1) - (logits + (1 - counts).log()).logsumexp(-1)


def odds_of(answers: Tensor, texts: Texts) -> Tensor:
    """Of each prompt's own words."""
    spaced, levels = (which.to(answers.device, non_blocking=True) for which in (texts.spaced, texts.levels))
    of_form = (
        torch.where(levels, standing(answers, LEVELS, form), standing(answers, TRIADS[0], form)) for form in (True, False)
    )
    return torch.where(spaced, *of_form)


def beyond(fall: Tensor, margin: float) -> Tensor:
    """Falls by more than the margin cost next to nothing: an order is wanted, and no more."""
    return margin * F.softplus(1 - fall / margin)


def order_loss(answers: Tensor, texts: Texts) -> Tensor:
    """The quality, above all, and the damaged attribute fall from picture to picture of a group, and the damaged attribute
    falls further than the others."""
    odds = odds_of(answers, texts).unflatten(0, (-1, GROUP))
    fall = torch.stack([odds[:, i] - odds[:, j] for i, j in PAIRS])
    quality, attribute, lead = fall[..., 0], fall[..., 1], fall[..., 1:2] - fall[..., 2:]
    return 1.5 * beyond(quality, FALL).mean() + 0.5 * (beyond(attribute, FALL).mean() + beyond(lead, LEAD).mean())


def answers_loss(answers: Tensor, batch: Batch, mass: float) -> Tensor:
    total = answers.new_zeros(())
    for spaced, levels in product((True, False), repeat=2):
        asked = ((batch.texts.spaced == spaced) & (batch.texts.levels == levels)).nonzero(as_tuple=True)
        if len(asked[0]):
            own, where = LEVELS if levels else TRIADS[0], tuple(index.to(answers.device, non_blocking=True) for index in asked)
            total = total + answer_loss(answers[where], batch.scores[where].float(), spaced, own, mass).sum()
    return total / batch.scores.numel()


def with_judges(batch: Batch, mos: Tensor, judged: Tensor, overall: Tensor) -> Batch:
    """Scores between the MOS, which is of the whole picture, and what judges say of the part that is shown."""
    believed = mos + BELIEVED * (judged - mos)
    return batch._replace(scores=torch.where(overall, believed[:, None], attribute_base(believed[:, None])))


def loss_of(net: Tonescore, rated: Batch, damaged: Batch, phase: Phase, rng) -> Tensor:
    return loss_after([net.prefix(net.vision(pixels_of(batch.pixels))) for batch in (rated, damaged)], net, rated, damaged, phase, rng)


def loss_after(prefixes: list[Tensor], net: Tonescore, rated: Batch, damaged: Batch, phase: Phase, rng) -> Tensor:
    """Of pictures that were looked at already."""
    logits = [net.text(prefix, batch.texts.tokens) for prefix, batch in zip(prefixes, (rated, damaged))]
    aside = off_topic_loss(net, prefixes[rng.integers(2)][:OFF_TOPIC].detach(), rng)
    one, many = (gather(out, batch.texts) for out, batch in zip(logits, (rated, damaged)))
    plain = (rated.texts.spaced[:, 0] & ~rated.texts.levels[:, 0]).nonzero()[:, 0].to(one.device, non_blocking=True)
    likeness = correlation_loss(expectation(one[plain, 0], TRIADS[0]), rated.scores[plain, 0].float())
    ends = end_loss(logits[0], rated.texts) + end_loss(logits[1], damaged.texts)
    total = answers_loss(one, rated, phase.mass) + 0.5 * likeness + 0.5 * answers_loss(many, damaged, phase.mass)
    return total + phase.order * order_loss(many, damaged.texts) + 0.5 * aside + 0.1 * ends
