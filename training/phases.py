"""The stretches of training."""
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
    order: float  # weight of the order of damaged pictures
    mass: float  # weight of the share of the vocabulary outside a prompt's own words


PHASES = {
    "broad": Phase(1600, (384,), 0, rate=1.5e-3, first=0.2, later=0.2, rated=12, groups=2, order=1, mass=4),
    "both": Phase(2700, (320, 448), 256, rate=1e-3, first=0.6, later=0.25, rated=12, groups=5, order=2, mass=8),
    "alike": Phase(2300, (320, 448), 0, rate=7e-4, first=0.6, later=0.25, rated=10, groups=3, order=2, mass=8),
}
