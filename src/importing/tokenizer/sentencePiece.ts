import { isRecord } from "../../util/isRecord.js";
import type { CheckpointFolder } from "../checkpoint/folder.js";
import { decodedTokens, token, type TokenizerFiles, wrong } from "./tokenizerFiles.js";
import { addedToken, MOST_TOKENS, padding, tokenKinds, type Tokens } from "./tokens.js";

const FILE = "tokenizer.model";
const MOST_BYTES = 64e6;
/** Of ids that the model has and the tokenizer has not, and of tokens that were added. */
const NEVER = -10000;
const ADDED = -1000;

/**
 * A tokenizer of SentencePiece, with the tokens that were added to it.
 * @param size of the vocabulary, as the model has it: ids without a token are filled up, and further ones left out.
 * @throws {TonescoreError} `ERR_MODEL_INVALID`
 */
export async function readSentencePiece(
  folder: CheckpointFolder,
  files: TokenizerFiles,
  size: number,
): Promise<Required<Tokens>> {
  const bytes = await folder.bytes(FILE, MOST_BYTES);
  if (bytes === undefined) throw wrong(folder, FILE, "nothing is there");
  const texts = Array.from({ length: size }, (_, id) => padding(id));
  const kinds = new Array<number>(size).fill(tokenKinds.unused);
  const scores = new Array<number>(size).fill(NEVER);
  for (const [id, piece] of readPieces(folder, bytes).entries()) {
    if (id >= size) break;
    [texts[id], kinds[id], scores[id]] = [piece.text, piece.kind, piece.score];
  }
  for (const [text, id] of Object.entries((await folder.json("added_tokens.json")) ?? {})) {
    const added = token(folder, "added_tokens.json", id, text, false);
    if (added.id < size)
      [texts[added.id], kinds[added.id], scores[added.id]] = [text, tokenKinds.userDefined, ADDED];
  }
  for (const added of decodedTokens(folder, files)) {
    const { text, kind } = addedToken(added);
    if (added.id < size) [texts[added.id], kinds[added.id], scores[added.id]] = [text, kind, ADDED];
  }
  return { texts, kinds, scores };
}

interface Piece {
  readonly text: string;
  readonly score: number;
  readonly kind: number;
}

/** The pieces of a ModelProto, which are its first field; the rest says how they were found. */
function readPieces(folder: CheckpointFolder, bytes: Buffer): Piece[] {
  const pieces: Piece[] = [];
  try {
    for (const { field, value } of fieldsOf(bytes)) {
      if (field === 1 && Buffer.isBuffer(value)) pieces.push(readPiece(value));
      if (pieces.length > MOST_TOKENS) throw new RangeError();
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw wrong(folder, FILE, "it is damaged, or no tokenizer of SentencePiece");
  }
  if (pieces.length === 0) throw wrong(folder, FILE, "it has no pieces");
  return pieces;
}

function readPiece(bytes: Buffer): Piece {
  let [text, score, kind] = ["", 0, tokenKinds.normal as number];
  for (const { field, value } of fieldsOf(bytes)) {
    if (field === 1 && Buffer.isBuffer(value)) text = value.toString("utf8");
    else if (field === 2 && Buffer.isBuffer(value) && value.length === 4) score = value.readFloatLE();
    else if (field === 3 && typeof value === "number") kind = value;
  }
  const kept: readonly number[] = [
    tokenKinds.unknown,
    tokenKinds.control,
    tokenKinds.unused,
    tokenKinds.byte,
  ];
  return { text, score, kind: kept.includes(kind) ? kind : tokenKinds.normal };
}

interface Field {
  readonly field: number;
  readonly value: number | Buffer;
}

/** The fields of a message of protocol buffers. @throws {RangeError} where it is damaged */
function* fieldsOf(bytes: Buffer): Generator<Field> {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let power = 1; power < 2 ** 70; power *= 128) {
      const byte = bytes.readUInt8(at++);
      value += (byte & 0x7f) * power;
      if (byte < 0x80) return value;
    }
    throw new RangeError();
  };
  const take = (length: number): Buffer => {
    if (length > bytes.length - at) throw new RangeError();
    at += length;
    return bytes.subarray(at - length, at);
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = Math.floor(tag / 8);
    const wire = tag % 8;
    if (wire === 0) yield { field, value: varint() };
    else if (wire === 1) yield { field, value: take(8) };
    else if (wire === 2) yield { field, value: take(varint()) };
    else if (wire === 5) yield { field, value: take(4) };
    else throw new RangeError();
  }
}

/** Whether a space is put before every text, where the checkpoint says it. */
export function spacePrefix({ config }: TokenizerFiles): boolean | undefined {
  const said = isRecord(config) ? config.add_prefix_space : undefined;
  return typeof said === "boolean" ? said : undefined;
}
