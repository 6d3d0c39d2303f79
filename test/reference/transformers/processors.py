"""A picture and a rendered prompt as a model's inputs, by transformers' own PIL image processors.

transformers' processors proper want a video processor beside the image processor, and that one wants torchvision. What
else they do is to write as many placeholder tokens into the prompt as the picture has embeddings; so do these.
"""

import torch
from PIL.Image import Image
from transformers.models.gemma3.image_processing_pil_gemma3 import Gemma3ImageProcessorPil
from transformers.models.llava.image_processing_pil_llava import LlavaImageProcessorPil
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil
from transformers.models.smolvlm.image_processing_pil_smolvlm import SmolVLMImageProcessorPil
from transformers.models.smolvlm.processing_smolvlm import get_image_prompt_string

Inputs = dict[str, torch.Tensor]


class Processor:
    mark = "<image>"  # what the template prints for a picture
    around = ""  # what the processor writes before and after it

    def __init__(self, tokenizer, images) -> None:
        self.tokenizer = tokenizer
        self.images = images

    def __call__(self, picture: Image, prompt: str) -> Inputs:
        pixels = dict(self.images(picture, return_tensors="pt"))
        ids = torch.tensor([self.tokens(prompt, pixels)])
        return pixels | {"input_ids": ids, "attention_mask": torch.ones_like(ids)}

    def tokens(self, prompt: str, pixels: Inputs) -> list[int]:
        raise NotImplementedError

    def encode(self, text: str) -> list[int]:
        return self.tokenizer.encode(text, add_special_tokens=False)


class Llava(Processor):
    """As in LLaVA's own code: the texts before and after the picture are tokenised apart, after one BOS token."""

    def __init__(self, tokenizer, pad: bool = True) -> None:
        size = {"size": {"shortest_edge": 112}, "crop_size": {"height": 112, "width": 112}}
        super().__init__(tokenizer, LlavaImageProcessorPil(do_pad=pad, **size))

    def tokens(self, prompt: str, pixels: Inputs) -> list[int]:
        before, after = (self.encode(text) for text in prompt.split(self.mark))
        image = self.tokenizer.convert_tokens_to_ids("<image>")
        return [self.tokenizer.bos_token_id, *before, *[image] * 64, *after]


class SmolVlm(Processor):
    def __init__(self, tokenizer) -> None:
        sizes = {"size": {"longest_edge": 288}, "max_image_size": {"longest_edge": 96}}
        super().__init__(tokenizer, SmolVLMImageProcessorPil(return_row_col_info=True, **sizes))

    def tokens(self, prompt: str, pixels: Inputs) -> list[int]:
        ((rows,),), ((columns,),) = pixels.pop("rows"), pixels.pop("cols")
        tiles = get_image_prompt_string(rows, columns, 9, "<fake_token_around_image>", "<image>", "<global-img>")
        return self.encode(prompt.replace(self.mark, tiles))


class Qwen(Processor):
    mark = "<|vision_start|><|image_pad|><|vision_end|>"

    def __init__(self, tokenizer, patch: int, size: dict[str, int], colours: dict[str, list[float]]) -> None:
        super().__init__(tokenizer, Qwen2VLImageProcessorPil(patch_size=patch, merge_size=2, size=size, **colours))

    def __call__(self, picture: Image, prompt: str) -> Inputs:
        inputs = super().__call__(picture, prompt)
        image = self.tokenizer.convert_tokens_to_ids("<|image_pad|>")
        return inputs | {"mm_token_type_ids": (inputs["input_ids"] == image).int()}

    def tokens(self, prompt: str, pixels: Inputs) -> list[int]:
        count = int(pixels["image_grid_thw"].prod()) // 4
        return self.encode(prompt.replace("<|image_pad|>", "<|image_pad|>" * count))


class Gemma(Processor):
    mark = "<start_of_image>"
    around = "\n\n"

    def __init__(self, tokenizer) -> None:
        images = Gemma3ImageProcessorPil(size={"height": 112, "width": 112}, image_seq_length=16)
        super().__init__(tokenizer, images)

    def __call__(self, picture: Image, prompt: str) -> Inputs:
        inputs = super().__call__(picture, prompt)
        inputs.pop("num_crops")
        image = self.tokenizer.convert_tokens_to_ids("<image_soft_token>")
        return inputs | {"token_type_ids": (inputs["input_ids"] == image).long()}

    def tokens(self, prompt: str, pixels: Inputs) -> list[int]:
        shown = self.mark + "<image_soft_token>" * 16 + "<end_of_image>"
        return self.encode(prompt.replace(self.mark, self.around + shown + self.around))
