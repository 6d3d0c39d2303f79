"""Write a checkpoint as the GGUF pair that llama.cpp loads: export.py CHECKPOINT FOLDER [f16|q8_0].

The type is that of the encoder's matrices. The same checkpoint gives the same bytes each time.
"""
import sys
from pathlib import Path

import gguf
import numpy as np
import torch

from network import NORM_EPS, Tonescore
from pictures import GRID, PATCH, SIDE
from prompts import END, END_OF_TEXT, TEMPLATE
from tokens import IDS, SPECIALS, VOCABULARY

NAME = "tonescore-1"
CONTEXT = 2048
MIN_PIXELS, MAX_PIXELS = 128 * 128, 768 * 512  # smaller pictures are enlarged, larger ones reduced, in their own shape
TYPES = {"f16": gguf.GGMLQuantizationType.F16, "q8_0": gguf.GGMLQuantizationType.Q8_0}


class Writer:
    def __init__(self, path: Path, arch: str, kind: gguf.GGMLQuantizationType):
        self.gguf, self.kind = gguf.GGUFWriter(path, arch), kind
        self.gguf.add_name(NAME)
        self.gguf.add_license("mit")

    def matrix(self, name: str, weight: torch.Tensor, kind: gguf.GGMLQuantizationType | None = None) -> None:
        kind = kind or self.kind
        self.gguf.add_tensor(name, gguf.quants.quantize(array(weight), kind), raw_dtype=kind)

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
    s, w = net.shape, Writer(path, "llama", gguf.GGMLQuantizationType.F32)
    w.gguf.add_context_length(CONTEXT)
    w.gguf.add_embedding_length(s.text)
    w.gguf.add_block_count(s.text_layers)
    w.gguf.add_feed_forward_length(s.text_ffn)
    w.gguf.add_head_count(s.text_heads)
    w.gguf.add_head_count_kv(s.text_heads)
    w.gguf.add_layer_norm_rms_eps(NORM_EPS)
    w.gguf.add_rope_dimension_count(s.text // s.text_heads)
    w.gguf.add_rope_freq_base(s.rope_base)
    w.gguf.add_vocab_size(len(VOCABULARY))
    write_vocabulary(w.gguf)
    w.layer("token_embd", net.text.embed)
    w.layer("output", net.text.head)
    w.layer("output_norm", net.text.norm)
    for i, b in enumerate(net.text.blocks):
        parts = {"attn_norm": b.norm1, "attn_q": b.q, "attn_k": b.k, "attn_v": b.v, "attn_output": b.out}
        parts |= {"ffn_norm": b.norm2, "ffn_gate": b.gate, "ffn_up": b.up, "ffn_down": b.down}
        for name, module in parts.items():
            w.layer(f"blk.{i}.{name}", module)
    w.close()


def write_vision(net: Tonescore, path: Path, kind: gguf.GGMLQuantizationType) -> None:
    s, w, v = net.shape, Writer(path, "clip", kind), net.vision
    w.gguf.add_bool("clip.has_vision_encoder", True)
    w.gguf.add_string("clip.projector_type", "phi4")
    w.gguf.add_bool("clip.use_silu", True)
    numbers = {"image_size": SIDE, "patch_size": PATCH, "image_min_pixels": MIN_PIXELS, "image_max_pixels": MAX_PIXELS}
    numbers |= {"embedding_length": s.vision, "feed_forward_length": s.vision_ffn, "block_count": s.vision_layers}
    numbers |= {"attention.head_count": s.vision_heads, "projection_dim": s.text}
    for key, value in numbers.items():
        w.gguf.add_uint32(f"clip.vision.{key}", value)
    w.gguf.add_float32("clip.vision.attention.layer_norm_epsilon", NORM_EPS)
    w.gguf.add_array("clip.vision.image_mean", [128 / 255] * 3)
    w.gguf.add_array("clip.vision.image_std", [64 / 255] * 3)
    stem = v.patch.weight.view(s.vision, PATCH, PATCH, 3).permute(0, 3, 1, 2)
    w.matrix("v.patch_embd.weight", stem, gguf.GGMLQuantizationType.F16)
    w.vector("v.patch_embd.bias", v.patch.bias)
    w.vector("v.position_embd.weight", v.position)
    for i, b in enumerate(v.blocks):
        parts = {"ln1": b.norm1, "attn_qkv": b.qkv, "attn_out": b.out, "ln2": b.norm2, "ffn_up": b.up, "ffn_down": b.down}
        for name, module in parts.items():
            w.layer(f"v.blk.{i}.{name}", module)
    w.layer("v.post_ln", v.post)
    w.layer("mm.0", v.mm0)
    w.layer("mm.2", v.mm2)
    w.close()


def load(checkpoint: str) -> Tonescore:
    net = Tonescore()
    net.load_state_dict(torch.load(checkpoint, map_location="cpu", weights_only=True)["net"])
    return net.eval()


def main() -> None:
    net, folder = load(sys.argv[1]), Path(sys.argv[2])
    kind = TYPES[sys.argv[3] if len(sys.argv) > 3 else "f16"]
    write_text(net, folder / f"{NAME}.gguf")
    write_vision(net, folder / f"mmproj-{NAME}.gguf", kind)


if __name__ == "__main__":
    main()
