"""Makes the small models and records what the published recipes read of them.

    python record.py [--only gemma3]

For each family: a random-weight Hugging Face model, converted to models/NAME.gguf and models/NAME.mmproj.gguf, and in
records/NAME.json the answers that transformers gives. Needs the packages torch, transformers 5.18, gguf, pillow and
sentencepiece, and llama.cpp's source in build/ (npm ci puts it there).
"""

import argparse
import hashlib
import json
import re
import tempfile
from pathlib import Path

import torch
import transformers
from PIL import Image

import recipes
import samples
import tokenizer
from convert import convert
from families import FAMILIES
from models import seed_weights
from places import MODELS, RECORDS
from processors import Llava
from recipes import Recipe

torch.set_num_threads(1)


def make(name: str, folder: Path):
    """Saves the model with everything that the converter reads, and converts it."""
    family = FAMILIES[name]
    tokens = family.make_tokenizer()
    model = seed_weights(family.model(tokens.get_vocab()), name)
    processor = family.processor(tokens)
    for part in (model, tokens, processor.images):
        part.save_pretrained(folder)
    if family.spaces:
        tokenizer.write_sentencepiece(family.vocabulary, folder / "tokenizer.model")
    convert(folder, name, MODELS, family.vocabulary.pre)
    return model, processor


def record(name: str, model, processor) -> dict:
    asked = recipes.of(name)
    content = {
        "model": name,
        "files": {path.name: sha256(path) for path in sorted(MODELS.glob(f"{name}.*"))},
        "transformers": transformers.__version__,
        "recipes": {preset: answers(recipe, name, model, processor) for preset, recipe in asked.items()},
    }
    if name == "llava-1.5":
        # Q-Instruct's code takes CLIP's own processor, which cuts out the middle square.
        cutting = Llava(processor.tokenizer, pad=False)
        content["cut"] = answers(asked["qboost-noprefill"], name, model, cutting)["pictures"]
    return content


def answers(recipe: Recipe, name: str, model, processor) -> dict:
    prompt = render(recipe, processor.tokenizer)
    words = [word_token(processor, prompt, word) for word in recipe.weights]
    shown = prompt.replace(processor.mark, processor.around + "{picture}" + processor.around)
    return {
        "prompt": shown.removeprefix(processor.tokenizer.bos_token) if FAMILIES[name].vocabulary.add_bos else shown,
        "words": [{"word": word, "id": token} for word, token in zip(recipe.weights, words)],
        "pictures": {path.name: read(recipe, path, prompt, words, model, processor) for path in samples.of(name)},
    }


def render(recipe: Recipe, tokens) -> str:
    content = [{"type": "image"}, {"type": "text", "text": recipe.question}]
    messages = [{"role": "user", "content": content}]
    text = tokens.apply_chat_template(messages, tokenize=False, add_generation_prompt=True, enable_thinking=False)
    # "Assistant:" wants a space before what follows; a line break does not.
    return text + (" " if text.endswith(":") and recipe.prefill else "") + recipe.prefill


def word_token(processor, prompt: str, word: str) -> int:
    """The token that stands for a word after the prompt."""
    tail = prompt[-20:]
    without, extended = (processor.encode(text) for text in (tail, tail + ("" if tail[-1].isspace() else " ") + word))
    if extended[:-1] != without:
        raise ValueError(f"expected one more token for {word!r} after {tail!r}, got {extended[len(without):]}")
    return extended[-1]


@torch.inference_mode()
def read(recipe: Recipe, path: Path, prompt: str, words: list[int], model, processor) -> dict:
    inputs = processor(Image.open(path).convert("RGB"), prompt)
    logits = model(**inputs).logits[0, -1, words].tolist()
    return {
        "tokens": inputs["input_ids"].shape[1],
        "logits": [round(logit, 5) for logit in logits],
        "score": round(recipe.score(logits), 6),
    }


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(path: Path, content: dict) -> None:
    """Indented JSON, with what has no further level on one line."""
    text = json.dumps(content, indent=1, ensure_ascii=False)
    for flat in (r"\[[^][{}]*\]", r"\{[^{}]*\}"):
        text = re.sub(flat, lambda found: re.sub(r"\s*\n\s*", " ", found[0]), text)
    path.write_text(text + "\n")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", choices=FAMILIES, help="this family only")
    args = parser.parse_args()
    for folder in (MODELS, RECORDS):
        folder.mkdir(exist_ok=True)
    for name in [args.only] if args.only else FAMILIES:
        with tempfile.TemporaryDirectory() as folder:
            write(RECORDS / f"{name}.json", record(name, *make(name, Path(folder))))
        size = sum(path.stat().st_size for path in MODELS.glob(f"{name}.*"))
        print(f"{name}: recorded; {size / 1e6:.2f} MB of models")


if __name__ == "__main__":
    main()
