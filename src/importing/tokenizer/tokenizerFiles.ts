import { join } from "node:path";
import { isRecord } from "../../util/isRecord.js";
import type { CheckpointFolder } from "../checkpoint/folder.js";
import { invalid } from "../checkpoint/invalid.js";
import { type AddedToken, MOST_TOKENS } from "./tokens.js";

type Json = Readonly<Record<string, unknown>>;

/** What a checkpoint says of its tokenizer, beside the pieces of SentencePiece. */
export interface TokenizerFiles {
  readonly tokenizer: Json | undefined;
  readonly config: Json | undefined;
}

export async function readTokenizerFiles(folder: CheckpointFolder): Promise<TokenizerFiles> {
  return {
    tokenizer: await folder.json("tokenizer.json"),
    config: await folder.json("tokenizer_config.json"),
  };
}

/** The tokens that tokenizer.json lists as added. @throws {TonescoreError} `ERR_MODEL_INVALID` */
export function addedTokens(folder: CheckpointFolder, { tokenizer }: TokenizerFiles): AddedToken[] {
  const listed = tokenizer?.added_tokens ?? [];
  if (!Array.isArray(listed)) throw wrong(folder, "tokenizer.json", "added_tokens is no list");
  return (listed as unknown[]).map((each) => {
    const { id, content, special } = isRecord(each) ? each : {};
    return token(folder, "tokenizer.json", id, content, special);
  });
}

/** The tokens that tokenizer_config.json lists as added. @throws {TonescoreError} `ERR_MODEL_INVALID` */
export function decodedTokens(folder: CheckpointFolder, { config }: TokenizerFiles): AddedToken[] {
  const listed = config?.added_tokens_decoder ?? {};
  const file = "tokenizer_config.json";
  if (!isRecord(listed)) throw wrong(folder, file, "added_tokens_decoder is no object");
  return Object.entries(listed).map(([id, each]) => {
    const { content, special } = isRecord(each) ? each : {};
    return token(folder, file, Number(id), content, special);
  });
}

export function token(
  folder: CheckpointFolder,
  file: string,
  id: unknown,
  text: unknown,
  special: unknown,
): AddedToken {
  const known = typeof id === "number" && Number.isInteger(id) && id >= 0 && id < MOST_TOKENS;
  if (!known || typeof text !== "string") throw wrong(folder, file, "an added token has no id or no text");
  return { id, text, special: special === true };
}

export const wrong = (folder: CheckpointFolder, file: string, but: string): Error =>
  invalid(`a tokenizer in "${join(folder.path, file)}"`, but);
