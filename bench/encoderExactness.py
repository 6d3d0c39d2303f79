"""How far the bundled encoder's embeddings are from those of the same network in double precision.

    npx tsx bench/encoderProfile.ts && npx tsx bench/encoderProfile.ts --libmtmd     once: builds what is compared
    python bench/encoderExactness.py

Needs the packages numpy and gguf. The picture is the profile's own.
"""

import subprocess
import tempfile
from pathlib import Path

import numpy as np
from gguf import GGUFReader

ROOT = Path(__file__).parents[1]
TEXT, MMPROJ = ROOT / "models" / "tonescore-3.gguf", ROOT / "models" / "mmproj-tonescore-3.gguf"
SIZE = 512


def picture() -> np.ndarray:
    """[height, width, 3], the bytes that encoderProfile.cc makes."""
    state, values = 1, np.empty(3 * SIZE * SIZE, np.int64)
    for i in range(values.size):
        state = (state * 1664525 + 1013904223) % 2**32
        values[i] = i // 3 % SIZE * 200 // SIZE + (state >> 27)
    return (values % 256).reshape(SIZE, SIZE, 3)


def gelu(x: np.ndarray) -> np.ndarray:
    return 0.5 * x * (1 + np.tanh(np.sqrt(2 / np.pi) * (x + 0.044715 * x**3)))


def rms_norm(x: np.ndarray) -> np.ndarray:
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-6)


def convolve(x: np.ndarray, kernel: np.ndarray, step: int, pads: tuple[int, int]) -> np.ndarray:
    """x: [height, width, inputs]; kernel: [outputs, inputs, height, width], of one input where each channel is by itself."""
    x = np.pad(x, (pads, pads, (0, 0)))
    _, inputs, kh, kw = kernel.shape
    height, width = (x.shape[0] - kh) // step + 1, (x.shape[1] - kw) // step + 1
    total = 0
    for row in range(kh):
        for column in range(kw):
            seen = x[row : row + (height - 1) * step + 1 : step, column : column + (width - 1) * step + 1 : step]
            weights = kernel[:, :, row, column]
            total = total + (seen * weights[:, 0] if inputs == 1 and x.shape[2] > 1 else seen @ weights.T)
    return total


def same(size: int, kernel: int) -> tuple[int, int]:
    missing = max(0, ((size + 1) // 2 - 1) * 2 + kernel - size)
    return missing // 2, missing - missing // 2


class Encoder:
    def __init__(self, path: Path):
        tensors = GGUFReader(path).tensors
        self.weights = {t.name: np.array(t.data, np.float64).reshape([int(n) for n in t.shape][::-1]) for t in tensors}

    def layer(self, x: np.ndarray, name: str, step: int) -> np.ndarray:
        kernel = self.weights[f"{name}.weight"]
        size = kernel.shape[-1]
        pads = (size // 2, size // 2) if step == 1 else same(x.shape[0], size)
        return convolve(x, kernel, step, pads)

    def block(self, x: np.ndarray, name: str, step: int) -> np.ndarray:
        if f"{name}.conv_exp.weight" in self.weights:
            y = self.layer(gelu(self.layer(x, f"{name}.conv_exp", step)), f"{name}.conv_pwl", 1)
        else:
            y = gelu(self.layer(x, f"{name}.pw_exp.conv", 1))
            y = self.layer(gelu(self.layer(y, f"{name}.dw_mid.conv", step)), f"{name}.pw_proj.conv", 1)
        return y + x if y.shape == x.shape else y

    def embeddings(self, pixels: np.ndarray) -> np.ndarray:
        mean = float(np.float32(0.501960813999176))
        # The first kernel is larger than the 3×3 that the picture is padded for.
        x = convolve((pixels / 255 - mean) / mean, self.weights["v.conv_stem.conv.weight"], 2, same(SIZE, 3))
        x = gelu(x + self.weights["v.conv_stem.conv.bias"].ravel())
        stages = []
        for stage in range(4):
            names = {name.split(".")[3] for name in self.weights if name.startswith(f"v.blk.{stage}.")}
            for index in range(len(names)):
                x = self.block(x, f"v.blk.{stage}.{index}", 2 if index == 0 else 1)
            stages.append(x)
        x = np.concatenate([stages[2], stages[3].repeat(2, 0).repeat(2, 1)], -1)
        x = self.layer(gelu(self.layer(x, "v.msfa.ffn.pw_exp.conv", 1)), "v.msfa.ffn.pw_proj.conv", 1)
        x = x.reshape(16, 2, 16, 2, -1).mean((1, 3)).reshape(256, -1)
        x = rms_norm(x * np.sqrt(x.shape[1])) * self.weights["mm.soft_emb_norm.weight"]
        return rms_norm(x @ self.weights["mm.input_projection.weight"].T)


def computed(program: str) -> np.ndarray:
    with tempfile.NamedTemporaryFile() as file:
        folder = ROOT / "build"
        arguments = [folder / "cmake" / program, folder / "Release", TEXT, MMPROJ, "1", str(SIZE), str(SIZE), file.name]
        subprocess.run(arguments, check=True, capture_output=True)
        return np.fromfile(file.name, np.float32)


def main() -> None:
    exact = Encoder(MMPROJ).embeddings(picture()).ravel()
    print("| graph | largest distance | mean distance |\n| --- | ---: | ---: |")
    for name, program in (("ours", "encoder_profile"), ("libmtmd's", "encoder_profile_libmtmd")):
        distance = np.abs(computed(program) - exact)
        print(f"| {name} | {distance.max():.5f} | {distance.mean():.5f} |")


if __name__ == "__main__":
    main()
