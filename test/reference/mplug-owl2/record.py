"""Records what mPLUG-Owl2 in PyTorch (model.py) answers on the small checkpoint.

    npx tsx test/reference/mplug-owl2/checkpoint.ts CHECKPOINT
    python record.py CHECKPOINT [ALL]

Needs the packages torch, numpy, pillow and sentencepiece. ALL is a folder that all logits and embeddings are written
into, as floats.
"""

import json
import sys
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from sentencepiece import SentencePieceProcessor

from model import Owl2, Rounding

HERE = Path(__file__).parent
PICTURES = HERE.parent / "transformers" / "pictures"
NAMES = ["exact-112x112", "exact-140x84", "exact-320x256"]
# "|" is where a picture stands; what is around it is tokenised apart.
PROMPTS = {
    "qalign": "USER: How would you rate the quality of this image?\n|\nASSISTANT: The quality of the image is",
    "qinstruct": "USER: |Rate the quality of the image. ASSISTANT:",
    "two": "USER: The first image: |\nThe second image: |\nThe quality of the second image is",
}
ANSWERS = [" excellent", " good", " fair", " poor", " bad"]
MEAN_COLOUR = (122, 116, 104)
SAMPLED = 64  # one logit of so many
EMBEDDING_STEP = 8
torch.set_num_threads(1)


def pixels(image, settings):
    side = max(image.size)
    square = Image.new("RGB", (side, side), MEAN_COLOUR)
    square.paste(image, ((side - image.width) // 2, (side - image.height) // 2))
    small = square.resize((settings["size"],) * 2, Image.Resampling.BICUBIC)
    values = torch.from_numpy(np.array(small)).float().permute(2, 0, 1) / 255
    mean, deviation = (torch.tensor(settings[key])[:, None, None] for key in ("image_mean", "image_std"))
    return (values - mean) / deviation


def generated(side):
    """The picture that encoder_profile encodes."""
    state, values = 1, []
    for i in range(3 * side * side):
        state = (state * 1664525 + 1013904223) & 0xFFFFFFFF
        values.append(i // 3 % side * 200 // side + (state >> 27))
    return Image.fromarray(np.array(values, np.uint8).reshape(side, side, 3))


def rounded(values, digits=5):
    return [round(float(x), digits) for x in values]


def answer(model, parts, all_to):
    logits = model.logits(parts)
    if all_to:
        logits.numpy().tofile(all_to)
    return {"logits": rounded(logits[::SAMPLED]), "logSumExp": rounded([logits.logsumexp(0)])[0]}


def main():
    folder = Path(sys.argv[1])
    every = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    if every:
        every.mkdir(parents=True, exist_ok=True)
    settings = json.loads((folder / "preprocessor_config.json").read_text())
    pieces = SentencePieceProcessor(model_file=str(folder / "tokenizer.model"))
    model = Owl2(folder)
    opened = {name: Image.open(PICTURES / f"{name}.png").convert("RGB") for name in NAMES}
    seen = {name: model.abstract(model.encode(pixels(image, settings))) for name, image in opened.items()}
    prompts = {}
    for prompt, text in PROMPTS.items():
        parts = [pieces.encode(part) for part in text.split("|")]
        parts[0].insert(0, pieces.bos_id())
        answers = {}
        for i, name in enumerate(NAMES):
            shown = [name] if len(parts) == 2 else [name, NAMES[(i + 1) % len(NAMES)]]
            mixed = [x for part, picture in zip(parts, [seen[each] for each in shown] + [None]) for x in (part, picture)]
            to = every and every / f"{prompt}.{'+'.join(shown)}.f32"
            answers["+".join(shown)] = answer(model, mixed[:-1], to)
        prompts[prompt] = {"text": text, "tokens": parts, "pictures": answers}
    exact = Owl2(folder, Rounding(gelu=True))
    embeddings = exact.abstract(exact.encode(pixels(generated(settings["size"]), settings)))
    if every:
        embeddings.numpy().tofile(every / "embeddings.f32")
    content = {
        "answers": {word: pieces.encode(word.strip())[0] for word in ANSWERS},
        "sampled": SAMPLED,
        "prompts": prompts,
        "embeddingStep": EMBEDDING_STEP,
        "embeddings": [rounded(row[::EMBEDDING_STEP]) for row in embeddings],
    }
    (HERE / "record.json").write_text(json.dumps(content) + "\n")


if __name__ == "__main__":
    main()
