"""Ask a network about one picture of any size, in f32, on the pixels that libmtmd would show it."""
import numpy as np
import torch
from PIL import Image

from network import Tonescore, pixels_of
from pictures import shown
from prompts import QUALITY, Prompt
from validate import answer_logits


def ask(net: Tonescore, picture: Image.Image, prompts: tuple[Prompt, ...] = (QUALITY,)) -> torch.Tensor:
    """Logits after each prompt, (K, vocabulary)."""
    pixels = torch.from_numpy(np.array(shown(picture.convert("RGB")))).permute(2, 0, 1)[None]
    return torch.from_numpy(answer_logits(net, pixels_of(pixels), prompts)[0])
