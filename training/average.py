"""The weighted mean of two checkpoints' weights: average.py A.pt B.pt SHARE_OF_B OUT.pt.

Training's last stretches trade agreement with people for a sharper eye for damage. Between the two ends lie weights
that keep most of both.
"""
import sys

import torch


def main() -> None:
    a, b = (torch.load(path, map_location="cpu", weights_only=True)["net"] for path in sys.argv[1:3])
    share = float(sys.argv[3])
    torch.save({"net": {name: a[name] * (1 - share) + b[name] * share for name in a}}, sys.argv[4])


if __name__ == "__main__":
    main()
