"""What users would take instead, as programs that bench/peers.ts starts: peers.py torch | peers.py brisque PICTURE.

First a line that says what it is. Then, for each line on stdin, it does the work once and prints the milliseconds.
"""
import sys
import time
from pathlib import Path
from typing import Callable

THREADS, SIDE = 2, 512
Work = Callable[[], object]


def ours_in_torch() -> tuple[str, Work]:
    """The bundled network as training/ has it, with random weights: one picture, one question."""
    import torch

    if not hasattr(torch.nn, "RMSNorm"):  # before 2.4
        lend_norms(torch)
    sys.path.insert(0, str(Path(__file__).parent.parent / "training"))
    from network import Tonescore, pixels_of
    from prompts import QUALITY, after_image
    from tokens import encode

    torch.set_num_threads(THREADS)
    network = Tonescore().eval()
    pixels = torch.randint(0, 256, (1, SIDE, SIDE, 3), dtype=torch.uint8)
    question = torch.tensor(encode(after_image(*QUALITY)))[None, None]

    @torch.no_grad()
    def forward() -> object:
        return network.text(network.prefix(network.vision(pixels_of(pixels))), question)

    fast = torch.backends.mkl.is_available()
    return f"the training code in torch {torch.__version__}{'' if fast else ', built without MKL'}", forward


def lend_norms(torch) -> None:
    def rms_norm(x, shape, weight=None, eps=None):
        x = x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps)
        return x if weight is None else x * weight

    class RMSNorm(torch.nn.Module):
        def __init__(self, width: int, eps: float):
            super().__init__()
            self.weight, self.eps = torch.nn.Parameter(torch.ones(width)), eps

        def forward(self, x):
            return rms_norm(x, None, self.weight, self.eps)

    torch.nn.functional.rms_norm, torch.nn.RMSNorm = rms_norm, RMSNorm


def brisque_in_opencv(path: str) -> tuple[str, Work]:
    """The features, from a file: the model of support vectors that reads them comes with no package."""
    import cv2

    cv2.setNumThreads(THREADS)
    features = cv2.quality.QualityBRISQUE_computeFeatures
    return f"BRISQUE's features in OpenCV {cv2.__version__}", lambda: features(cv2.imread(path))


def main() -> None:
    name, work = ours_in_torch() if sys.argv[1] == "torch" else brisque_in_opencv(sys.argv[2])
    print(name, flush=True)
    for _ in sys.stdin:
        start = time.perf_counter()
        work()
        print(1000 * (time.perf_counter() - start), flush=True)


if __name__ == "__main__":
    main()
