"""The stretches of training: broad agreement with people first, then a closer and closer look at damage."""
from typing import NamedTuple


class Phase(NamedTuple):
    steps: int
    crops: tuple[int, ...]  # sides in pixels of what is shown of rated pictures, step by step in turn
    damaged_crop: int  # and of damaged ones; 0: the same
    rate: float  # the text model's learning rate at its peak
    first: float  # share of it for the encoder's first layers, which see fine noise and block edges
    later: float  # and for those after them
    rated: int  # pictures a process and step
    groups: int  # of damaged pictures, likewise
    questions: int  # about each of them: its quality, what was damaged, other attributes
    damage: float  # weight of what is asked about damaged pictures
    mass: float  # weight of the share of the vocabulary outside a prompt's own words


PHASES = {
    "broad": Phase(1600, (384,), 0, rate=1.5e-3, first=0.2, later=0.2, rated=12, groups=2, questions=4, damage=0.5, mass=4),
    "fine": Phase(360, (384, 512), 0, rate=8e-4, first=1, later=0.2, rated=8, groups=4, questions=4, damage=1, mass=12),
    "finer": Phase(400, (384, 512), 256, rate=1e-3, first=1, later=0.4, rated=8, groups=8, questions=5, damage=1, mass=12),
}
