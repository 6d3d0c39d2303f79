"""mPLUG-Owl2 in PyTorch, in f32, as far as the logits after a prompt with pictures: written from its published layout.

What ggml rounds can be imitated (`Rounding`), so that what is left is the order of sums.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn.functional import conv2d, layer_norm, silu, softmax

NORM_EPS = 1e-5  # torch.nn.LayerNorm's own, in the abstractor; all others are in the configuration


@dataclass
class Rounding:
    """To f16: the encoder's pixels and QuickGELU, which ggml takes from a table."""

    pixels: bool = False
    gelu: bool = False


def half(x):
    return x.half().float()


def read_checkpoint(folder: Path):
    weights = {}
    for path in sorted(folder.glob("pytorch_model*.bin")):
        weights |= torch.load(path, map_location="cpu", weights_only=True)
    for path in sorted(folder.glob("model*.safetensors")):
        from safetensors.torch import load_file

        weights |= load_file(path)
    return json.loads((folder / "config.json").read_text()), {name: x.float() for name, x in weights.items()}


def attention(q, k, v, heads, mask=None):
    """Of [places, width] each."""
    q, k, v = (x.view(len(x), heads, -1).transpose(0, 1) for x in (q, k, v))
    scores = q @ k.transpose(1, 2) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = scores + mask
    return (softmax(scores, dim=-1) @ v).transpose(0, 1).flatten(1)


def waves(places, width):
    """Sines, then cosines, of places at falling frequencies."""
    angles = places.float()[:, None] * 10000.0 ** -(torch.arange(width // 2) / (width / 2))
    return torch.cat([angles.sin(), angles.cos()], dim=1)


class Owl2:
    def __init__(self, folder, rounding=Rounding()):
        self.config, self.weights = read_checkpoint(Path(folder))
        self.rounding = rounding

    def linear(self, name, x):
        y = x @ self.weights[name + ".weight"].T
        return y + self.weights[name + ".bias"] if name + ".bias" in self.weights else y

    def norm(self, name, x, eps):
        return layer_norm(x, x.shape[-1:], self.weights[name + ".weight"], self.weights[name + ".bias"], eps)

    def encode(self, pixels):
        """[3, side, side], normalised: [1 + patches, width], of which the first is the class's."""
        c = self.config["visual_config"]["visual_model"]
        eps, heads, prefix = c["layer_norm_eps"], c["num_attention_heads"], "model.vision_model."
        if self.rounding.pixels:
            pixels = half(pixels)
        patches = conv2d(pixels[None], self.weights[prefix + "embeddings.patch_embed.weight"], stride=c["patch_size"])
        x = torch.cat([self.weights[prefix + "embeddings.cls_token"][0], patches[0].flatten(1).T])
        x = x + self.weights[prefix + "embeddings.position_embedding"][0]
        x = self.norm(prefix + "embeddings.pre_layernorm", x, eps)
        for i in range(c["num_hidden_layers"]):
            layer = f"{prefix}encoder.layers.{i}."
            y = self.linear(layer + "self_attn.query_key_value", self.norm(layer + "input_layernorm", x, eps))
            # Each head has its own query, key and value, one after another.
            q, k, v = y.view(len(y), heads, 3, -1).unbind(2)
            x = x + self.linear(layer + "self_attn.dense", attention(q.flatten(1), k.flatten(1), v.flatten(1), heads))
            y = self.linear(layer + "mlp.fc1", self.norm(layer + "post_attention_layernorm", x, eps))
            x = x + self.linear(layer + "mlp.fc2", self.quick_gelu(y))
        return self.norm(prefix + "post_layernorm", x, eps)

    def quick_gelu(self, x):
        if not self.rounding.gelu:
            return x * torch.sigmoid(1.702 * x)
        x = half(x)
        return half(x * torch.sigmoid(1.702 * x))

    def places(self):
        """Of the queries, [queries, width], and of what is seen, [1 + patches, width]."""
        prefix = "model.visual_abstractor.encoder.layers.0.crossattention.attention."
        if prefix + "q_pos_embed" in self.weights:
            return self.weights[prefix + "q_pos_embed"], self.weights[prefix + "k_pos_embed"]
        c = self.config["visual_config"]["visual_abstractor"]
        width, side = c["hidden_size"], c["grid_size"]
        along, down = torch.arange(side).repeat(side), torch.arange(side).repeat_interleave(side)
        grid = torch.cat([waves(along, width // 2), waves(down, width // 2)], dim=1)
        return waves(torch.arange(c["num_learnable_queries"]), width), torch.cat([torch.zeros(1, width), grid])

    def abstract(self, seen):
        """[1 + queries, the language model's width]: the last one ends the picture."""
        c = self.config["visual_config"]["visual_abstractor"]
        prefix = "model.visual_abstractor."
        own, others = self.places()
        queries = self.weights[prefix + "query_embeds"][0]
        for i in range(c["num_hidden_layers"]):
            layer = f"{prefix}encoder.layers.{i}.crossattention."
            x = self.norm(layer + "norm1", queries, NORM_EPS)
            both = torch.cat([x, self.norm(layer + "normk", seen, NORM_EPS)])
            y = attention(
                self.linear(layer + "attention.query", x + own),
                self.linear(layer + "attention.key", both + torch.cat([own, others])),
                self.linear(layer + "attention.value", both),
                c["num_attention_heads"],
            )
            x = x + self.linear(layer + "output.out_proj", y)
            mlp = layer + "output.mlp."
            y = self.norm(layer + "output.norm2", x, NORM_EPS)
            y = silu(self.linear(mlp + "w1", y)) * self.linear(mlp + "w3", y)
            queries = x + self.linear(mlp + "w2", self.norm(mlp + "ffn_ln", y, c["layer_norm_eps"]))
        return torch.cat([self.linear(prefix + "visual_fc", queries), self.weights[prefix + "vit_eos"][0]])

    def logits(self, parts):
        """After the last of the parts: lists of tokens, and pictures as abstract() gives them."""
        inputs, ways = [], []
        for part in parts:
            picture = isinstance(part, torch.Tensor)
            inputs.append(part if picture else self.weights["model.embed_tokens.weight"][torch.tensor(part)])
            ways += [int(picture)] * len(inputs[-1])
        c = self.config
        x, way = torch.cat(inputs), torch.tensor(ways)
        eps, heads = c["rms_norm_eps"], c["num_attention_heads"]
        mask = torch.full((len(x), len(x)), -math.inf).triu(1)
        turn = self.rotation(len(x), c["hidden_size"] // heads, c["rope_theta"], heads)
        for i in range(c["num_hidden_layers"]):
            layer = f"model.layers.{i}."
            y = self.rms(layer + "input_layernorm", x, eps, way)
            q = turn(self.linear(layer + "self_attn.q_proj", y))
            k, v = (self.multiway(f"{layer}self_attn.{part}_proj", y, way) for part in "kv")
            x = x + self.linear(layer + "self_attn.o_proj", attention(q, turn(k), v, heads, mask))
            y = self.rms(layer + "post_attention_layernorm", x, eps, way)
            y = silu(self.linear(layer + "mlp.gate_proj", y)) * self.linear(layer + "mlp.up_proj", y)
            x = x + self.linear(layer + "mlp.down_proj", y)
        last = x[-1]
        last = last * torch.rsqrt(last.pow(2).mean() + eps) * self.weights["model.norm.weight"]
        return self.weights["lm_head.weight"] @ last

    def rms(self, name, x, eps, way):
        factors = torch.stack([self.weights[f"{name}.multiway.{i}.weight"] for i in (0, 1)])
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * factors[way]

    def multiway(self, name, x, way):
        text, picture = (self.linear(f"{name}.multiway.{i}", x) for i in (0, 1))
        return torch.where(way[:, None] == 1, picture, text)

    @staticmethod
    def rotation(count, size, base, heads):
        angles = torch.arange(count)[:, None] * base ** -(torch.arange(0, size, 2) / size)
        cos, sin = angles.cos()[:, None], angles.sin()[:, None]

        def turn(x):
            a, b = x.view(count, heads, size).chunk(2, dim=-1)
            return torch.cat([a * cos - b * sin, b * cos + a * sin], dim=-1).flatten(1)

        return turn
