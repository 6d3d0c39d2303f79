"""Ask a network about one picture of any size, in f32, on the pixels that libmtmd would show it."""
import torch
from PIL import Image

from export import MAX_PIXELS, MIN_PIXELS
from network import Tonescore, pixels_of
from pictures import PATCH, shown, to_patches
from prompts import QUALITY, Prompt, after_image, before_image
from tokens import encode


@torch.no_grad()
def ask(net: Tonescore, picture: Image.Image, prompts: list[Prompt] = [QUALITY]) -> torch.Tensor:
    """Logits after each prompt, (K, vocabulary)."""
    view = shown(picture.convert("RGB"), MIN_PIXELS, MAX_PIXELS)
    columns, rows = view.size[0] // PATCH, view.size[1] // PATCH
    pixels = pixels_of(torch.from_numpy(to_patches(view)))[None]
    image = net.vision(pixels, net.vision.positions(rows, columns))
    start = net.text.embed(torch.tensor([encode(before_image())]))
    prefix = torch.cat([start, image], 1)
    return torch.cat([net.text(prefix, torch.tensor([[encode(after_image(*p))]]))[0, :, -1] for p in prompts])
