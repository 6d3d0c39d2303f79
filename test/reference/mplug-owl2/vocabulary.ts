/** Pieces of LLaMA's vocabulary by id, those that the prompts and answers of mPLUG-Owl2 take. */
const known: Readonly<Record<string, number>> = {
  "▁US": 3148,
  ER: 1001,
  ASS: 22933,
  SS: 1799,
  IST: 9047,
  ANT: 13566,
  ate: 403,
  be: 915,
  "▁A": 319,
  "▁How": 1128,
  "▁R": 390,
  "▁The": 450,
  "▁and": 322,
  "▁average": 6588,
  "▁acceptable": 22691,
  "▁bad": 4319,
  "▁better": 2253,
  "▁excellent": 15129,
  "▁fair": 6534,
  "▁fine": 2691,
  "▁first": 937,
  "▁good": 1781,
  "▁great": 2107,
  "▁has": 756,
  "▁high": 1880,
  "▁image": 1967,
  "▁is": 338,
  "▁low": 4482,
  "▁medium": 18350,
  "▁of": 310,
  "▁one": 697,
  "▁picture": 7623,
  "▁poor": 6460,
  "▁pretty": 5051,
  "▁quality": 11029,
  "▁rate": 6554,
  "▁second": 1473,
  "▁than": 1135,
  "▁the": 278,
  "▁this": 445,
  "▁video": 4863,
  "▁what": 825,
  "▁would": 723,
  "▁you": 366,
};
/** Those that it has characters by, from here on. */
const CHARACTERS = 29871;
const first = "▁etainorsldhcumpgf.by,wvk1)(-0:IS";
const placed: Readonly<Record<string, number>> = { "?": 29973 };

const SIZE = 32000;
const FIRST_BYTE = 3;
const FIRST_WORD = 259;

interface Piece {
  readonly text: string;
  readonly score: number;
  readonly kind: number;
}
const kinds = { normal: 1, unknown: 2, control: 3, byte: 6 };

/**
 * A tokenizer.model with the shape of LLaMA's: 32000 pieces, bytes from 3 on, pairs merged in the order of their ids.
 * What the prompts of mPLUG-Owl2 take has its ids; the way there is through the beginnings of each word, and what is
 * left is filled with pieces that no text becomes.
 */
export function tokenizerModel(): Buffer {
  const trainer = Buffer.concat([field(3, 2), field(4, SIZE), field(35, 1)]); // BPE, with bytes for what is unknown
  const normalizer = Buffer.concat([field(1, "identity"), field(3, 1), field(4, 0), field(5, 1)]);
  const all = pieces().map(({ text, score, kind }) =>
    field(1, Buffer.concat([field(1, text), float(2, score), field(3, kind)])),
  );
  return Buffer.concat([...all, field(2, trainer), field(3, normalizer)]);
}

function pieces(): Piece[] {
  const ids = new Map(Object.entries({ ...known, ...placed }));
  Array.from(first).forEach((character, i) => ids.set(character, CHARACTERS + i));
  const byId = new Map([...ids].map(([text, id]) => [id, text]));
  const add = (text: string, from: number): void => {
    if (ids.has(text)) return;
    let id = from;
    while (byId.has(id)) id++;
    ids.set(text, id);
    byId.set(id, text);
  };
  for (let code = 33; code < 127; code++) add(String.fromCharCode(code), CHARACTERS);
  // Beginnings of words come before what is inside of them, so that no word falls apart on the way.
  const words = Object.keys(known).sort((a, b) => Number(b.startsWith("▁")) - Number(a.startsWith("▁")));
  for (const word of words) for (let end = 2; end < word.length; end++) add(word.slice(0, end), FIRST_WORD);
  return Array.from({ length: SIZE }, (_, id) => piece(id, byId.get(id)));
}

function piece(id: number, text: string | undefined): Piece {
  const special = ["<unk>", "<s>", "</s>"][id];
  if (special !== undefined)
    return { text: special, score: 0, kind: id === 0 ? kinds.unknown : kinds.control };
  if (id < FIRST_WORD) {
    const byte = (id - FIRST_BYTE).toString(16).toUpperCase().padStart(2, "0");
    return { text: `<0x${byte}>`, score: 0, kind: kinds.byte };
  }
  return { text: text ?? `⟨${String(id)}⟩`, score: FIRST_WORD - id, kind: kinds.normal };
}

/** A field of a message of protocol buffers. */
function field(number: number, value: number | string | Buffer): Buffer {
  if (typeof value === "number") return Buffer.concat([varint(number * 8), varint(value)]);
  const bytes = Buffer.from(value);
  return Buffer.concat([varint(number * 8 + 2), varint(bytes.length), bytes]);
}

function float(number: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint(number * 8 + 5), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return Buffer.from([...bytes, value]);
}
