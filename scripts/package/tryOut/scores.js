// The scores of a picture and a clip: those of the clone, and of programs that use what is installed.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./installation.js";

/** Of a score: the clone's addon is compiled by another compiler, or for another processor. */
const TOLERANCE = 2e-3;

export const media = ["rider.jpg", "clip.mp4"].map((name) => join(root, "examples", name));

/** @param {string} printed by `-f ndjson` @returns {number[]} */
export const scoresIn = (printed) =>
  printed
    .split("\n")
    .filter((line) => line.includes('"score"'))
    .map((line) => Number(/"score":([\d.]+)/.exec(line)?.[1]));

export const [picture = NaN, clip = NaN] = scoresIn(
  execFileSync(process.execPath, [join(root, "dist/cli/main.js"), ...media, "-f", "ndjson"], {
    encoding: "utf8",
  }),
);

/** @param {string} what @param {number | undefined} actual @param {number} expected */
export function expectNear(what, actual, expected) {
  const difference = Math.abs((actual ?? NaN) - expected);
  console.log(`${what}: ${String(actual)}, in the clone ${expected}, ${difference.toExponential(1)} apart`);
  if (!(difference <= TOLERANCE))
    throw new Error(`${what}: expected ${expected}, but received ${String(actual)}`);
}

export const required = 'const { createScorer } = require("tonescore");';
export const imported = 'const { createScorer } = await import("tonescore");';

/**
 * A program that prints the picture's score.
 * @param {string} loading binds createScorer
 * @param {object} [more]
 * @param {string} [more.before] statements before it
 * @param {string} [more.after] and after the scorer is made
 * @param {string} [more.options] of createScorer
 */
export const program = (loading, { before = "", after = "", options = "{}" } = {}) => `
  const main = async () => {
    ${before}
    ${loading}
    const scorer = await createScorer(${options});
    ${after}
    console.log((await scorer.scoreImage(${JSON.stringify(media[0])})).score);
    await scorer.close();
  };
  main().then(() => process.exit(), (error) => { console.error(error); process.exit(1); });`;

/**
 * Runs a file there and holds the number that it prints last against the picture's score.
 * @param {import("./installation.js").Installation} installation @param {string} what @param {string} file @param {string} [text] written first
 */
export function expectScore(installation, what, file, text) {
  if (text !== undefined) writeFileSync(join(installation.installed, file), text);
  expectNear(what, Number(installation.node([file]).trim().split("\n").at(-1)), picture);
}
