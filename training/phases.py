"""The stretches of training."""
from typing import NamedTuple


class Phase(NamedTuple):
    steps: int
    sides: tuple[int, ...]  # in pixels of what is shown, step by step in turn
    rate: float  # the text model's learning rate at its peak
    vision: float  # share of it for the encoder
    rated: int  # pictures a step
    groups: int  # of damaged pictures a step
    order: float  # weight of the order of damaged pictures
    mass: float  # weight of the share of the vocabulary outside a prompt's own words


PHASES = {
    "whole": Phase(4000, (320, 448, 512), rate=1.5e-3, vision=0.5, rated=96, groups=24, order=2, mass=8),
    "late": Phase(600, (512,), rate=5e-4, vision=0.5, rated=32, groups=8, order=0.7, mass=8),
    "trial": Phase(6, (128, 160), rate=1e-3, vision=0.5, rated=6, groups=2, order=2, mass=8),
}
