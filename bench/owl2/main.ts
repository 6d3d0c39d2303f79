/**
 * Prints what a picture takes with an mPLUG-Owl2 of the real shape and random weights, in time and in memory (Linux):
 *
 *     npx tsx bench/owl2/main.ts Q8_0
 *     npx tsx bench/owl2/main.ts Q4_0
 *
 * The pair is written into build/bench first: 9.1 GB for Q8_0, 5.2 GB for Q4_0.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createScorer } from "../../src/index.js";
import { byteText } from "../../src/util/byteText.js";
import { examples } from "../paths.js";
import { makePair, type Weights } from "./makePair.js";

const pictures = ["rider.jpg", "rider-blurred.jpg", "rider-compressed.jpg"].map((name) =>
  join(examples, name),
);

/** Of all threads of this process. */
const cpuSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function timed<Value>(what: string, job: () => Promise<Value>): Promise<Value> {
  const [wall, cpu] = [performance.now(), cpuSeconds()];
  const value = await job();
  const seconds = (performance.now() - wall) / 1000;
  console.log(`${what}: ${seconds.toFixed(1)} s, of processors ${(cpuSeconds() - cpu).toFixed(1)} s`);
  return value;
}

const memory = (field: string): string => {
  const status = readFileSync("/proc/self/status", "utf8");
  return byteText(1024 * Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1]));
};

const weights = process.argv[2] as Weights | undefined;
if (weights !== "Q8_0" && weights !== "Q4_0") throw new Error("Expected Q8_0 or Q4_0");
const model = await makePair(weights);
await using scorer = await timed("opening", () =>
  createScorer({ ...model, preset: "qalign-owl2", isolate: false, gpu: "off" }),
);
for (const [i, picture] of pictures.entries()) {
  await timed(`picture ${String(i + 1)}`, () => scorer.scoreImage(picture));
}
console.log(`memory: ${memory("VmHWM")} at most, ${memory("RssAnon")} of it not the files'`);
