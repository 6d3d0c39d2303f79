import { isRecord } from "../../util/isRecord.js";
import { shown } from "../../util/shown.js";
import type { CheckpointFolder } from "../checkpoint/folder.js";
import { addedTokens, decodedTokens, type TokenizerFiles, wrong } from "./tokenizerFiles.js";
import { addedToken, MOST_TOKENS, padding, tokenKinds, type Tokens } from "./tokens.js";

const FILE = "tokenizer.json";

/** Where texts are split before pairs are merged: the expressions that are known, and what llama.cpp calls each. */
const contractions = "(?i:'s|'t|'re|'ve|'m|'ll|'d)";
const rest = (letters: string): string =>
  `\\p{N}| ?[^\\s${letters}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`;
const splits: Readonly<Record<string, string>> = {
  [`${contractions}|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${rest("\\p{L}")}`]: "qwen2",
  [`${contractions}|[^\\r\\n\\p{L}\\p{N}]?[\\p{L}\\p{M}]+|${rest("\\p{L}\\p{M}")}`]: "qwen35",
};

export interface BytePairs extends Tokens {
  /** llama.cpp's name for how texts are split. */
  readonly split: string;
  /** Pairs in the order of preference, each with a space between. */
  readonly merges: readonly string[];
}

/**
 * A byte-level BPE tokenizer.
 * @param size of the vocabulary, as the model has it: ids without a token are filled up.
 * @throws {TonescoreError} `ERR_MODEL_INVALID`
 */
export function readBytePairs(folder: CheckpointFolder, files: TokenizerFiles, size: number): BytePairs {
  const { tokenizer } = files;
  if (tokenizer === undefined) throw wrong(folder, FILE, "nothing is there");
  const { model } = tokenizer;
  if (!isRecord(model) || (model.type ?? "BPE") !== "BPE" || !isRecord(model.vocab)) {
    throw wrong(folder, FILE, "it is none of byte pairs (BPE)");
  }
  const texts = Array.from({ length: size }, (_, id) => padding(id));
  const kinds = new Array<number>(size).fill(tokenKinds.unused);
  const put = (id: unknown, text: string, kind: number): void => {
    if (typeof id !== "number" || !Number.isInteger(id) || id < 0 || id >= size) {
      throw wrong(folder, FILE, `the token ${shown(text)} has an id beyond the model's ${size} tokens`);
    }
    texts[id] = text;
    kinds[id] = kind;
  };
  for (const [text, id] of Object.entries(model.vocab)) put(id, text, tokenKinds.normal);
  for (const added of [...decodedTokens(folder, files), ...addedTokens(folder, files)]) {
    const { text, kind } = addedToken(added);
    put(added.id, text, kind);
  }
  const split = splitOf(folder, tokenizer.pre_tokenizer);
  return { texts, kinds, split, merges: readMerges(folder, model.merges) };
}

/** A stranger's expression is compared, and never run. */
function splitOf(folder: CheckpointFolder, described: unknown): string {
  const steps = isRecord(described) && Array.isArray(described.pretokenizers) ? described.pretokenizers : [];
  const [split, bytes] = steps as unknown[];
  const known = isRecord(split) && isRecord(bytes) && steps.length === 2 && bytes.type === "ByteLevel";
  const expression = known && isRecord(split.pattern) ? split.pattern.Regex : undefined;
  const name =
    typeof expression === "string" && Object.hasOwn(splits, expression) ? splits[expression] : undefined;
  if (name !== undefined) return name;
  throw wrong(folder, FILE, `it splits texts in a way that is not known (${shown(expression)})`);
}

function readMerges(folder: CheckpointFolder, merges: unknown): string[] {
  const refuse = (): never => {
    throw wrong(folder, FILE, "its merges are no list of pairs");
  };
  if (!Array.isArray(merges) || merges.length === 0 || merges.length > 4 * MOST_TOKENS) return refuse();
  return (merges as unknown[]).map((merge) => {
    if (typeof merge === "string") return merge;
    const pair = Array.isArray(merge) ? (merge as unknown[]) : [];
    if (pair.length !== 2 || !pair.every((part) => typeof part === "string")) return refuse();
    // A space in a part is told from the one between them by GPT-2's letter for it.
    return pair.map((part) => part.replaceAll(" ", "Ġ")).join(" ");
  });
}
