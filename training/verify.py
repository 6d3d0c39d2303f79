"""Compare PyTorch with llama.cpp: verify.py CHECKPOINT FOLDER LLAMA_SERVER PICTURE...

Starts the llama-server of the pinned llama.cpp on the GGUF pair in FOLDER and compares the log-probability of every
token of the vocabulary, for several prompts and for each picture in several sizes. Fails above 0.01.
"""
import base64
import io
import json
import os
import subprocess
import sys
import time
import urllib.request

import torch
from PIL import Image

from answer import ask
from export import NAME, load
from prompts import HOW_GOOD, IMAGE_END, IMAGE_START, MARKER, PROMPTS, QUALITY, Prompt, after_image, before_image
from tokens import VOCABULARY

PORT, LIMIT = 8972, 0.01
CACHE = "f32"  # the defaults, an f16 cache and flash attention over f16, take away up to 0.04 by themselves
SIZES = [None, (512, 512), (640, 360), (300, 700), (90, 60), (2000, 1500)]
ASKED = (QUALITY, HOW_GOOD, *PROMPTS["noise"], Prompt(QUALITY.question, ""), Prompt("What is the capital of France?", "It is"))


def post(path: str, body: dict) -> dict:
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def start(server: str, folder: str) -> subprocess.Popen:
    pair = ["-m", f"{folder}/{NAME}.gguf", "--mmproj", f"{folder}/mmproj-{NAME}.gguf"]
    command = [server, *pair, "--port", str(PORT), "-t", "2", "-fa", "off", "-ctk", CACHE, "-ctv", CACHE]
    process = subprocess.Popen(command, env={**os.environ, "LLAMA_MEDIA_MARKER": MARKER}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(100):
        time.sleep(0.2)
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/health")
            return process
        except OSError:
            continue
    process.kill()
    raise SystemExit(f"llama-server did not start: expected {server} to answer on port {PORT}; try its command by hand: {' '.join(command)}")


def log_probabilities(picture: Image.Image, prompt: Prompt) -> torch.Tensor:
    png = io.BytesIO()
    picture.save(png, "PNG")
    text = before_image().removesuffix(IMAGE_START) + MARKER + after_image(*prompt).removeprefix(IMAGE_END)
    media = [base64.b64encode(png.getvalue()).decode()]
    body = {"prompt": {"prompt_string": text, "multimodal_data": media}, "n_predict": 1, "temperature": 0, "cache_prompt": False}
    top = post("/completion", {**body, "n_probs": len(VOCABULARY)})["completion_probabilities"][0]["top_logprobs"]
    out = torch.full((len(VOCABULARY),), float("nan"))
    for entry in top:
        out[entry["id"]] = entry["logprob"]
    return out


def main() -> None:
    net, worst = load(sys.argv[1]), 0.0
    process = start(sys.argv[3], sys.argv[2])
    try:
        for path in sys.argv[4:]:
            for size in SIZES:
                picture = Image.open(path).convert("RGB")
                picture = picture.resize(size, Image.BICUBIC) if size else picture
                ours = ask(net, picture, ASKED).log_softmax(-1)
                theirs = torch.stack([log_probabilities(picture, prompt) for prompt in ASKED])
                gap = (ours - theirs).abs()
                worst = max(worst, gap.max().item()) if not gap.isnan().any() else float("inf")
                print(f"{path} {picture.size}: largest difference {gap.max():.5f}, mean {gap.mean():.5f}")
    finally:
        process.terminate()
    print(f"largest difference of all {worst:.5f}, limit {LIMIT}")
    sys.exit(worst > LIMIT)


if __name__ == "__main__":
    main()
