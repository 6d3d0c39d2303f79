import { createReadStream } from "node:fs";

export interface Line {
  readonly text: string;
  /** Bytes of the file up to and with this line's end. */
  readonly end: number;
  /** False for text after the last line feed: its writer was stopped in the middle. */
  readonly complete: boolean;
}

const lineFeed = 0x0a;

/** The lines of a file that may be larger than memory. */
export async function* readLines(path: string): AsyncGenerator<Line> {
  let rest: Buffer[] = [];
  let end = 0;
  const line = (last: Buffer, complete: boolean): Line => {
    const bytes = Buffer.concat([...rest, last]);
    rest = [];
    end += bytes.length;
    return { text: bytes.toString("utf8"), end, complete };
  };
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      yield line(chunk.subarray(from, at + 1), true);
      from = at + 1;
    }
    if (from < chunk.length) rest.push(chunk.subarray(from));
  }
  if (rest.length > 0) yield line(Buffer.alloc(0), false);
}
