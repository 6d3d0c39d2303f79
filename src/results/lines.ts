import { constants } from "node:buffer";
import { createReadStream } from "node:fs";
import { FileProblem, fileProblem } from "../util/namedFile.js";
import { byteText } from "../util/byteText.js";

export interface Line {
  readonly bytes: Buffer;
  /** From 1. */
  readonly number: number;
  /** Bytes of the file up to and with this line's end. */
  readonly end: number;
  /** False for text after the last line feed: its writer was stopped in the middle. */
  readonly complete: boolean;
}

const LINE_FEED = 0x0a;
/** As much as a string can hold. */
const MOST_BYTES = constants.MAX_STRING_LENGTH;

/**
 * The lines of a file that may be larger than memory.
 * @throws {FileProblem} where it cannot be read, or a line is larger than a string can be
 */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let rest: Buffer[] = [];
  let held = 0;
  let end = 0;
  let number = 0;
  const line = (last: Buffer, complete: boolean): Line => {
    const bytes = rest.length === 0 ? last : Buffer.concat([...rest, last]);
    rest = [];
    held = 0;
    end += bytes.length;
    return { bytes, number: ++number, end, complete };
  };
  for await (const chunk of chunksOf(path)) {
    let from = 0;
    for (let at = chunk.indexOf(LINE_FEED); at >= 0; at = chunk.indexOf(LINE_FEED, from)) {
      yield line(chunk.subarray(from, at + 1), true);
      from = at + 1;
    }
    if (from === chunk.length) continue;
    rest.push(chunk.subarray(from));
    held += chunk.length - from;
    if (held > MOST_BYTES) {
      throw new FileProblem(`its line ${number + 1} is longer than ${byteText(MOST_BYTES)}`);
    }
  }
  if (rest.length > 0) yield line(Buffer.alloc(0), false);
}

async function* chunksOf(path: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(path, { highWaterMark: 1 << 18 }) as AsyncIterable<Buffer>;
  } catch (error) {
    throw fileProblem(error);
  }
}
