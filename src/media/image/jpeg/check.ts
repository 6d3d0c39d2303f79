import { Damage } from "./bits.js";
import type { NonZero } from "./blocks.js";
import { type Codes, makeCodes } from "./codes.js";
import { unstuff } from "./entropy.js";
import { type Frame, isFrame, readFrame, readScanHeader, type ScanHeader } from "./frame.js";
import { passScan, type Tables } from "./scan.js";

/** `whole`, `unknown` where the picture is coded in a way that is not followed here, or what is damaged. */
export type Verdict = "whole" | "unknown" | { readonly damage: string };

const EOI = 0xd9;
const SOS = 0xda;
const DHT = 0xc4;
const DQT = 0xdb;
const DRI = 0xdd;

/** No writer makes so many, and each costs a walk over all blocks. */
const MOST_SCANS = 200;

const isBare = (marker: number): boolean => marker === 1 || (marker >= 0xd0 && marker <= 0xd8);

function readHuffmanTables(segment: Uint8Array, { dc, ac }: Tables): void {
  for (let at = 0; at + 17 <= segment.length;) {
    const [target = 0] = segment.subarray(at);
    const counts = segment.subarray(at + 1, at + 17);
    const total = counts.reduce((sum, count) => sum + count, 0);
    const symbols = segment.subarray(at + 17, at + 17 + total);
    const forDc = target >> 4 === 0;
    const codes: Codes = makeCodes(counts, symbols, forDc);
    (forDc ? dc : ac).set(target & 15, codes);
    at += 17 + total;
  }
}

function readQuantTables(segment: Uint8Array, { quant }: Tables): void {
  for (let at = 0; at < segment.length;) {
    const [target = 0] = segment.subarray(at);
    const wide = target >> 4 > 0;
    const values = segment.subarray(at + 1, at + (wide ? 129 : 65));
    quant.set(
      target & 15,
      Uint16Array.from({ length: 64 }, (_, k) =>
        Math.max(1, wide ? ((values[2 * k] ?? 0) << 8) | (values[2 * k + 1] ?? 0) : (values[k] ?? 0)),
      ),
    );
    at += wide ? 129 : 65;
  }
}

/** How far each coefficient of each component has come: the lowest bit that is known, 16 where none is. */
class Progress {
  readonly #low: Map<number, Uint8Array>;

  constructor(frame: Frame) {
    this.#low = new Map(frame.components.map(({ id }) => [id, new Uint8Array(64).fill(16)]));
  }

  add({ components, first, last, low }: ScanHeader): void {
    for (const { id } of components) this.#low.get(id)?.fill(low, first, last + 1);
  }

  get complete(): boolean {
    return [...this.#low.values()].every((lows) => lows.every((low) => low === 0));
  }
}

/**
 * Walks through a JPEG's markers and entropy-coded data as a decoder does, but for the arithmetic of pictures.
 * libjpeg hides much of what this finds: it fills what is missing with grey and lets go what is left over.
 * @param data is changed: what it held is of no use afterwards.
 */
export function checkJpeg(data: Uint8Array): Verdict {
  const tables: Tables = { dc: new Map(), ac: new Map(), quant: new Map(), restartInterval: 0 };
  const nonZero = new Map<number, NonZero>();
  let frame: Frame | undefined;
  let progress: Progress | undefined;
  let scans = 0;
  let at = 2;
  const nonZeroOf = (id: number): NonZero => {
    const known = nonZero.get(id);
    if (known) return known;
    const { columns = 0, rows = 0 } = frame?.components.find((component) => component.id === id) ?? {};
    const made = new Uint32Array(2 * columns * rows);
    nonZero.set(id, made);
    return made;
  };
  try {
    for (;;) {
      at = data.indexOf(0xff, at);
      if (at < 0) break;
      while (data[at] === 0xff) at++;
      const marker = data[at++];
      if (marker === undefined || marker === EOI) break;
      if (marker === 0 || isBare(marker)) continue;
      const length = ((data[at] ?? 0) << 8) | (data[at + 1] ?? 0);
      if (length < 2) return "unknown";
      const segment = data.subarray(at + 2, at + length);
      at += length;
      if (marker === DHT) readHuffmanTables(segment, tables);
      else if (marker === DQT) readQuantTables(segment, tables);
      else if (marker === DRI) tables.restartInterval = ((segment[0] ?? 0) << 8) | (segment[1] ?? 0);
      else if (isFrame(marker)) {
        frame = readFrame(marker, segment);
        if (!frame) return "unknown";
        progress = new Progress(frame);
      } else if (marker >= 0xc3 && marker <= 0xcf && marker !== 0xc8 && marker !== 0xcc) return "unknown";
      else if (marker === SOS) {
        const scan = frame && readScanHeader(frame, segment);
        if (!frame || !scan || ++scans > MOST_SCANS) return "unknown";
        const entropy = unstuff(data, at);
        if (!passScan(frame, scan, tables, entropy, data, nonZeroOf)) return "unknown";
        progress?.add(scan);
        at = entropy.next;
      }
    }
  } catch (error) {
    if (error instanceof Damage) return { damage: `scan ${scans} ${error.message}` };
    throw error;
  }
  if (scans === 0) return "unknown";
  return progress?.complete ? "whole" : { damage: "scans are missing" };
}
