"""The teacher: ImageNet's MobileNetV2, from the 8-bit TensorFlow Lite file to PyTorch.

teacher.py MOBILENET.tflite OUT.npz, with tensorflow-cpu installed (in an environment of its own), writes the weights
as floats; everything else reads OUT.npz and needs PyTorch only.
"""
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

# Of each group of blocks: width, blocks, stride of the first.
GROUPS = [(16, 1, 1), (24, 2, 2), (32, 3, 2), (64, 4, 2), (96, 3, 1), (160, 3, 2), (320, 1, 1)]
DENSE_FROM = 13  # from this block on the maps keep their resolution: kernels are spread out instead


class Conv:
    def __init__(self, weight: np.ndarray, bias: np.ndarray, depthwise: bool):
        w = torch.from_numpy(weight).float().permute((3, 0, 1, 2) if depthwise else (0, 3, 1, 2))
        self.weight, self.bias = w.contiguous(memory_format=torch.channels_last), torch.from_numpy(bias).float()
        self.groups = len(w) if depthwise else 1

    def __call__(self, x: Tensor, stride: int = 1, spread: int = 1) -> Tensor:
        if self.weight.shape[-1] == 3:
            x = F.pad(x, (0, 1, 0, 1) if stride == 2 else (spread,) * 4)
        return F.conv2d(x, self.weight.to(x.dtype), self.bias.to(x.dtype), stride, 0, spread, self.groups)


class Teacher:
    """Blocks of an expanding, a depthwise and a projecting convolution, the first block without the expanding one."""

    def __init__(self, path: str):
        arrays = np.load(path)
        layers = iter(range(len(arrays.files) // 2))

        def conv(depthwise: bool = False) -> Conv:
            k = next(layers)
            return Conv(arrays[f"weight{k}"], arrays[f"bias{k}"], depthwise)

        self.first = conv()
        self.blocks, self.strides, self.residual = [], [], []
        for group, (_, count, stride) in enumerate(GROUPS):
            for k in range(count):
                self.blocks.append(([conv()] if group else []) + [conv(True), conv()])
                self.strides.append(stride if k == 0 else 1)
                self.residual.append(k > 0)

    def parts(self, k: int, x: Tensor) -> tuple[Tensor, Tensor]:
        """What block k's last convolution reads, and what it makes of it."""
        *expand, depthwise, project = self.blocks[k]
        for conv in expand:
            x = conv(x).clamp(0, 6)
        dense = k >= DENSE_FROM
        hidden = depthwise(x, 1 if dense else self.strides[k], 2 if k > DENSE_FROM else 1).clamp(0, 6)
        return hidden, project(hidden)

    @torch.no_grad()
    def maps(self, pixels: Tensor) -> list[Tensor]:
        """(N, 3, H, W) of -1 to 1 to what leaves each block, channels first."""
        x, out = self.first(pixels, 2).clamp(0, 6), []
        for k in range(len(self.blocks)):
            y = self.parts(k, x)[1]
            x = x + y if self.residual[k] else y
            out.append(x)
        return out


def convert(path: str, out: str) -> None:
    import tensorflow as tf

    plain = tf.lite.experimental.OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    file = tf.lite.Interpreter(path, experimental_op_resolver_type=plain)
    file.allocate_tensors()
    scales = {d["index"]: d["quantization_parameters"] for d in file.get_tensor_details()}

    def floats(index: int) -> np.ndarray:
        """These files have one scale a tensor."""
        q = scales[index]
        return ((file.get_tensor(index).astype(np.float64) - q["zero_points"][0]) * q["scales"][0]).astype(np.float32)

    convolutions = [op for op in file._get_ops_details() if "CONV_2D" in op["op_name"]]
    arrays = {}
    for k, op in enumerate(convolutions):
        arrays |= {f"weight{k}": floats(op["inputs"][1]), f"bias{k}": floats(op["inputs"][2])}
    np.savez(out, **arrays)


if __name__ == "__main__":
    convert(*sys.argv[1:3])
