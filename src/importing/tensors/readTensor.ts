import type { FileHandle } from "node:fs/promises";
import { byteText } from "../../util/byteText.js";
import { damaged, invalid } from "../checkpoint/invalid.js";
import { widthOf } from "../checkpoint/storedTensor.js";
import { convert, mapNumbers } from "./convert.js";
import type { InputFile } from "../gguf/inputFile.js";
import { isCopy, type PlannedTensor, type PlannedCopy } from "./plannedTensor.js";
import type { Run } from "./rearrange.js";

/** Bytes in memory at once; a multiple of every number's width. */
const CHUNK = 16 << 20;
/** What is rearranged is read whole: a few times what the largest models have. */
const MOST_REARRANGED = 512 << 20;

/**
 * The bytes of a planned tensor, piece by piece.
 * @throws {TonescoreError} `ERR_MODEL_INVALID` where its file ends too early, or it is too large to rearrange.
 */
export async function* readTensor(tensor: PlannedTensor, input: InputFile): AsyncGenerator<Buffer> {
  if (isCopy(tensor)) yield* readCopy(tensor, await input.open(tensor.source.file));
  else if ("values" in tensor.source) {
    const { buffer, byteOffset, byteLength } = tensor.source.values;
    yield convert(Buffer.from(buffer, byteOffset, byteLength), "F32", tensor.type);
  }
}

async function* readCopy(tensor: PlannedCopy, file: FileHandle): AsyncGenerator<Buffer> {
  const { source, select } = tensor;
  const width = widthOf(source.type);
  const numbers = source.shape.reduce((a, b) => a * b, 1);
  if (select === undefined) {
    for (let at = 0; at < numbers * width; at += CHUNK) {
      yield finish(tensor, await read(file, tensor, at, Math.min(CHUNK, numbers * width - at)));
    }
    return;
  }
  if (numbers * width > MOST_REARRANGED) {
    const what = `at most ${byteText(MOST_REARRANGED)} in a tensor whose rows are put in another order`;
    throw invalid(what, `${tensor.name} has ${byteText(numbers * width)}`);
  }
  const whole = await read(file, tensor, 0, numbers * width);
  yield finish(tensor, rearranged(whole, select(), width));
}

function finish({ source, type, map }: PlannedCopy, bytes: Buffer): Buffer {
  return map ? convert(mapNumbers(bytes, source.type, map), "F32", type) : convert(bytes, source.type, type);
}

async function read(
  file: FileHandle,
  { source, name }: PlannedCopy,
  from: number,
  length: number,
): Promise<Buffer> {
  const bytes = Buffer.allocUnsafeSlow(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, source.offset + from + done);
    if (bytesRead === 0) throw invalid(`${name} whole in "${source.file}"`, "the file ends before", damaged);
    done += bytesRead;
  }
  return bytes;
}

function rearranged(whole: Buffer, runs: Iterable<Run>, width: number): Buffer {
  const pieces: Run[] = [...runs];
  const made = Buffer.allocUnsafeSlow(pieces.reduce((sum, [, count]) => sum + count * width, 0));
  let at = 0;
  for (const [start, count] of pieces) {
    whole.copy(made, at, start * width, (start + count) * width);
    at += count * width;
  }
  return made;
}
