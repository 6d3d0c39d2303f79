"""The families as small Hugging Face models: their configurations, and weights from a seed."""

import zlib

import torch
from transformers import (
    CLIPVisionConfig,
    Gemma3Config,
    Gemma3ForConditionalGeneration,
    LlamaConfig,
    LlavaConfig,
    LlavaForConditionalGeneration,
    PreTrainedModel,
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen3_5Config,
    Qwen3_5ForConditionalGeneration,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
    SmolVLMConfig,
    SmolVLMForConditionalGeneration,
)

WIDTH = 128
TEXT = {
    "hidden_size": WIDTH,
    "intermediate_size": 256,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 32,
    "max_position_embeddings": 4096,
    "rms_norm_eps": 1e-6,
    "bos_token_id": None,  # the tokenizer says
    "eos_token_id": None,
}
VISION = {"hidden_size": 64, "intermediate_size": 160}
SIGLIP = VISION | {"num_hidden_layers": 2, "num_attention_heads": 2}
QWEN_VISION = VISION | {"depth": 2, "num_heads": 2, "out_hidden_size": WIDTH}


def llava(ids: dict[str, int]) -> PreTrainedModel:
    text = LlamaConfig(**TEXT | {"num_key_value_heads": 4}, vocab_size=len(ids))
    vision = CLIPVisionConfig(**SIGLIP | {"num_hidden_layers": 3}, image_size=112, patch_size=14, projection_dim=WIDTH)
    config = LlavaConfig(
        text_config=text, vision_config=vision, image_token_index=ids["<image>"], image_seq_length=64
    )
    return LlavaForConditionalGeneration(config)


def smolvlm(ids: dict[str, int]) -> PreTrainedModel:
    text = LlamaConfig(**TEXT, vocab_size=len(ids), tie_word_embeddings=True, rope_theta=1e5)
    # The published models say so, and the converter goes by it.
    text.architectures = ["VLlama3ForCausalLM"]
    vision = SIGLIP | {"image_size": 96, "patch_size": 16}
    config = SmolVLMConfig(
        text_config=text.to_dict(),
        vision_config=vision,
        image_token_id=ids["<image>"],
        scale_factor=2,
        tie_word_embeddings=True,
        pad_token_id=ids["<|im_end|>"],
    )
    return SmolVLMForConditionalGeneration(config)


def qwen2_5_vl(ids: dict[str, int]) -> PreTrainedModel:
    rope = {"rope_type": "default", "rope_theta": 1e6, "mrope_section": [4, 6, 6]}
    text = TEXT | {"vocab_size": len(ids), "rope_parameters": rope}
    vision = QWEN_VISION | {"depth": 3, "patch_size": 14, "window_size": 112, "fullatt_block_indexes": [1]}
    return Qwen2_5_VLForConditionalGeneration(Qwen2_5_VLConfig(text_config=text, vision_config=vision, **markers(ids)))


def qwen3_vl(ids: dict[str, int]) -> PreTrainedModel:
    rope = {"rope_type": "default", "rope_theta": 5e6, "mrope_section": [6, 5, 5], "mrope_interleaved": True}
    text = TEXT | {"vocab_size": len(ids), "rope_parameters": rope, "num_hidden_layers": 3}
    vision = QWEN_VISION | {"depth": 3, "patch_size": 16, "num_position_embeddings": 64, "deepstack_visual_indexes": [0, 1]}
    return Qwen3VLForConditionalGeneration(Qwen3VLConfig(text_config=text, vision_config=vision, **markers(ids)))


def qwen3_5(ids: dict[str, int]) -> PreTrainedModel:
    rope = {"rope_type": "default", "rope_theta": 1e7, "mrope_section": [3, 3, 2], "partial_rotary_factor": 0.5}
    text = TEXT | {"vocab_size": len(ids), "rope_parameters": rope, "num_hidden_layers": 3, "full_attention_interval": 3}
    text |= {f"linear_{kind}_head_dim": 32 for kind in ("key", "value")}
    text |= {"linear_num_key_heads": 2, "linear_num_value_heads": 4}
    vision = QWEN_VISION | {"patch_size": 16, "num_position_embeddings": 64}
    return Qwen3_5ForConditionalGeneration(Qwen3_5Config(text_config=text, vision_config=vision, **markers(ids)))


def gemma3(ids: dict[str, int]) -> PreTrainedModel:
    # Six layers, since the sixth is the first that sees beyond the window.
    text = TEXT | {"vocab_size": len(ids), "num_hidden_layers": 6, "sliding_window": 64, "query_pre_attn_scalar": 32}
    config = Gemma3Config(
        text_config=text,
        vision_config=SIGLIP | {"image_size": 112, "patch_size": 14},
        mm_tokens_per_image=16,
        boi_token_index=ids["<start_of_image>"],
        eoi_token_index=ids["<end_of_image>"],
        image_token_index=ids["<image_soft_token>"],
    )
    return Gemma3ForConditionalGeneration(config)


def markers(ids: dict[str, int]) -> dict[str, int]:
    return {
        "image_token_id": ids["<|image_pad|>"],
        "video_token_id": ids["<|video_pad|>"],
        "vision_start_token_id": ids["<|vision_start|>"],
        "vision_end_token_id": ids["<|vision_end|>"],
    }


def seed_weights(model: PreTrainedModel, name: str) -> PreTrainedModel:
    """
    Random weights that keep a picture audible up to the answer, each from a seed of its own, rounded to what a file of
    f16 holds. Norms stay around the gain of 1 that they begin with.
    """
    tied = model.config.tie_word_embeddings
    with torch.no_grad():
        for path, weight in model.named_parameters():
            random = torch.randn(weight.shape, generator=torch.Generator().manual_seed(zlib.crc32(f"{name}/{path}".encode())))
            if path.endswith("A_log"):
                value = -3.5 + 0.2 * random  # a decay of a few percent a token
            elif weight.ndim == 1:
                around = 1.0 if weight.mean() > 0.5 else 0.0
                value = around + 0.1 * random
            elif "embed" in path and "patch_embed" not in path:
                value = random * (1.5 / WIDTH**0.5 if tied and "embed_tokens" in path else 0.5)
            else:
                value = random * 1.5 / fan_in(path, weight) ** 0.5
            weight.copy_(value.half().float())
    return model.eval()


def fan_in(path: str, weight: torch.Tensor) -> int:
    # Gemma's projector is stored the other way round.
    return weight.shape[0] if path.endswith("mm_input_projection_weight") else weight[0].numel()
