"""Runs the converters of the pinned llama.cpp, as a person would run them on a published model."""

import json
import runpy
import subprocess
import sys
from pathlib import Path

import torch
import transformers
from safetensors.torch import load_file, save_file

from places import ROOT

HF_CONVERTER = "convert_hf_to_gguf.py"
CLIP_CONVERTER = "tools/mtmd/legacy-models/convert_image_encoder_to_gguf.py"


def source() -> Path:
    """The release's source, where the native build has put it."""
    folders = sorted((ROOT / "build").glob("llama.cpp-*"))
    if not folders:
        raise FileNotFoundError("expected llama.cpp's source in build/; run npm ci first")
    return folders[-1]


def convert(folder: Path, name: str, output: Path, pre: str) -> None:
    """Writes NAME.gguf and NAME.mmproj.gguf from a saved model; `pre` names the way in which its tokenizer splits."""
    text, mmproj = output / f"{name}.gguf", output / f"{name}.mmproj.gguf"
    name_as_published(folder / "model.safetensors")
    # Qwen3.5's further layers for drafting are not made here.
    drafting = ["--no-nextn"] if name == "qwen3.5" else []
    run(HF_CONVERTER, pre, str(folder), "--outtype", "f16", "--outfile", str(text), "--model-name", name, *drafting)
    if name == "llava-1.5":
        convert_clip(folder, mmproj)
    else:
        run(HF_CONVERTER, pre, str(folder), "--outtype", "f16", "--outfile", str(mmproj), "--model-name", name, "--mmproj")


def name_as_published(weights: Path) -> None:
    """transformers 5 leaves out a level of names that the published checkpoints have, and the converters expect."""
    tensors = load_file(weights)
    save_file({key.replace("vision_tower.", "vision_tower.vision_model."): value for key, value in tensors.items()}, weights)


def convert_clip(folder: Path, output: Path) -> None:
    """convert_hf_to_gguf.py takes no CLIP encoder ("Unsupported model type: clip_vision_model"); its forerunner does."""
    tensors, clip = load_file(folder / "model.safetensors"), folder / "clip"
    clip.mkdir()
    (clip / "config.json").write_text(json.dumps(json.loads((folder / "config.json").read_text())["vision_config"] | {"vision_feature_layer": -2}))
    vision = {key.removeprefix("vision_tower."): value for key, value in tensors.items() if key.startswith("vision_tower.")}
    save_file(vision, clip / "model.safetensors", {"format": "pt"})
    projector = {key: value for key, value in tensors.items() if key.startswith("multi_modal_projector.")}
    torch.save(projector, folder / "projector.pt")
    run(CLIP_CONVERTER, "", "-m", str(clip), "--llava-projector", str(folder / "projector.pt"), "--clip-model-is-vision")
    (clip / "mmproj-model-f16.gguf").replace(output)


def run(script: str, pre: str, *arguments: str) -> None:
    command = [sys.executable, __file__, pre, str(source() / script), *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stdout}\n{done.stderr}")


class ClipOfTransformers4(torch.nn.Module):
    """The forerunner knows transformers 4, where a CLIP encoder had one level more."""

    @classmethod
    def from_pretrained(cls, folder: str) -> "ClipOfTransformers4":
        made = cls()
        made.vision_model = transformers.models.clip.modeling_clip.CLIPVisionModel.from_pretrained(folder)
        return made


def main() -> None:
    """A converter, in a process of its own, told what it otherwise looks up by a hash of the published tokenizers."""
    pre, script = sys.argv.pop(1), sys.argv.pop(1)
    sys.path.insert(0, str(source()))
    from conversion.base import TextModel

    TextModel.get_vocab_base_pre = lambda self, tokenizer: pre
    transformers.CLIPVisionModel = ClipOfTransformers4
    runpy.run_path(script, run_name="__main__")


if __name__ == "__main__":
    main()
