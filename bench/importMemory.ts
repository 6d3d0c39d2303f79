/**
 * Prints how much memory an import takes at most, of a checkpoint with the shapes of a published one whose weights are 0 in
 * a sparse file: of this process, which reads and writes, and of the one that quantises (Linux).
 *
 *     npx tsx bench/importMemory.ts qwen2.5-vl [layers]
 *     npx tsx bench/importMemory.ts mplug-owl2 [layers]
 *
 * With fewer layers than all it is quicker, and takes the same: one tensor is in memory at a time.
 */
import { readFileSync } from "node:fs";
import { mkdir, mkdtemp, open, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { importModel } from "../src/importing/importModel.js";
import { byteText } from "../src/util/byteText.js";
import type { BenchModel } from "./import/benchModel.js";
import { mplugOwl2 } from "./import/mplugOwl2.js";
import { qwen25vl } from "./import/qwen25vl.js";

const models: Readonly<Record<string, BenchModel>> = { "qwen2.5-vl": qwen25vl, "mplug-owl2": mplugOwl2 };

/** Weights that take no room on the disk, beside what else a checkpoint has. */
async function writeCheckpoint(folder: string, model: BenchModel, layers: number): Promise<number> {
  await mkdir(folder, { recursive: true });
  await model.writeRest(folder, layers);
  let at = 0;
  const described = [...model.shapes(layers)].map(([name, shape]) => {
    const begin = at;
    at += 2 * shape.reduce((a, b) => a * b, 1);
    return [name, { dtype: "BF16", shape, data_offsets: [begin, at] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(described)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  await using file = await open(join(folder, "model.safetensors"), "w");
  await file.write(Buffer.concat([length, header]));
  await file.truncate(8 + header.length + at);
  return at;
}

/** Kilobytes that the processes which this one started have held at most. */
function childrenPeak(): number {
  try {
    const children = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8")
      .trim()
      .split(" ")
      .filter(Boolean);
    const peaks = children.map(
      (pid) => /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1],
    );
    return Math.max(0, ...peaks.map(Number).filter(Number.isFinite));
  } catch {
    return 0; // one has just ended
  }
}

const [, , name = "", count] = process.argv;
const model = models[name];
if (model === undefined) throw new Error(`Expected one of ${Object.keys(models).join(", ")}`);
const layers = Number(count ?? model.layers);
const folder = await mkdtemp(join(tmpdir(), "tonescore-import-memory-"));
let quantising = 0;
const looking = setInterval(() => {
  quantising = Math.max(quantising, childrenPeak());
}, 100);
try {
  const checkpoint = join(folder, "checkpoint");
  const bytes = await writeCheckpoint(checkpoint, model, layers);
  const target = join(folder, "model");
  await importModel({ folder: checkpoint, target, quantisation: "Q8_0", check: () => Promise.resolve() });
  const reading = process.resourceUsage().maxRSS;
  console.log(`weights of ${byteText(bytes)} in ${layers} layers`);
  console.log(`reading and writing: ${byteText(1024 * reading)} at most`);
  console.log(
    `quantising: ${byteText(1024 * quantising)} at most, the pages of the file that it reads among them`,
  );
} finally {
  clearInterval(looking);
  await rm(folder, { recursive: true, force: true });
}
