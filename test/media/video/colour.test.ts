import { readFile, writeFile } from "node:fs/promises";
import { expect } from "chai";
import { failure, framesOf, expectNear, ffmpeg, pixel, scratch } from "../helpers.js";

type Rgb = readonly [number, number, number];

/** Eight bars, 16 pixels wide. */
const bars: readonly Rgb[] = [
  [255, 255, 255],
  [191, 191, 0],
  [0, 191, 191],
  [0, 191, 0],
  [191, 0, 191],
  [191, 0, 0],
  [0, 0, 191],
  [0, 0, 0],
];

/** The weights of red and blue in luma. */
const matrices = { bt601: [0.299, 0.114], bt709: [0.2126, 0.0722] } as const;

/** A planar YUV 4:4:4 picture of the bars, by the definition of the matrix. */
function yuvBars(
  matrix: keyof typeof matrices,
  range: "tv" | "pc",
  width: number,
  height: number,
): Uint8Array {
  const [kr, kb] = matrices[matrix];
  const [black, luma, chroma] = range === "tv" ? [16, 219, 224] : [0, 255, 255];
  const planes = Buffer.alloc(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    const [r, g, b] = (bars[Math.floor(((i % width) * bars.length) / width)] ?? [0, 0, 0]).map(
      (v) => v / 255,
    ) as [number, number, number];
    const y = kr * r + (1 - kr - kb) * g + kb * b;
    planes[i] = Math.round(black + luma * y);
    planes[i + width * height] = Math.round(128 + (chroma * (b - y)) / (2 * (1 - kb)));
    planes[i + 2 * width * height] = Math.min(255, Math.round(128 + (chroma * (r - y)) / (2 * (1 - kr))));
  }
  return planes;
}

interface Coding {
  readonly matrix: keyof typeof matrices;
  readonly range?: "tv" | "pc";
  readonly tags?: string;
  readonly format?: string;
  readonly size?: readonly [number, number];
}

describe("openVideo: colours", () => {
  const at = scratch();

  async function expectBars({
    matrix,
    range = "tv",
    tags = "",
    format = "yuv420p",
    size = [128, 32],
  }: Coding): Promise<void> {
    const [width, height] = size;
    const input = `-f rawvideo -pix_fmt yuv444p -s ${width}x${height} -i pipe:0`;
    // The ranges cancel out: samples are moved as they are, and the tags say what they mean.
    const move = "-vf scale=in_range=tv:out_range=tv:flags=accurate_rnd+full_chroma_int";
    const output = `${move} -pix_fmt ${format} -c:v ffv1 -color_range ${range} ${tags} ${at("bars.mkv")}`;
    await ffmpeg(`${input} ${output.replace(/ +/g, " ")}`, yuvBars(matrix, range, width, height));
    const [frame] = await framesOf(at("bars.mkv"));
    if (!frame) throw new Error("no frame");
    const step = width / bars.length;
    bars.forEach((bar, i) => {
      expectNear(pixel(frame, Math.floor((i + 0.5) * step), height >> 1), bar, 3);
    });
    expect(frame.treatment).to.deep.equal([]);
  }

  it("reads BT.601 and BT.709 as the stream says", async () => {
    await expectBars({ matrix: "bt601", tags: "-colorspace smpte170m" });
    await expectBars({ matrix: "bt709", tags: "-colorspace bt709" });
  });

  it("takes BT.601 for small and BT.709 for big pictures that do not say", async () => {
    await expectBars({ matrix: "bt601", size: [640, 480] });
    await expectBars({ matrix: "bt709", size: [1280, 720] });
    await expectBars({ matrix: "bt709", size: [608, 1080] });
  });

  it("reads full range", async () => {
    await expectBars({ matrix: "bt709", range: "pc", tags: "-colorspace bt709" });
  });

  it("reads 4:2:2, 4:4:4 and 10 bits", async () => {
    for (const format of ["yuv422p", "yuv444p", "yuv420p10le", "yuv422p10le"]) {
      await expectBars({ matrix: "bt709", tags: "-colorspace bt709", format });
    }
  });
});

describe("openVideo: HDR and wide gamuts", () => {
  const at = scratch();

  /** One grey or coloured 10-bit limited-range picture; luma and chroma as codes of 10 bits. */
  async function decoded(code: Rgb, tags: string): Promise<{ rgb: number[]; treatment: readonly string[] }> {
    const planes = code.map((value) => Buffer.from(new Uint16Array(32 * 32).fill(value).buffer));
    const input = "-f rawvideo -pix_fmt yuv444p10le -s 32x32 -i pipe:0";
    await ffmpeg(`${input} -c:v ffv1 -color_range tv ${tags} ${at("hdr.mkv")}`, Buffer.concat(planes));
    const [frame] = await framesOf(at("hdr.mkv"));
    if (!frame) throw new Error("no frame");
    return { rgb: pixel(frame, 16, 16), treatment: frame.treatment };
  }

  const bt2020 = "-colorspace bt2020nc -color_primaries bt2020";
  const pq = `${bt2020} -color_trc smpte2084`;
  const hlg = `${bt2020} -color_trc arib-std-b67`;
  const luma = (signal: number): Rgb => [Math.round(64 + 876 * signal), 512, 512];

  /** The PQ signal for a luminance, SMPTE ST 2084. */
  function pqSignal(nits: number): number {
    const y = (nits / 10000) ** 0.1593017578125;
    return ((0.8359375 + 18.8515625 * y) / (1 + 18.6875 * y)) ** 78.84375;
  }

  const srgb = (linear: number): number => 255 * (1.055 * linear ** (1 / 2.4) - 0.055);

  it("keeps the dark half of PQ as bright as it is in SDR", async () => {
    const { rgb, treatment } = await decoded(luma(pqSignal(26)), pq);
    expectNear(rgb, Array(3).fill(srgb(26 / 203)) as number[], 3);
    expect(treatment).to.deep.equal(["tone-mapped", "bt2020→srgb"]);
  });

  it("leaves room above PQ's reference white, and clips at 1000 nits", async () => {
    expectNear((await decoded(luma(pqSignal(203)), pq)).rgb, [215, 215, 215], 4);
    expectNear((await decoded(luma(pqSignal(1000)), pq)).rgb, [255, 255, 255], 3);
    expectNear((await decoded(luma(0), pq)).rgb, [0, 0, 0], 2);
  });

  it("puts HLG's reference white where PQ's is", async () => {
    const { rgb, treatment } = await decoded(luma(0.75), hlg);
    expectNear(rgb, [215, 215, 215], 6);
    expect(treatment).to.deep.equal(["tone-mapped", "bt2020→srgb"]);
  });

  it("brings BT.2020 in SDR into sRGB, and leaves greys alone", async () => {
    const tags = `${bt2020} -color_trc bt709`;
    const grey = await decoded(luma(0.5), tags);
    expectNear(grey.rgb, [128, 128, 128], 2);
    expect(grey.treatment).to.deep.equal(["bt2020→srgb"]);
    // sRGB's (200, 80, 60) under BT.709's curve, in BT.2020's primaries and matrix.
    expectNear((await decoded([444, 429, 643], tags)).rgb, [200, 80, 60], 4);
  });

  it("reads ICtCp, of which swscale knows nothing", async () => {
    // Linear light in sRGB's primaries, below where highlights are compressed.
    const linear = [0.12, 0.05, 0.02] as const;
    const mixed = (weights: readonly number[], values: readonly number[]): number =>
      weights.reduce((sum, weight, i) => sum + weight * (values[i] ?? 0), 0);
    const wide = [
      [0.6274, 0.3293, 0.0433],
      [0.0691, 0.9195, 0.0114],
      [0.0164, 0.088, 0.8956],
    ].map((row) => 203 * mixed(row, linear));
    const lms = [
      [1688, 2146, 262],
      [683, 2951, 462],
      [99, 309, 3688],
    ].map((row) => pqSignal(mixed(row, wide) / 4096));
    const i = mixed([0.5, 0.5, 0], lms);
    const ct = mixed([6610, -13613, 7003], lms) / 4096;
    const cp = mixed([17933, -17390, -543], lms) / 4096;
    const code = [64 + 876 * i, 512 + 896 * ct, 512 + 896 * cp].map(Math.round);
    const tags = "-colorspace ictcp -color_primaries bt2020 -color_trc smpte2084";
    const { rgb, treatment } = await decoded(code as unknown as Rgb, tags);
    expectNear(rgb, linear.map(srgb), 4);
    expect(treatment).to.deep.equal(["tone-mapped", "bt2020→srgb"]);
  });

  it("reads YCgCo, which swscale takes for another", async () => {
    const [r, g, b] = [200 / 255, 80 / 255, 60 / 255] as const;
    const [y, cg, co] = [r / 4 + g / 2 + b / 4, g / 2 - r / 4 - b / 4, (r - b) / 2];
    const code: Rgb = [Math.round(64 + 876 * y), Math.round(512 + 896 * cg), Math.round(512 + 896 * co)];
    const { rgb, treatment } = await decoded(
      code,
      "-colorspace ycgco -color_primaries bt709 -color_trc bt709",
    );
    expectNear(rgb, [200, 80, 60], 3);
    expect(treatment).to.deep.equal([]);
  });

  it("brings linear light to sRGB's curve", async () => {
    const tags = "-colorspace bt709 -color_primaries bt709 -color_trc linear";
    const { rgb, treatment } = await decoded(luma(0.2), tags);
    expectNear(rgb, Array(3).fill(srgb(0.2)) as number[], 3);
    expect(treatment).to.deep.equal(["linear→srgb"]);
  });
});

describe("openVideo: colours that cannot be shown", () => {
  const at = scratch();

  it("refuses matrices that no filter knows, by name", async () => {
    await ffmpeg(`-f lavfi -i color=red:s=32x32:d=0.2 -c:v ffv1 -colorspace smpte2085 ${at("odd.mkv")}`);
    expect((await failure(framesOf(at("odd.mkv")), "ERR_INPUT_UNSUPPORTED")).message).to.include("YDzDx");
  });

  /** A clip whose header has a box that says which profile of Dolby Vision it is. */
  async function dolbyVision(profile: number, compatibility: number): Promise<string> {
    await ffmpeg(`-f lavfi -i color=red:s=32x32:d=0.2:r=5 -c:v mpeg4 ${at("plain.mp4")}`);
    let bytes = await readFile(at("plain.mp4"));
    const box = Buffer.alloc(32);
    box.writeUInt32BE(32);
    box.write("dvcC", 4, "latin1");
    box.set([1, 0, profile << 1, (1 << 3) | 5, compatibility << 4], 8);
    const starts = ["moov", "trak", "mdia", "minf", "stbl", "stsd", "mp4v"].map(
      (name) => bytes.indexOf(name, 0, "latin1") - 4,
    );
    const entry = starts.at(-1) ?? 0;
    const end = entry + bytes.readUInt32BE(entry);
    for (const start of starts) bytes.writeUInt32BE(bytes.readUInt32BE(start) + 32, start);
    bytes = Buffer.concat([bytes.subarray(0, end), box, bytes.subarray(end)]);
    await writeFile(at("dolby.mp4"), bytes);
    return at("dolby.mp4");
  }

  it("refuses Dolby Vision that has no other colours beneath it", async () => {
    const { message } = await failure(framesOf(await dolbyVision(5, 0)), "ERR_INPUT_UNSUPPORTED");
    expect(message).to.include("Dolby Vision profile 5");
    await failure(framesOf(await dolbyVision(10, 0)), "ERR_INPUT_UNSUPPORTED");
    for (const [profile, compatibility] of [
      [8, 1],
      [7, 6],
      [8, 4],
    ] as const)
      expect(await framesOf(await dolbyVision(profile, compatibility))).to.have.length(1);
  });
});
