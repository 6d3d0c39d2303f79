import { existsSync } from "node:fs";
import { mkdir, mkdtemp, open, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ModelFiles } from "../../src/index.js";
import type { GgufPlan } from "../../src/importing/gguf/layout.js";
import { encodeText, uint32, uint64 } from "../../src/importing/gguf/metadata.js";
import { openCheckpoint } from "../../src/importing/openCheckpoint.js";
import type { PlannedTensor } from "../../src/importing/tensors/plannedTensor.js";
import { tensorsOf, writeSettings } from "../../test/reference/mplug-owl2/checkpoint.js";
import type { Shape } from "../../test/reference/mplug-owl2/tensors.js";
import { scratch } from "../paths.js";

/** mPLUG-Owl2-7B's. */
const shape: Shape = {
  layers: 32,
  width: 4096,
  heads: 32,
  inner: 11008,
  vision: { layers: 24, width: 1024, heads: 16, inner: 4096, imageSize: 448, patch: 14 },
  abstractor: { layers: 6, heads: 16, inner: 2816, queries: 64 },
};
const ALIGNMENT = 32;

interface Kind {
  /** ggml's numbers of the type, and llama.cpp's of the file. */
  readonly type: number;
  readonly fileType: number;
  /** Of so many numbers. */
  readonly block: number;
  readonly bytes: number;
}
const kinds = {
  F32: { type: 0, fileType: 0, block: 1, bytes: 4 },
  F16: { type: 1, fileType: 1, block: 1, bytes: 2 },
  Q8_0: { type: 8, fileType: 7, block: 32, bytes: 34 },
  Q4_0: { type: 2, fileType: 2, block: 32, bytes: 18 },
} as const satisfies Record<string, Kind>;
export type Weights = "Q8_0" | "Q4_0";

/** A pair of the real shape with random weights, in the folder of the benchmarks; made where it is not there. */
export async function makePair(weights: Weights): Promise<ModelFiles> {
  const name = `mplug-owl2-${weights.toLowerCase()}`;
  const files = { model: join(scratch, `${name}.gguf`), mmproj: join(scratch, `${name}.mmproj.gguf`) };
  if (existsSync(files.model) && existsSync(files.mmproj)) return files;
  await mkdir(scratch, { recursive: true });
  const folder = await mkdtemp(join(tmpdir(), "tonescore-owl2-"));
  try {
    await writeSparse(folder);
    const checkpoint = await openCheckpoint(folder);
    const { text, mmproj } = await checkpoint.family.plan(checkpoint, { weights: "F16" });
    text.metadata.whole("general.file_type", kinds[weights].fileType);
    await write(text, weights, () => true, files.model);
    await write(mmproj, weights, (tensor) => tensor.startsWith("visual."), files.mmproj);
  } finally {
    await rm(folder, { recursive: true });
  }
  return files;
}

/** A checkpoint whose numbers take no room on the disk: only their shapes are read. */
async function writeSparse(folder: string): Promise<void> {
  await writeSettings(folder, shape, "f16");
  let at = 0;
  const described = tensorsOf(shape, false).map(({ name, shape: dimensions }) => {
    const begin = at;
    at += 2 * countOf(dimensions);
    return [name, { dtype: "F16", shape: dimensions, data_offsets: [begin, at] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(described)));
  await using file = await open(join(folder, "model.safetensors"), "w");
  await file.write(Buffer.concat([uint64(header.length), header]));
  await file.truncate(8 + header.length + at);
}

const countOf = (dimensions: readonly number[]): number => dimensions.reduce((a, b) => a * b, 1);

async function write(
  { metadata, tensors }: GgufPlan,
  weights: Weights,
  isSmall: (tensor: string) => boolean,
  path: string,
): Promise<void> {
  const kindOf = ({ name, type }: PlannedTensor): Kind =>
    type === "F32" ? kinds.F32 : kinds[isSmall(name) ? weights : "F16"];
  const sizes = tensors.map((tensor) => {
    const { block, bytes } = kindOf(tensor);
    return Math.ceil(((countOf(tensor.shape) / block) * bytes) / ALIGNMENT) * ALIGNMENT;
  });
  let at = 0;
  const infos = tensors.map((tensor, i) => {
    const dimensions = [...tensor.shape].reverse();
    const place = uint64(at);
    at += sizes[i] ?? 0;
    const lengths = dimensions.map(uint64);
    const { type } = kindOf(tensor);
    return Buffer.concat([encodeText(tensor.name), uint32(lengths.length), ...lengths, uint32(type), place]);
  });
  const counts = [uint32(3), uint64(tensors.length), uint64(metadata.entries.size)];
  const header = Buffer.concat([Buffer.from("GGUF"), ...counts, metadata.encode(), ...infos]);
  const padding = Buffer.alloc((ALIGNMENT - (header.length % ALIGNMENT)) % ALIGNMENT);
  await using file = await open(`${path}.part`, "w");
  await file.appendFile(Buffer.concat([header, padding]));
  for (const [i, tensor] of tensors.entries()) {
    const numbers = noise(kindOf(tensor), tensor);
    for (let left = sizes[i] ?? 0; left > 0; left -= numbers.length)
      await file.appendFile(numbers.subarray(0, left));
  }
  await rename(`${path}.part`, path);
}

/** About a megabyte, which is written again and again: a matrix's keep a product's size, a norm's are 1, a bias's 0. */
function noise({ type, bytes }: Kind, { name, shape: dimensions }: PlannedTensor): Buffer {
  const numbers = Buffer.alloc(bytes * 32 * 1024);
  const size = 1 / Math.sqrt(dimensions.at(-1) ?? 1);
  let state = 1;
  const next = (): number => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 8;
  for (let at = 0; at < numbers.length; at += bytes) {
    const signed = (next() / 2 ** 23 - 1) * size;
    if (dimensions.length === 1) numbers.writeFloatLE(name.endsWith(".bias") ? 0 : 1, at);
    else if (type === kinds.F32.type) numbers.writeFloatLE(signed, at);
    else if (type === kinds.F16.type) numbers.writeUInt16LE(half(signed), at);
    else {
      numbers.writeUInt16LE(half(size / (type === kinds.Q8_0.type ? 64 : 4)), at);
      for (let i = 2; i < bytes; i++) numbers[at + i] = next();
    }
  }
  return numbers;
}

/** The bits of a f16, cut off; what is below its normal range is 0. */
function half(value: number): number {
  const word = new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0;
  const exponent = ((word >>> 23) & 0xff) - 112;
  return exponent <= 0 ? 0 : ((word >>> 16) & 0x8000) | (exponent << 10) | ((word >>> 13) & 0x3ff);
}
