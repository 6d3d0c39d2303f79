/** A box of an MP4 file. */
export interface Box {
  readonly type: string;
  /** With its head of eight bytes. */
  readonly bytes: Buffer;
}

/** Boxes are parted from the rest at their ends, however the bytes arrive; one of more than `most` bytes ends it. */
export async function* readBoxes(
  stream: AsyncIterable<Uint8Array>,
  most: number,
): AsyncGenerator<Box, void, undefined> {
  let chunks: Uint8Array[] = [];
  let [size, needed] = [0, 8];
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size < needed) continue;
    let rest = Buffer.concat(chunks);
    while (rest.length >= 8) {
      needed = rest.readUInt32BE(0);
      if (needed < 8 || needed > most) return;
      if (rest.length < needed) break;
      yield { type: rest.toString("latin1", 4, 8), bytes: rest.subarray(0, needed) };
      rest = rest.subarray(needed);
    }
    if (rest.length < 8) needed = 8;
    [chunks, size] = [[rest], rest.length];
  }
}

/** One packet of the only track of an MP4 stream; times in ticks of that track. */
export interface Sample {
  readonly bytes: Uint8Array;
  readonly dts: number;
  readonly pts: number;
  readonly duration: number;
  readonly isKey: boolean;
}

function box(type: string, ...contents: readonly Uint8Array[]): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(contents.reduce((size, content) => size + content.length, 8));
  head.write(type, 4, "latin1");
  return Buffer.concat([head, ...contents]);
}

/** 32-bit words, the first of which holds a version and flags. */
function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length);
  values.forEach((value, index) => bytes.writeInt32BE(value | 0, 4 * index));
  return bytes;
}

const BASE_IS_MOOF = 0x020000;
const ONE_SAMPLE = 0x01000f01; // version 1, with the data's offset, duration, size, flags and the time it is shown
const NO_KEY = 0x01010000;
const IS_KEY = 0x02000000;

/** The head of a fragment that holds one sample, whose bytes follow it: ISO/IEC 14496-12, 8.8. */
export function fragmentHead({ bytes, dts, pts, duration, isKey }: Sample, sequence: number): Buffer {
  const moof = (offset: number): Buffer =>
    box(
      "moof",
      box("mfhd", words(0, sequence)),
      box(
        "traf",
        box("tfhd", words(BASE_IS_MOOF, 1)),
        box("tfdt", words(0x01000000, Math.floor(dts / 2 ** 32), dts)),
        box("trun", words(ONE_SAMPLE, 1, offset, duration, bytes.length, isKey ? IS_KEY : NO_KEY, pts - dts)),
      ),
    );
  const mdat = words(8 + bytes.length, 0x6d646174);
  return Buffer.concat([moof(moof(0).length + mdat.length), mdat]);
}
