"""Small tokenizers as transformers keeps them: the fixtures' vocabularies, split and merged by the real models' rules."""

from pathlib import Path

from sentencepiece import sentencepiece_model_pb2 as sentencepiece
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers
from transformers import GemmaTokenizer, LlamaTokenizer, PreTrainedTokenizerFast

import places  # noqa: F401
from vocabulary import TokenType, Vocabulary

# What llama.cpp takes the vocabulary for ("pre" in the file) and how transformers splits it.
CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|"
REST = r"\p{N}| ?[^\s%s\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
SPLITS = {
    "qwen2": CONTRACTIONS + r"[^\r\n\p{L}\p{N}]?\p{L}+|" + REST % r"\p{L}",
    "qwen35": CONTRACTIONS + r"[^\r\n\p{L}\p{N}]?[\p{L}\p{M}]+|" + REST % r"\p{L}\p{M}",
}


def byte_pairs(vocabulary: Vocabulary) -> PreTrainedTokenizerFast:
    ids = {token: index for index, token in enumerate(vocabulary.tokens)}
    merges = [tuple(merge.split(" ")) for merge in vocabulary.merges]
    tokenizer = Tokenizer(models.BPE(vocab=ids, merges=merges))
    if vocabulary.pre == "smollm":
        steps = [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    else:
        split = pre_tokenizers.Split(Regex(SPLITS[vocabulary.pre]), "isolated")
        steps = [split, pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(control_tokens(vocabulary))
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token=vocabulary.bos, eos_token=vocabulary.eos)


def sentence_pieces(vocabulary: Vocabulary, kind: type) -> LlamaTokenizer | GemmaTokenizer:
    """`kind` says how spaces are written; the older way of LLaMA's puts one before every text."""
    ids = {token: index for index, token in enumerate(vocabulary.tokens)}
    settings = {"legacy": True} if kind is LlamaTokenizer else {}
    pieces = {"unk_token": "<unk>", "bos_token": vocabulary.bos, "eos_token": vocabulary.eos}
    tokenizer = kind(vocab=ids, merges=merges_of(vocabulary), **pieces, **settings)
    tokenizer.add_special_tokens({"additional_special_tokens": control_tokens(vocabulary)})
    return tokenizer


def merges_of(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """SentencePiece merges the pair whose piece has the best score, here the lowest id."""
    ids = {token: index for index, token in enumerate(vocabulary.tokens)}
    merges = []
    for token, kind in zip(vocabulary.tokens, vocabulary.types):
        pairs = [(token[:end], token[end:]) for end in range(1, len(token))] if kind == TokenType.NORMAL else []
        merges += [pair for pair in pairs if pair[0] in ids and pair[1] in ids]
    return merges


def control_tokens(vocabulary: Vocabulary) -> list[AddedToken]:
    return [AddedToken(token, special=True, normalized=False) for token in vocabulary.special]


def write_sentencepiece(vocabulary: Vocabulary, path: Path) -> None:
    """The file that the converter reads."""
    piece = sentencepiece.ModelProto.SentencePiece
    kinds = {
        TokenType.UNKNOWN: piece.UNKNOWN,
        TokenType.CONTROL: piece.CONTROL,
        TokenType.BYTE: piece.BYTE,
        TokenType.NORMAL: piece.NORMAL,
    }
    model = sentencepiece.ModelProto()
    model.trainer_spec.model_type = sentencepiece.TrainerSpec.BPE
    model.trainer_spec.byte_fallback = True
    model.trainer_spec.unk_id, model.trainer_spec.bos_id, model.trainer_spec.eos_id = (
        vocabulary.tokens.index(token) for token in ("<unk>", vocabulary.bos, vocabulary.eos)
    )
    model.normalizer_spec.add_dummy_prefix = vocabulary.space_prefix
    for index, (token, kind) in enumerate(zip(vocabulary.tokens, vocabulary.types)):
        model.pieces.add(piece=token, score=-float(index), type=kinds[kind])
    path.write_bytes(model.SerializeToString())
