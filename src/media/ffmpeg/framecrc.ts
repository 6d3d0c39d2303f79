/** One stream of ffmpeg's framecrc format, as its header tells of it. */
export interface FramecrcStream {
  /** Seconds per tick, as a fraction. */
  readonly timeBase: Fraction;
  readonly codec: string;
  readonly width: number;
  readonly height: number;
  /** Width of a pixel over its height; 1 where it is not known. */
  readonly pixelAspect: number;
}

export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

/** One packet or frame. Times are ticks of its stream, absent where it has none. */
export interface FramecrcRow {
  readonly stream: number;
  readonly dts: number | undefined;
  readonly pts: number | undefined;
  readonly duration: number;
  /** Bytes. */
  readonly size: number;
  /** True for packets that decoding can begin with, as the file says, and for frames. */
  readonly isKey: boolean;
  /** True for packets that are decoded for others only, as before the cut of an edit list. */
  readonly isHidden: boolean;
}

const LONGEST_LINE = 4096;

const pair = (value: string, between: string): [number, number] => {
  const [first = NaN, second = NaN] = value.split(between, 2).map(Number);
  return [first, second];
};

/** What ffmpeg prints for a time that is not there: the smallest of all 64-bit numbers. */
function tick(field: string | undefined): number | undefined {
  const value = Number(field ?? NaN);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Of a packet's flags, as libavcodec numbers them. A line has none where the first is the only one. */
const KEY = 1;
const DISCARD = 4;

function toRow(line: string): FramecrcRow {
  const [stream, dts, pts, duration, size, , ...others] = line.split(",");
  const given = others.find((field) => field.startsWith(" F=0x"));
  const flags = given === undefined ? KEY : parseInt(given.slice(5), 16);
  return {
    stream: Number(stream),
    dts: tick(dts),
    pts: tick(pts),
    duration: tick(duration) ?? 0,
    size: tick(size) ?? 0,
    isKey: (flags & KEY) !== 0,
    isHidden: (flags & DISCARD) !== 0,
  };
}

/**
 * Reads the framecrc format, of which ffmpeg writes every line itself: numbers, and names of its own codecs. No
 * text of a file comes into it.
 */
export class Framecrc {
  readonly streams: FramecrcStream[] = [];
  #rest = "";

  /** Reads it through, and gives its rows as they come. */
  async *rows(pipe: AsyncIterable<Uint8Array>): AsyncGenerator<FramecrcRow, void, undefined> {
    for await (const chunk of pipe) {
      const lines = (this.#rest + Buffer.from(chunk).toString("latin1")).split("\n");
      this.#rest = (lines.pop() ?? "").slice(0, LONGEST_LINE);
      for (const line of lines) {
        if (line.startsWith("#")) this.#readHeader(line);
        else if (line !== "") yield toRow(line);
      }
    }
  }

  /** Reads it through for its header and the rows, all at once. */
  async readThrough(pipe: AsyncIterable<Uint8Array>): Promise<FramecrcRow[]> {
    const rows: FramecrcRow[] = [];
    for await (const row of this.rows(pipe)) rows.push(row);
    return rows;
  }

  #readHeader(line: string): void {
    const [, name, stream, value = ""] = /^#(\w+) (\d+): (.*)$/.exec(line) ?? [];
    const index = Number(stream ?? NaN);
    if (Number.isNaN(index)) return;
    const [first, second] = pair(value, name === "dimensions" ? "x" : "/");
    const known = this.streams[index] ?? NOTHING_KNOWN;
    if (name === "tb")
      this.streams[index] = { ...known, timeBase: { numerator: first, denominator: second } };
    if (name === "codec_id") this.streams[index] = { ...known, codec: value };
    if (name === "dimensions") this.streams[index] = { ...known, width: first, height: second };
    if (name === "sar") this.streams[index] = { ...known, pixelAspect: first / second || 1 };
  }
}

const NOTHING_KNOWN: FramecrcStream = {
  timeBase: { numerator: NaN, denominator: NaN },
  codec: "",
  width: 0,
  height: 0,
  pixelAspect: 1,
};

/** Seconds, by one rounding: 2.8, not 2.8000000000000003. */
export const seconds = (ticks: number, { numerator, denominator }: Fraction): number =>
  (ticks * numerator) / denominator;
