"""Makes small checkpoints as Hugging Face has them, and records what llama.cpp's own converters write of each.

    python make.py [--only qwen2.5-vl]

checkpoints/NAME/ is a random-weight model of the family with everything that a repository of it holds, and
records/NAME.json what became of it: all metadata, and of each tensor its shape, type and SHA-256.
"""

import argparse
import hashlib
import json
import shutil
import sys
import tempfile
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "transformers"))

import models  # noqa: E402
import tokenizer  # noqa: E402
from convert import CLIP_CONVERTER, HF_CONVERTER, convert_clip, name_as_published, run, source  # noqa: E402
from families import FAMILIES, HALF, QWEN2_5_SIZE, QWEN3_5_SIZE  # noqa: E402

sys.path.insert(0, str(source() / "gguf-py"))
import gguf  # noqa: E402

CLIP = {"image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711]}

# Smaller than what the scores are compared with: here only bytes are.
models.WIDTH = 64
models.TEXT |= {"hidden_size": 64, "intermediate_size": 96, "num_attention_heads": 2, "num_key_value_heads": 1}
models.VISION |= {"hidden_size": 32, "intermediate_size": 48}
models.SIGLIP |= models.VISION
models.QWEN_VISION |= models.VISION | {"out_hidden_size": 64}
# A head count that is more than one, so that heads can be in the wrong order.
models.TEXT["head_dim"] = 32


def llava(ids):
    models.TEXT |= {"num_key_value_heads": 2}
    text = models.LlamaConfig(**models.TEXT | {"head_dim": 32, "bos_token_id": 1, "eos_token_id": 2}, vocab_size=len(ids))
    text.architectures = ["LlamaForCausalLM"]
    vision = models.CLIPVisionConfig(**models.SIGLIP | {"num_hidden_layers": 3}, image_size=56, patch_size=14, projection_dim=64)
    config = models.LlavaConfig(text_config=text, vision_config=vision, image_token_index=ids["<image>"], image_seq_length=16)
    return models.LlavaForConditionalGeneration(config)


BUILD = {"qwen2.5-vl": models.qwen2_5_vl, "qwen3.5": models.qwen3_5, "llava-1.5": llava, "q-instruct": llava}
DTYPES = {"qwen2.5-vl": torch.bfloat16, "qwen3.5": torch.bfloat16, "llava-1.5": torch.float16, "q-instruct": torch.float16}
PRE = {"qwen2.5-vl": "qwen2", "qwen3.5": "qwen35", "llava-1.5": "", "q-instruct": ""}
PICTURES = {
    "qwen2.5-vl": CLIP | {"min_pixels": QWEN2_5_SIZE["shortest_edge"], "max_pixels": QWEN2_5_SIZE["longest_edge"]},
    "qwen3.5": HALF | {"size": QWEN3_5_SIZE},
    "llava-1.5": CLIP | {"crop_size": {"height": 56, "width": 56}, "size": {"shortest_edge": 56}},
}
CARD = "---\nlicense: apache-2.0\nlanguage:\n- en\n---\n# A model of random weights\n"


def make(name: str, folder: Path) -> None:
    family = FAMILIES["llava-1.5" if name == "q-instruct" else name]
    tokens = family.make_tokenizer()
    model = models.seed_weights(BUILD[name](tokens.get_vocab()), name).to(DTYPES[name])
    tokens.save_pretrained(folder)
    if family.spaces:
        tokenizer.write_sentencepiece(family.vocabulary, folder / "tokenizer.model")
    (folder / "README.md").write_text(CARD)
    if name == "q-instruct":
        as_the_authors(model, folder)
        return
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    (folder / "preprocessor_config.json").write_text(json.dumps(PICTURES[name]))
    weights = folder / "model.safetensors"
    if name == "llava-1.5":
        name_as_published(weights)
        put_bos_before(folder)
    if name == "qwen3.5":
        add_drafting(folder, weights)
    if name == "qwen2.5-vl":
        shard(folder, weights)


def put_bos_before(folder: Path) -> None:
    """What the published tokenizers say stands before every text, and between two."""
    path = folder / "tokenizer.json"
    content = json.loads(path.read_text())
    bos = {"SpecialToken": {"id": "<s>", "type_id": 0}}
    first, second = ({"Sequence": {"id": letter, "type_id": 0}} for letter in "AB")
    content["post_processor"] = {
        "type": "TemplateProcessing",
        "single": [bos, first],
        "pair": [bos, first, bos, second],
        "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}},
    }
    path.write_text(json.dumps(content, ensure_ascii=False))
    path = folder / "tokenizer_config.json"
    added = {"3": {"content": "<image>", "special": False}}
    config = json.loads(path.read_text()) | {"add_bos_token": True, "add_eos_token": False, "added_tokens_decoder": added}
    path.write_text(json.dumps(config | {"add_prefix_space": True}))


def add_drafting(folder: Path, weights: Path) -> None:
    """The published checkpoints have a further layer that drafts; A_log and the gate's norm stay f32 in them."""
    tensors = load_file(weights)
    tensors = {key: value.float() if "A_log" in key or "linear_attn.norm" in key else value for key, value in tensors.items()}
    tensors["mtp.fc.weight"] = torch.ones(64, 128, dtype=torch.bfloat16)
    save_file(tensors, weights, {"format": "pt"})
    config = json.loads((folder / "config.json").read_text())
    config["text_config"]["mtp_num_hidden_layers"] = 1
    (folder / "config.json").write_text(json.dumps(config, indent=2))


def shard(folder: Path, weights: Path) -> None:
    """In two files and an index, as what is larger than 5 GB is published."""
    tensors = load_file(weights)
    names = sorted(tensors)
    parts = [names[: len(names) // 2], names[len(names) // 2 :]]
    places = {}
    for index, part in enumerate(parts):
        file = f"model-{index + 1:05}-of-00002.safetensors"
        save_file({key: tensors[key] for key in part}, folder / file, {"format": "pt"})
        places |= {key: file for key in part}
    size = sum(value.nbytes for value in tensors.values())
    index = {"metadata": {"total_size": size}, "weight_map": places}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index, indent=2))
    weights.unlink()


def as_the_authors(model, folder: Path) -> None:
    """LLaVA's own layout: a LLaMA with a projector in .bin files, and CLIP's encoder in a repository of its own."""
    text, vision = model.config.text_config, model.config.vision_config
    config = {
        "architectures": ["LlavaLlamaForCausalLM"],
        "model_type": "llava",
        "hidden_act": "silu",
        "hidden_size": text.hidden_size,
        "intermediate_size": text.intermediate_size,
        "num_hidden_layers": text.num_hidden_layers,
        "num_attention_heads": text.num_attention_heads,
        "num_key_value_heads": text.num_key_value_heads,
        "max_position_embeddings": text.max_position_embeddings,
        "rms_norm_eps": text.rms_norm_eps,
        "rope_scaling": None,
        "vocab_size": text.vocab_size,
        "mm_projector_type": "mlp2x_gelu",
        "mm_vision_select_layer": -2,
        "mm_vision_tower": "openai/clip-vit-large-patch14-336",
        "mm_hidden_size": vision.hidden_size,
        "tie_word_embeddings": False,
        "torch_dtype": "float16",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2))
    shards: list[dict] = [{}, {}]
    tower = {}
    for key, value in model.state_dict().items():
        value = value.clone()
        if key.startswith("model.language_model."):
            shards[0]["model." + key.removeprefix("model.language_model.")] = value
        elif key.startswith("model.multi_modal_projector."):
            for theirs, ours in (("linear_1", "0"), ("linear_2", "2")):
                if theirs in key:
                    shards[1][f"model.mm_projector.{ours}.{key.rsplit('.', 1)[1]}"] = value
        elif key.startswith("model.vision_tower."):
            tower["vision_model." + key.removeprefix("model.vision_tower.")] = value
        else:
            shards[1][key] = value
    # The encoder as it once was published, with the rest of CLIP: a pickle of f16, which is read by name.
    shards[0]["model.layers.0.self_attn.rotary_emb.inv_freq"] = torch.ones(16)
    places = {}
    for index, part in enumerate(shards):
        file = f"pytorch_model-{index + 1:05}-of-00002.bin"
        torch.save(part, folder / file)
        places |= {key: file for key in part}
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps({"metadata": {}, "weight_map": places}, indent=2))
    clip = folder / "vision_tower"
    clip.mkdir()
    tower["vision_model.embeddings.position_ids"] = torch.arange(17).unsqueeze(0)
    tower["logit_scale"] = torch.tensor(4.6, dtype=torch.float16)
    torch.save(tower, clip / "pytorch_model.bin")
    vision_config = vision.to_dict() | {"model_type": "clip_vision_model"}
    (clip / "config.json").write_text(json.dumps({"model_type": "clip", "projection_dim": 64, "vision_config": vision_config}))
    (clip / "preprocessor_config.json").write_text(json.dumps(PICTURES["llava-1.5"]))


def convert(name: str, folder: Path, outtype: str) -> dict:
    """What the converters write; `outtype` of the text model, while the encoder is f16."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary) / name
        shutil.copytree(folder, work)
        text, mmproj = Path(temporary) / "text.gguf", Path(temporary) / "mmproj.gguf"
        extra = ["--no-nextn"] if name == "qwen3.5" else []
        if name == "q-instruct":
            as_llama(work)
        run(HF_CONVERTER, PRE[name], str(work), "--outtype", outtype, "--outfile", str(text), "--model-name", name, *extra)
        if name == "llava-1.5":
            convert_clip(work, mmproj)
        elif name == "q-instruct":
            convert_tower(work, mmproj)
        else:
            run(HF_CONVERTER, PRE[name], str(work), "--outtype", "f16", "--outfile", str(mmproj), "--model-name", name, "--mmproj")
        return {"text": describe(text), "mmproj": describe(mmproj)}


def as_llama(work: Path) -> None:
    """The converter knows the layout, but not by the name that the authors gave it."""
    path = work / "config.json"
    config = json.loads(path.read_text()) | {"architectures": ["LlamaForCausalLM"], "model_type": "llama"}
    path.write_text(json.dumps(config))


def convert_tower(work: Path, output: Path) -> None:
    shards = [torch.load(path, weights_only=True) for path in sorted(work.glob("pytorch_model-*.bin"))]
    projector = {key: value for part in shards for key, value in part.items() if "mm_projector" in key}
    torch.save(projector, work / "projector.pt")
    clip = work / "clip"
    clip.mkdir()
    config = json.loads((work / "vision_tower" / "config.json").read_text())["vision_config"]
    (clip / "config.json").write_text(json.dumps(config | {"mm_vision_select_layer": -2}))
    tower = torch.load(work / "vision_tower" / "pytorch_model.bin", weights_only=True)
    kept = {key.removeprefix("vision_model."): value for key, value in tower.items() if key.startswith("vision_model.")}
    kept.pop("embeddings.position_ids")
    save_file({f"vision_model.{key}": value for key, value in kept.items()}, clip / "model.safetensors", {"format": "pt"})
    run(CLIP_CONVERTER, "", "-m", str(clip), "--llava-projector", str(work / "projector.pt"), "--clip-model-is-vision")
    (clip / "mmproj-model-f16.gguf").replace(output)


def describe(path: Path) -> dict:
    reader = gguf.GGUFReader(path)
    metadata = {
        key: {"type": " of ".join(each.name for each in field.types), "value": field.contents()}
        for key, field in reader.fields.items()
        if not key.startswith("GGUF.")
    }
    tensors = [
        {
            "name": tensor.name,
            "shape": [int(n) for n in tensor.shape],
            "type": tensor.tensor_type.name,
            "sha256": hashlib.sha256(tensor.data.tobytes()).hexdigest(),
        }
        for tensor in reader.tensors
    ]
    return {"metadata": metadata, "tensors": tensors}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=BUILD)
    only = parser.parse_args().only
    for name in [only] if only else BUILD:
        folder = HERE / "checkpoints" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        make(name, folder)
        for outtype in ("auto", "f16"):
            record = convert(name, folder, outtype)
            path = HERE / "records" / f"{name}.{outtype}.json"
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n")
            print(path.name, len(record["text"]["tensors"]), "and", len(record["mmproj"]["tensors"]), "tensors")


if __name__ == "__main__":
    main()
