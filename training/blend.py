"""Between two checkpoints of one run: blend.py START.pt LAST.pt SHARE OUT.pt, SHARE being the last's.

Weights are averaged one by one, which keeps most of what the first knew where training did not lead far from it.
"""
import sys

import torch


def main() -> None:
    first, last = (torch.load(path, map_location="cpu", weights_only=True)["net"] for path in sys.argv[1:3])
    share = float(sys.argv[3])
    torch.save({"net": {name: torch.lerp(first[name].float(), last[name].float(), share) for name in last}}, sys.argv[4])


if __name__ == "__main__":
    main()
