"""Read a GGUF pair back into a checkpoint, f16 weights as floats: restore.py MODEL.gguf MMPROJ.gguf OUT.pt.

The pair may have fewer blocks than today's network: those that it lacks start as blocks that change nothing.
"""
import sys

import gguf
import torch
from torch import Tensor

from export import CONSTANT, TEXT_PARTS
from network import Tonescore
from vision import Edge, Inverted


class Pair:
    def __init__(self, model: str, mmproj: str):
        self.tensors = {t.name: t for path in (model, mmproj) for t in gguf.GGUFReader(path).tensors}

    def read(self, name: str) -> Tensor:
        tensor = self.tensors[name]
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        return torch.from_numpy(values.copy()).view(*map(int, reversed(tensor.shape)))


def without_constant(wide: Tensor, inputs: int, outputs: int, constant_in: int | None = None) -> tuple[Tensor, Tensor]:
    """Weight and bias of what export.py's with_constant made."""
    at = inputs if constant_in is None else constant_in
    matrix, middle = wide[:outputs], (1, 1) if wide.shape[-1] == 3 else (0, 0)
    return torch.cat([matrix[:, :at], matrix[:, at + 1 :]], 1), matrix[(slice(None), at, *middle)] * CONSTANT


def fill(layer: torch.nn.Module, wide: Tensor, constant_in: int | None = None) -> None:
    outputs, inputs = layer.weight.shape[:2]
    weight, bias = without_constant(wide.view(*wide.shape, 1, 1) if wide.ndim == 2 else wide, inputs, outputs, constant_in)
    layer.weight.copy_(weight.reshape(layer.weight.shape)), layer.bias.copy_(bias)


def fits(pair: Pair, name: str, block: Edge | Inverted) -> bool:
    expand, project = ("conv_exp", "conv_pwl") if isinstance(block, Edge) else ("pw_exp.conv", "pw_proj.conv")
    if f"{name}.{expand}.weight" not in pair.tensors:
        return False
    inner, outer = (pair.read(f"{name}.{part}.weight") for part in (expand, project))
    return inner.shape[:2] == (block.expand.weight.shape[0] + 1, block.expand.weight.shape[1] + 1) and len(outer) - len(block.project.weight) in (0, 1)


def fill_block(pair: Pair, name: str, block: Edge | Inverted) -> None:
    if isinstance(block, Edge):
        fill(block.expand, pair.read(f"{name}.conv_exp.weight"))
        fill(block.project, pair.read(f"{name}.conv_pwl.weight"))
        return
    fill(block.expand, pair.read(f"{name}.pw_exp.conv.weight"))
    fill(block.project, pair.read(f"{name}.pw_proj.conv.weight"))
    block.depthwise.copy_(pair.read(f"{name}.dw_mid.conv.weight").view(-1, 1, 3, 3)[:-1])


def fill_vision(net: Tonescore, pair: Pair) -> None:
    v = net.vision
    v.stem.weight.copy_(pair.read("v.conv_stem.conv.weight")[:-1])
    v.stem.bias.copy_(pair.read("v.conv_stem.conv.bias").flatten()[:-1])
    for i, stage in enumerate(v.stages):
        j = 0
        for block in stage:
            if fits(pair, f"v.blk.{i}.{j}", block):
                fill_block(pair, f"v.blk.{i}.{j}", block)
                j += 1
            elif block.residual:
                block.project.weight.zero_(), block.project.bias.zero_()
            else:
                raise SystemExit(f"v.blk.{i}.{j} has another shape than today's network, which is the one of tonescore-2 or later")
    fill(v.fuse, pair.read("v.msfa.ffn.pw_exp.conv.weight"), v.fine)
    fill(v.project, pair.read("v.msfa.ffn.pw_proj.conv.weight"))
    v.soft_norm.copy_(pair.read("mm.soft_emb_norm.weight"))
    v.out.weight.copy_(pair.read("mm.input_projection.weight"))


def fill_text(net: Tonescore, pair: Pair) -> None:
    for module, name in ((net.text.embed, "token_embd"), (net.text.head, "output"), (net.text.norm, "output_norm")):
        module.weight.copy_(pair.read(f"{name}.weight"))
    for i, block in enumerate(net.text.blocks):
        for name, part in TEXT_PARTS.items():
            getattr(block, part).weight.copy_(pair.read(f"blk.{i}.{name}.weight"))


@torch.no_grad()
def restore(model: str, mmproj: str) -> Tonescore:
    torch.manual_seed(1)  # of the blocks that are new
    net, pair = Tonescore(), Pair(model, mmproj)
    fill_vision(net, pair), fill_text(net, pair)
    return net


if __name__ == "__main__":
    torch.save({"net": restore(*sys.argv[1:3]).state_dict()}, sys.argv[3])
