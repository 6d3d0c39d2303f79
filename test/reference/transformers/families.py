"""What belongs to each family: vocabulary, chat template, model and processor."""

from collections.abc import Callable
from dataclasses import dataclass

from transformers import GemmaTokenizer, LlamaTokenizer, PreTrainedModel

import models
import places  # noqa: F401
import templates
import tokenizer
from processors import Gemma, Llava, Processor, Qwen, SmolVlm
from vocabulary import Vocabulary

SMOLVLM = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<fake_token_around_image>", "<image>", "<global-img>"]
SMOLVLM += [f"<row_{row}_col_{column}>" for row in range(1, 7) for column in range(1, 7)] + ["<end_of_utterance>"]
QWEN = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>"]
QWEN += ["<|video_pad|>", "<think>", "</think>"]
GEMMA = ["<eos>", "<bos>", "<start_of_turn>", "<end_of_turn>", "<start_of_image>", "<end_of_image>"]
GEMMA += ["<image_soft_token>"]

VICUNA = """A chat between a curious human and an artificial intelligence assistant. The assistant gives helpful, \
detailed, and polite answers to the human's questions. USER: \
{% for part in messages[0].content %}{{ '<image>\\n' if part.type == 'image' else part.text }}{% endfor %} ASSISTANT:"""

# The sizes of the published preprocessor_config.json files, in pixels.
QWEN2_5_SIZE = {"shortest_edge": 3136, "longest_edge": 12845056}
QWEN3_5_SIZE = {"shortest_edge": 65536, "longest_edge": 16777216}
HALF = {"image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.5, 0.5]}


@dataclass
class Family:
    vocabulary: Vocabulary
    template: str
    model: Callable[[dict[str, int]], PreTrainedModel]
    processor: Callable[..., Processor]
    spaces: type | None = None  # the tokenizer that says how SentencePiece writes spaces

    def make_tokenizer(self):
        pieces = self.spaces
        made = tokenizer.sentence_pieces(self.vocabulary, pieces) if pieces else tokenizer.byte_pairs(self.vocabulary)
        made.chat_template = self.template
        return made


def bpe(special: list[str], bos: str, eos: str, pre: str) -> Vocabulary:
    return Vocabulary("gpt2", special, bos, eos, add_bos=False, pre=pre)


FAMILIES = {
    "llava-1.5": Family(
        Vocabulary("llama", ["<s>", "</s>", "<image>"], "<s>", "</s>", add_bos=True, space_prefix=True),
        VICUNA,
        models.llava,
        Llava,
        LlamaTokenizer,
    ),
    "smolvlm": Family(
        bpe(SMOLVLM, "<|im_start|>", "<end_of_utterance>", "smollm"), templates.SMOLVLM, models.smolvlm, SmolVlm
    ),
    "qwen2.5-vl": Family(
        bpe(QWEN, "<|endoftext|>", "<|im_end|>", "qwen2"),
        templates.QWEN2_5_VL,
        models.qwen2_5_vl,
        lambda tokens: Qwen(tokens, 14, QWEN2_5_SIZE, {}),
    ),
    "qwen3.5": Family(
        bpe(QWEN, "<|endoftext|>", "<|im_end|>", "qwen35"),
        templates.QWEN3_5,
        models.qwen3_5,
        lambda tokens: Qwen(tokens, 16, QWEN3_5_SIZE, HALF),
    ),
    "qwen3-vl": Family(
        bpe(QWEN, "<|endoftext|>", "<|im_end|>", "qwen2"),
        templates.QWEN2_5_VL,
        models.qwen3_vl,
        lambda tokens: Qwen(tokens, 16, QWEN3_5_SIZE, HALF),
    ),
    "gemma3": Family(
        Vocabulary("llama", GEMMA, "<bos>", "<eos>", add_bos=True),
        templates.GEMMA3,
        models.gemma3,
        Gemma,
        GemmaTokenizer,
    ),
}
