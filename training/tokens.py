"""The vocabulary and its tokenizer: 256 bytes, the words of the prompts, the answer words.

llama.cpp's "llama-bpe" pre-tokenizer takes a whole piece of text as one token wherever the vocabulary holds it, so a
word needs no merges. Everything else falls back to bytes.
"""
import regex

from prompts import END, END_OF_TEXT, IMAGE_END, IMAGE_START, NO_ANSWER, PROMPTS, START, TONE_WORDS

SPECIALS = [END_OF_TEXT, START, END, IMAGE_START, IMAGE_END]
PIECES = regex.compile(
    r"(?:'[sS]|'[tT]|'[rR][eE]|'[vV][eE]|'[mM]|'[lL][lL]|'[dD])|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)


def byte_symbols() -> list[str]:
    """GPT-2's printable stand-in for each byte."""
    printable = {*range(33, 127), *range(161, 173), *range(174, 256)}
    spare = iter(range(256, 512))
    return [chr(b) if b in printable else chr(next(spare)) for b in range(256)]


SYMBOLS = byte_symbols()


def spell(text: str) -> str:
    return "".join(SYMBOLS[b] for b in text.encode())


def _words() -> list[str]:
    words = dict.fromkeys(["user", "assistant", "system"])
    for prompts in PROMPTS.values():
        for prompt in prompts:
            words.update(dict.fromkeys(PIECES.findall(prompt.question) + PIECES.findall(prompt.prefill)))
    for word in (*TONE_WORDS, NO_ANSWER):
        words.update(dict.fromkeys([f" {word}", word]))
    return [spell(word) for word in words if len(word.encode()) > 1]


VOCABULARY = SPECIALS + SYMBOLS + _words()
IDS = {token: i for i, token in enumerate(VOCABULARY)}


def encode(text: str) -> list[int]:
    """Token ids of text in which the special tokens are markup."""
    ids: list[int] = []
    for part in regex.split("(" + "|".join(map(regex.escape, SPECIALS)) + ")", text):
        if part in SPECIALS:
            ids.append(IDS[part])
            continue
        for piece in map(spell, PIECES.findall(part)):
            ids += [IDS[piece]] if piece in IDS else [IDS[symbol] for symbol in piece]
    return ids


def answer_id(word: str, spaced: bool) -> int:
    return IDS[spell(f" {word}" if spaced else word)]
