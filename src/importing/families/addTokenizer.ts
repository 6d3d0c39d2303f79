import type { Metadata } from "../gguf/metadata.js";
import { readBytePairs } from "../tokenizer/bytePairs.js";
import { readChatTemplate } from "../tokenizer/chatTemplate.js";
import { readSentencePiece, spacePrefix } from "../tokenizer/sentencePiece.js";
import { addSpecialTokens } from "../tokenizer/specialTokens.js";
import { addedTokens, readTokenizerFiles, type TokenizerFiles } from "../tokenizer/tokenizerFiles.js";
import type { Checkpoint } from "./family.js";

/** Takes over a byte-level BPE tokenizer and the chat template. */
export async function addBytePairs(metadata: Metadata, checkpoint: Checkpoint, size: number): Promise<void> {
  const files = await readTokenizerFiles(checkpoint.folder);
  const { texts, kinds, split, merges } = readBytePairs(checkpoint.folder, files, size);
  metadata
    .text("tokenizer.ggml.model", "gpt2")
    .text("tokenizer.ggml.pre", split)
    .texts("tokenizer.ggml.tokens", texts)
    .wholes("tokenizer.ggml.token_type", kinds)
    .texts("tokenizer.ggml.merges", merges);
  await addRest(metadata, checkpoint, files);
}

/** Takes over a tokenizer of SentencePiece and the chat template. */
export async function addSentencePiece(
  metadata: Metadata,
  checkpoint: Checkpoint,
  size: number,
): Promise<void> {
  const files = await readTokenizerFiles(checkpoint.folder);
  const { texts, kinds, scores } = await readSentencePiece(checkpoint.folder, files, size);
  const prefix = spacePrefix(files);
  if (prefix !== undefined) metadata.flag("tokenizer.ggml.add_space_prefix", prefix);
  metadata
    .text("tokenizer.ggml.model", "llama")
    .text("tokenizer.ggml.pre", "default")
    .texts("tokenizer.ggml.tokens", texts)
    .numbers("tokenizer.ggml.scores", scores)
    .wholes("tokenizer.ggml.token_type", kinds);
  await addRest(metadata, checkpoint, files, size);
}

async function addRest(
  metadata: Metadata,
  { folder, config }: Checkpoint,
  files: TokenizerFiles,
  size?: number,
): Promise<void> {
  addSpecialTokens(metadata, files, addedTokens(folder, files), config, size);
  const template = files.config && (await readChatTemplate(folder, files));
  if (template !== undefined) metadata.text("tokenizer.chat_template", template);
}
