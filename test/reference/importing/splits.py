"""Shows that the expressions by which src/importing/tokenizer/bytePairs.ts knows a tokenizer are what the converter knows
by a hash: with llama.cpp's own copies of the published vocabularies, split so, the hash is the converter's.

    python splits.py
"""

import hashlib
import re
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "transformers"))

from convert import source  # noqa: E402
from tokenizer import SPLITS  # noqa: E402
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers  # noqa: E402

sys.path.insert(0, str(source() / "gguf-py"))
import gguf  # noqa: E402


def main() -> None:
    code = (source() / "conversion" / "base.py").read_text()
    text = eval(re.search(r"chktxt = ('.*')\n", code)[1])  # llama.cpp's own line
    known = dict(re.findall(r'chkhsh == "(\w{64})":\n\s+#[^\n]*\n\s+res = "([^"]+)"', code))
    for name, expression in SPLITS.items():
        fields = gguf.GGUFReader(source() / "models" / f"ggml-vocab-{name}.gguf").fields
        tokens, merges = (fields[f"tokenizer.ggml.{key}"].contents() for key in ("tokens", "merges"))
        made = Tokenizer(models.BPE({token: i for i, token in enumerate(tokens)}, [tuple(each.split(" ")) for each in merges]))
        split = pre_tokenizers.Split(Regex(expression), "isolated")
        made.pre_tokenizer = pre_tokenizers.Sequence([split, pre_tokenizers.ByteLevel(False, use_regex=False)])
        made.normalizer = normalizers.NFC()
        digest = hashlib.sha256(str(made.encode(text).ids).encode()).hexdigest()
        print(f"{name}: the converter calls {digest[:16]}… {known.get(digest, 'nothing')}")


if __name__ == "__main__":
    main()
