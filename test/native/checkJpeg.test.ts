import { expect } from "chai";
import sharp, { type JpegOptions, type Sharp } from "sharp";
import { nativeAddon } from "../../src/native/load.js";

/** A picture with something in every block: waves that grow shorter, and colours that drift. */
function waves(width = 203, height = 151): Sharp {
  const data = Buffer.alloc(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const wave = 100 * Math.sin((x * x) / 900 + y / 9);
    data.set([128 + wave, 128 + 0.6 * wave + (x % 40), 255 - ((x + y) % 256)].map(Math.round), 3 * i);
  }
  return sharp(data, { raw: { width, height, channels: 3 } });
}

const EOI = Buffer.from([0xff, 0xd9]);

const checked = (bytes: Uint8Array): Promise<string> => nativeAddon().checkJpeg(bytes);

/** Where a marker of this code stands, searched from a place on. */
const marker = (bytes: Buffer, code: number, from = 0): number =>
  bytes.indexOf(Buffer.from([0xff, code]), from);

/** Where the entropy-coded data of the first scan begins. */
function scanStart(bytes: Buffer): number {
  const at = marker(bytes, 0xda);
  return at + 2 + bytes.readUInt16BE(at + 2);
}

/**
 * A grey baseline JPEG of flat blocks, 8 by 8 pixels each, with a restart marker after every `interval` blocks: all
 * blocks are as grey as the first, so each is the two bits 00 (no difference) and 1010 (no more).
 */
function restarting(blocks: number, interval: number): Buffer {
  const segment = (code: number, ...body: number[]): number[] => [0xff, code, 0, body.length + 2, ...body];
  const table = (target: number, counts: Record<number, number>, ...symbols: number[]): number[] =>
    segment(0xc4, target, ...Array.from({ length: 16 }, (_, i) => counts[i + 1] ?? 0), ...symbols);
  const head = [
    ...[0xff, 0xd8, ...segment(0xdb, 0, ...Array<number>(64).fill(1))],
    ...segment(0xc0, 8, 0, 8, blocks >> 5, (8 * blocks) & 255, 1, 1, 0x11, 0),
    ...[...table(0, { 2: 1 }, 0), ...table(0x10, { 4: 1 }, 0)],
    ...[...segment(0xdd, 0, interval), ...segment(0xda, 1, 1, 0, 0, 63, 0)],
  ];
  const parts: number[] = [];
  for (let done = 0, part = 0; done < blocks; done += interval, part++) {
    const bits = "000000".repeat(Math.min(interval, blocks - done));
    const whole = bits.padEnd(8 * Math.ceil(bits.length / 8), "1");
    if (part > 0) parts.push(0xff, 0xd0 + ((part - 1) % 8));
    for (let at = 0; at < whole.length; at += 8) parts.push(parseInt(whole.slice(at, at + 8), 2));
  }
  return Buffer.from([...head, ...parts, 0xff, 0xd9]);
}

describe("checkJpeg", () => {
  const forms: Readonly<Record<string, (image: Sharp, options?: JpegOptions) => Sharp>> = {
    baseline: (image) => image.jpeg({ quality: 90 }),
    "4:4:4": (image) => image.jpeg({ quality: 75, chromaSubsampling: "4:4:4" }),
    grey: (image) => image.greyscale().jpeg(),
    ink: (image) => image.toColourspace("cmyk").jpeg(),
    progressive: (image) => image.jpeg({ progressive: true }),
    "grey, progressive": (image) => image.greyscale().jpeg({ progressive: true }),
    mozjpeg: (image) => image.jpeg({ mozjpeg: true, quality: 60 }),
  };

  for (const [form, encode] of Object.entries(forms)) {
    it(`finds ${form} whole, at any quality and size`, async () => {
      for (const [width, height] of [
        [203, 151],
        [1, 1],
        [8, 17],
        [64, 48],
      ] as const) {
        const bytes = await encode(waves(width, height)).toBuffer();
        expect(await checked(bytes), `${width}×${height}`).to.equal("whole");
      }
    });

    it(`finds what is missing, overwritten or moved in ${form}`, async () => {
      const bytes = await encode(waves()).toBuffer();
      const start = scanStart(bytes);
      const length = bytes.length - start;
      for (let i = 1; i < 10; i++) {
        const at = start + Math.floor((i * length) / 10);
        const hole = Buffer.from(bytes).fill(0, at, Math.min(at + 1024, bytes.length - 2));
        const half = Buffer.concat([bytes.subarray(0, at), EOI]);
        const removed = Buffer.concat([bytes.subarray(0, at - 300), bytes.subarray(at)]);
        for (const damaged of [hole, half, removed, bytes.subarray(0, at)]) {
          expect(await checked(damaged), `${i}`).not.to.equal("whole");
        }
      }
    });
  }

  it("is content with extra bytes before markers and after the end, and without the end marker", async () => {
    const bytes = await waves().jpeg().toBuffer();
    const table = marker(bytes, 0xdb);
    const junk = Buffer.from([0, 1, 2, 0xff, 0, 3]);
    expect(await checked(Buffer.concat([bytes.subarray(0, table), junk, bytes.subarray(table)]))).to.equal(
      "whole",
    );
    expect(await checked(Buffer.concat([bytes, junk, bytes]))).to.equal("whole");
    expect(await checked(bytes.subarray(0, -2))).to.equal("whole");
    const filled = Buffer.concat([bytes.subarray(0, -2), Buffer.alloc(5, 0xff), EOI]);
    expect(await checked(filled)).to.equal("whole");
  });

  it("counts the parts between restart markers, and looks at their order", async () => {
    const bytes = restarting(40, 4);
    expect(await checked(bytes)).to.equal("whole");
    const [first, second] = [marker(bytes, 0xd0), marker(bytes, 0xd1)];
    const missing = Buffer.concat([bytes.subarray(0, first), bytes.subarray(second)]);
    expect(await checked(missing)).not.to.be.oneOf(["whole", "unknown"]);
    const swapped = Buffer.from(bytes);
    swapped.writeUInt8(0xd1, first + 1);
    expect(await checked(swapped)).to.equal("scan 1 has its parts in disorder");
    const short = Buffer.concat([bytes.subarray(0, first - 1), bytes.subarray(first)]);
    expect(await checked(short)).to.equal("scan 1 ends too early");
    const trailing = Buffer.concat([bytes.subarray(0, -2), Buffer.from([0xff, 0xd1]), EOI]);
    expect(await checked(trailing)).to.equal("whole");
  });

  it("misses no scan of a progressive picture", async () => {
    const bytes = await waves().jpeg({ progressive: true }).toBuffer();
    const scans: number[] = [];
    for (let at = marker(bytes, 0xda); at >= 0; at = marker(bytes, 0xda, at + 1)) scans.push(at);
    expect(scans.length).to.be.above(3);
    for (const at of scans.slice(1)) {
      const cut = Buffer.concat([bytes.subarray(0, at), EOI]);
      expect(await checked(cut)).not.to.be.oneOf(["whole", "unknown"]);
    }
  });

  it("says that it cannot tell where the coding is another, or nothing is there", async () => {
    expect(await checked(Buffer.from([0xff, 0xd8, 0xff, 0xd9]))).to.equal("unknown");
    const arithmetic = restarting(8, 8);
    arithmetic.writeUInt8(0xc9, marker(arithmetic, 0xc0) + 1);
    expect(await checked(arithmetic)).to.equal("unknown");
    const tableless = restarting(8, 8);
    tableless.writeUInt8(0xfe, marker(tableless, 0xc4) + 1);
    expect(await checked(tableless)).to.equal("unknown");
  });

  it("comes to an end on random bytes, and on headers that promise too much", async () => {
    const bytes = await waves(64, 48).jpeg({ progressive: true }).toBuffer();
    let seed = 1;
    const random = (below: number): number => {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      return Math.floor((seed / 2 ** 32) * below);
    };
    for (let i = 0; i < 500; i++) {
      const mutant = Buffer.from(bytes);
      for (let n = random(8); n >= 0; n--) mutant[2 + random(mutant.length - 2)] = random(256);
      expect(await checked(mutant)).to.match(/^(whole|unknown|scan \d+ .+|scans are missing)$/);
    }
  });
});
