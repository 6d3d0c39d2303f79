"""Scores pictures with the authors' own Python and with tonescore, and prints both.

    tonescore models import one-align
    python compare.py one-align photo.jpg other.jpg

It runs the code that the model's repository holds, on a GPU where there is one (15 GB in 16 bits), and wants
transformers 4.36.1 (what the authors name), torch, torchvision, accelerate, sentencepiece, protobuf and icecream.
"""

import argparse
import json
import subprocess

import torch
from PIL import Image
from transformers import AutoModelForCausalLM

# By the catalogue's names: the repository, and what its code is asked besides the pictures.
MODELS = {
    "one-align": ("q-future/one-align", {"task_": "quality", "input_": "image"}),
    "deqa-score": ("zhiyuanyou/DeQA-Score-Mix3", {}),
}


def by_authors(repository: str, asked: dict[str, str], paths: list[str]) -> list[float]:
    """From 1, bad, to 5, excellent."""
    model = AutoModelForCausalLM.from_pretrained(
        repository,
        trust_remote_code=True,
        attn_implementation="eager",
        torch_dtype=torch.float16,
        device_map="auto",
    )
    return [model.score([Image.open(path).convert("RGB")], **asked).item() for path in paths]


def by_tonescore(name: str, command: list[str], paths: list[str]) -> list[float]:
    """On the same scale."""
    run = [*command, *paths, "--model", name, "--scale", "mos", "--format", "ndjson", "--quiet"]
    lines = subprocess.run(run, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    results = [entry for entry in map(json.loads, lines) if entry["type"] == "image"]
    scores = {result["input"]["path"]: result["score"] for result in results}
    return [scores[path] for path in paths]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=MODELS, help="of the model in the catalogue; it has to be imported")
    parser.add_argument("pictures", nargs="+")
    parser.add_argument("--command", default="npx tonescore", help="what runs tonescore")
    arguments = parser.parse_args()
    paths = list(dict.fromkeys(arguments.pictures))
    ours = by_tonescore(arguments.name, arguments.command.split(), paths)
    theirs = by_authors(*MODELS[arguments.name], paths)
    print("authors  tonescore  difference")
    for path, (first, second) in zip(paths, zip(theirs, ours)):
        print(f"{first:7.4f}  {second:9.4f}  {second - first:+10.4f}  {path}")


if __name__ == "__main__":
    main()
