import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { QUICK_MODEL } from "../prepared.js";
import type { Trial } from "./trial.js";

const library = new URL("../../../dist/index.js", import.meta.url).href;
const picture = fileURLToPath(new URL("../../fixtures/pictures/small.png", import.meta.url));
const MOST_BYTES_A_SCORER = 100e3;

/** Opens a scorer, scores a picture, closes it, and so on; prints what the process holds early and at the end. */
const script = `
  const { createScorer } = await import(process.argv[1]);
  const [model, mmproj, picture] = process.argv.slice(2, 5);
  const count = Number(process.argv[5]);
  for (let index = 1; index <= count; index++) {
    const scorer = await createScorer({ model, mmproj });
    await scorer.scoreImage(picture);
    await scorer.close();
    if (index === count / 4 || index === count) { gc(); console.log(process.memoryUsage.rss()); }
  }`;

export const scorers: Trial = async ({ whole }) => {
  const count = whole ? 200 : 12;
  const [, model = "", , mmproj = ""] = QUICK_MODEL;
  const args = [
    "--expose-gc",
    "--input-type=module",
    "-e",
    script,
    library,
    model,
    mmproj,
    picture,
    String(count),
  ];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const [early = NaN, last = NaN] = stdout.trim().split("\n").map(Number);
  const slope = (last - early) / (count * 0.75);
  return {
    trial: `${count} scorers opened and closed`,
    found: `${mb(early)} after ${count / 4}, ${mb(last)} at the end: ${(slope / 1e3).toFixed(1)} kB a scorer`,
    faults: whole && slope > MOST_BYTES_A_SCORER ? ["it grows"] : [],
  };
};

const mb = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
