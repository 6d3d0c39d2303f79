import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { QUICK_MODEL } from "../prepared.js";
import type { Trial } from "./trial.js";

const library = new URL("../../../dist/index.js", import.meta.url).href;
const picture = fileURLToPath(new URL("../../fixtures/pictures/small.png", import.meta.url));
const MOST_BYTES_A_CRASH = 10e3;

/** Scores a picture, kills the engine's process while the next is under way, and so on; prints what this one holds. */
const script = `
  const { readFileSync } = await import("node:fs");
  const { createScorer } = await import(process.argv[1]);
  const [model, mmproj, picture] = process.argv.slice(2, 5);
  const count = Number(process.argv[5]);
  const scorer = await createScorer({ model, mmproj, isolate: true });
  const { score } = await scorer.scoreImage(picture);
  let same = 0;
  for (let index = 1; index <= count; index++) {
    const scoring = scorer.scoreImage(picture);
    const [pid] = readFileSync("/proc/self/task/" + process.pid + "/children", "utf8").split(" ");
    process.kill(Number(pid), "SIGSEGV");
    same += (await scoring).score === score;
    if (index === count / 4 || index === count) { gc(); console.log(process.memoryUsage.rss()); }
  }
  console.log(same);
  await scorer.close();`;

export const crashes: Trial = async ({ whole }) => {
  const count = whole ? 1000 : 8;
  const [, model = "", , mmproj = ""] = QUICK_MODEL;
  // V8 takes more room for young objects as it goes, whatever is held of them: here it has one size.
  const program = ["--expose-gc", "--max-semi-space-size=1", "--input-type=module", "-e", script];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...program,
    ...[library, model, mmproj, picture, String(count)],
  ]);
  const [early = NaN, last = NaN, same = NaN] = stdout.trim().split("\n").map(Number);
  const slope = (last - early) / (count * 0.75);
  const kilobytes = (slope / 1e3).toFixed(1);
  return {
    trial: `${count} crashes of the engine's process`,
    found: `${same} of ${count} scores are those of before; ${mb(early)} after ${count / 4}, ${mb(last)} at the end: ${kilobytes} kB a crash`,
    faults: [
      ...(same === count ? [] : ["a score is lost"]),
      ...(whole && slope > MOST_BYTES_A_CRASH ? ["it grows"] : []),
    ],
  };
};

const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
