"""Store what PyTorch answers, for the tests to compare llama.cpp with: record.py CHECKPOINT OUT.json PICTURE.png...

For each picture and prompt the logits of the whole vocabulary, in the order of the token ids.
"""
import json
import sys
from pathlib import Path

from PIL import Image

from answer import ask
from export import load
from prompts import IMAGE_END, IMAGE_START, PROMPTS, QUALITY, Prompt, after_image, before_image

ASKED = (QUALITY, *PROMPTS["noise"], Prompt(QUALITY.question, ""))


def main() -> None:
    net, pictures = load(sys.argv[1]), {}
    for path in map(Path, sys.argv[3:]):
        logits = ask(net, Image.open(path), ASKED).tolist()
        pictures[path.name] = [[round(value, 4) for value in row] for row in logits]
    before = before_image().removesuffix(IMAGE_START)
    after = [after_image(*prompt).removeprefix(IMAGE_END) for prompt in ASKED]
    Path(sys.argv[2]).write_text(json.dumps({"before": before, "after": after, "pictures": pictures}) + "\n")


if __name__ == "__main__":
    main()
