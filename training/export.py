"""Write a checkpoint as the GGUF pair that llama.cpp loads, and what catalogue.json says of it: export.py CHECKPOINT FOLDER.

The same checkpoint gives the same bytes each time. A catalogue that FOLDER has keeps its other models.
"""
import hashlib
import json
import sys
from pathlib import Path

import gguf
import numpy as np
import torch

from network import Tonescore
from pictures import SIDE
from prompts import END, END_OF_TEXT, TEMPLATE, learned
from tokens import IDS, SPECIALS, VOCABULARY
from vision import FUSED, NORM_EPS, TOKEN, Edge, Inverted

NAME = "tonescore-3"
CONTEXT = 2048
CONSTANT = 16.0  # GELU leaves it as it is, and so does f16
TEXT_PARTS = {"attn_norm": "norm1", "attn_q": "q", "attn_k": "k", "attn_v": "v", "attn_output": "out"}
TEXT_PARTS |= {"ffn_norm": "norm2", "ffn_gate": "gate", "ffn_up": "up", "ffn_down": "down"}


class Writer:
    def __init__(self, path: Path, arch: str, kind: gguf.GGMLQuantizationType, licence: str):
        self.gguf, self.kind = gguf.GGUFWriter(path, arch), kind
        self.gguf.add_name(NAME)
        self.gguf.add_license(licence)

    def matrix(self, name: str, weight: torch.Tensor) -> None:
        self.gguf.add_tensor(name, gguf.quants.quantize(array(weight), self.kind), raw_dtype=self.kind)

    def vector(self, name: str, weight: torch.Tensor) -> None:
        self.gguf.add_tensor(name, array(weight))

    def layer(self, name: str, module: torch.nn.Module) -> None:
        write = self.matrix if module.weight.ndim == 2 else self.vector
        write(f"{name}.weight", module.weight)
        if getattr(module, "bias", None) is not None:
            self.vector(f"{name}.bias", module.bias)

    def close(self) -> None:
        self.gguf.write_header_to_file()
        self.gguf.write_kv_data_to_file()
        self.gguf.write_tensors_to_file()
        self.gguf.close()


def array(weight: torch.Tensor) -> np.ndarray:
    return np.ascontiguousarray(weight.detach().float().numpy())


def write_vocabulary(g: gguf.GGUFWriter) -> None:
    control, normal = gguf.TokenType.CONTROL, gguf.TokenType.NORMAL
    g.add_tokenizer_model("gpt2")
    g.add_tokenizer_pre("llama-bpe")
    g.add_token_list(VOCABULARY)
    g.add_token_types([control if t in SPECIALS else normal for t in VOCABULARY])
    g.add_token_merges(["Ġ Ġ"])  # the loader wants a list; this pair is no token, so it never applies
    g.add_bos_token_id(IDS[END_OF_TEXT])
    g.add_eos_token_id(IDS[END])
    g.add_eot_token_id(IDS[END])
    g.add_pad_token_id(IDS[END_OF_TEXT])
    g.add_add_bos_token(False)
    g.add_chat_template(TEMPLATE)


def write_text(net: Tonescore, path: Path) -> None:
    """Always in f32: at 2 MB there is nothing to gain by rounding it."""
    s, w = net.shape, Writer(path, "llama", gguf.GGMLQuantizationType.F32, "mit")
    w.gguf.add_context_length(CONTEXT)
    w.gguf.add_embedding_length(s.width)
    w.gguf.add_block_count(s.layers)
    w.gguf.add_feed_forward_length(s.hidden)
    w.gguf.add_head_count(s.heads)
    w.gguf.add_head_count_kv(s.heads)
    w.gguf.add_layer_norm_rms_eps(NORM_EPS)
    w.gguf.add_rope_dimension_count(s.width // s.heads)
    w.gguf.add_rope_freq_base(s.rope_base)
    w.gguf.add_vocab_size(len(VOCABULARY))
    write_vocabulary(w.gguf)
    w.layer("token_embd", net.text.embed)
    w.layer("output", net.text.head)
    w.layer("output_norm", net.text.norm)
    for i, b in enumerate(net.text.blocks):
        for name, part in TEXT_PARTS.items():
            w.layer(f"blk.{i}.{name}", getattr(b, part))
    w.close()


def with_constant(weight: torch.Tensor, bias: torch.Tensor | None, passes: bool, constant_in: int | None = None) -> torch.Tensor:
    """A matrix or kernel with one more input, whose value is always CONSTANT and which stands for the bias, and with one
    more output where it `passes` the constant on; (out, in) or (out, in, 3, 3), which then only looks at the middle."""
    at = weight.shape[1] if constant_in is None else constant_in
    wide = torch.zeros(weight.shape[0] + 1, weight.shape[1] + 1, *weight.shape[2:])
    wide[:-1, :at], wide[:-1, at + 1 :] = weight[:, :at], weight[:, at:]
    middle = (1, 1) if weight.ndim == 4 else ()
    wide[(slice(-1), at, *middle)] = bias / CONSTANT
    wide[(-1, at, *middle)] = float(passes)
    return wide


def pointwise(weight: torch.Tensor) -> torch.Tensor:
    return weight[:, :, None, None]


def write_block(w: Writer, name: str, block: Edge | Inverted, last: bool) -> None:
    """A block that adds to its input must not add to the constant; the last one has no use for it."""
    expand = with_constant(block.expand.weight, block.expand.bias, True)
    project = pointwise(with_constant(block.project.weight, block.project.bias, not block.residual))
    project = project[:-1] if last else project
    if isinstance(block, Edge):
        w.matrix(f"{name}.conv_exp.weight", expand)
        w.matrix(f"{name}.conv_pwl.weight", project)
        return
    still = torch.zeros(1, 1, 3, 3)
    still[..., 1, 1] = 1
    w.matrix(f"{name}.pw_exp.conv.weight", pointwise(expand))
    w.matrix(f"{name}.dw_mid.conv.weight", torch.cat([block.depthwise, still]))
    w.matrix(f"{name}.pw_proj.conv.weight", project)


def write_vision(net: Tonescore, path: Path) -> None:
    s, w, v = net.shape, Writer(path, "clip", gguf.GGMLQuantizationType.F16, "apache-2.0"), net.vision
    w.gguf.add_description("Weights derived from MobileNetV2 by the TensorFlow authors (Apache 2.0), changed and trained on")
    w.gguf.add_bool("clip.has_vision_encoder", True)
    w.gguf.add_string("clip.projector_type", "gemma3nv")
    # The patch size tells libmtmd how many tokens there are, here 16 by 16: image_size / patch_size.
    numbers = {"image_size": SIDE, "patch_size": SIDE // (SIDE // TOKEN) ** 2, "embedding_length": s.width}
    numbers |= {"feed_forward_length": FUSED + 1, "block_count": 0, "attention.head_count": 1, "projection_dim": s.width}
    for key, value in numbers.items():
        w.gguf.add_uint32(f"clip.vision.{key}", value)
    w.gguf.add_float32("clip.vision.attention.layer_norm_epsilon", NORM_EPS)
    w.gguf.add_array("clip.vision.image_mean", [128 / 255] * 3)
    w.gguf.add_array("clip.vision.image_std", [128 / 255] * 3)
    w.matrix("v.conv_stem.conv.weight", torch.cat([v.stem.weight, torch.zeros(1, *v.stem.weight.shape[1:])]))
    w.vector("v.conv_stem.conv.bias", torch.cat([v.stem.bias, torch.tensor([CONSTANT])])[:, None, None])
    for i, stage in enumerate(v.stages):
        for j, block in enumerate(stage):
            write_block(w, f"v.blk.{i}.{j}", block, block is v.stages[-1][-1])
    fine = v.stages[2][-1].project.out_features
    w.matrix("v.msfa.ffn.pw_exp.conv.weight", pointwise(with_constant(v.fuse.weight, v.fuse.bias, True, fine)))
    w.matrix("v.msfa.ffn.pw_proj.conv.weight", pointwise(with_constant(v.project.weight, v.project.bias, False))[:-1])
    w.vector("mm.soft_emb_norm.weight", v.soft_norm)
    w.matrix("mm.input_projection.weight", v.out.weight)
    w.close()


def load(checkpoint: str) -> Tonescore:
    net = Tonescore()
    net.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True)["net"])
    return net.eval()


def catalogue_entry(path: Path) -> dict:
    data = path.read_bytes()
    return {"file": path.name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def main() -> None:
    net, folder = load(sys.argv[1]), Path(sys.argv[2])
    model, mmproj = folder / f"{NAME}.gguf", folder / f"mmproj-{NAME}.gguf"
    write_text(net, model)
    write_vision(net, mmproj)
    known = {"name": NAME, "title": f"{NAME.replace('-', ' ')}, which comes with tonescore", "licence": "MIT", "preset": "qboost"}
    known |= {"measured": "models/README.md", "side": SIDE, "views": "detail"}
    known |= {"model": catalogue_entry(model), "mmproj": catalogue_entry(mmproj), "learned": learned()}
    catalogue = folder / "catalogue.json"
    others = json.loads(catalogue.read_text())["models"] if catalogue.exists() else []
    models = [known, *(other for other in others if "learned" not in other)]
    catalogue.write_text(json.dumps({"models": models}, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
