/** Kinds of tokens, by llama.cpp's numbers. */
export const tokenKinds = { normal: 1, unknown: 2, control: 3, userDefined: 4, unused: 5, byte: 6 } as const;

export interface Tokens {
  /** By id. */
  readonly texts: string[];
  readonly kinds: number[];
  /** What SentencePiece prefers; absent for others. */
  readonly scores?: number[];
}

/** No vocabulary is known that has a third of it. */
export const MOST_TOKENS = 1 << 20;

/** A token that was added to a vocabulary after its training. */
export interface AddedToken {
  readonly id: number;
  readonly text: string;
  readonly special: boolean;
}

/** Some checkpoints call a token plain that no text may spell. */
const looksSpecial = (text: string): boolean =>
  ["<pad>", "<mask>", "<2mass>", "[@BOS@]"].includes(text) ||
  (text.startsWith("<|") && text.endsWith("|>")) ||
  (text.startsWith("<｜") && text.endsWith("｜>")) ||
  (text.startsWith("<unused") && text.endsWith(">"));

/** The text and kind that an added token has in a GGUF. */
export const addedToken = ({
  text,
  special,
}: AddedToken): { readonly text: string; readonly kind: number } =>
  special || looksSpecial(text)
    ? { text, kind: tokenKinds.control }
    : { text: text.replaceAll("▁", " "), kind: tokenKinds.userDefined };

/** The name of an id that no token has. */
export const padding = (id: number): string => `[PAD${id}]`;
