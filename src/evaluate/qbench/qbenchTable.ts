import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expected } from "../../util/expected.js";
import { TonescoreError } from "../../errors.js";
import { mean } from "../../stats/numbers.js";
import { plcc, srcc } from "../../stats/correlation.js";
import { publishedSoftmax } from "./publishedSoftmax.js";
import { readLogits, type StoredLogits, type StoredResult } from "../storedLogits.js";

/** The datasets of Q-Bench's table by the names of their files, in its order. */
const datasets = new Map([
  ["spaq", "SPAQ"],
  ["koniq", "KonIQ-10k"],
  ["flive", "LIVE-FB"],
  ["livec", "LIVE-itw"],
  ["cgi", "CGIQA-6K"],
  ["agi", "AGIQA-3K"],
  ["kadid", "KADID-10K"],
]);

/** CGIQA-6K is two sets that were rated apart; the published number is the mean of these, whatever stands behind them. */
const halves: Readonly<Record<string, readonly (readonly [from: number, to: number])[]>> = {
  cgi: [
    [0, 3000],
    [3000, 6000],
  ],
};

/** What a model says instead of good and poor, as the authors found. */
const ownWords: Readonly<Record<string, readonly [string, string]>> = { instructblip_t5: ["high", "low"] };

/** Correlations on one dataset, -1 to 1. */
export interface QBenchCell {
  readonly model: string;
  readonly dataset: string;
  readonly n: number;
  readonly srcc: number;
  readonly plcc: number;
  /** The SRCC where pictures with equal differences of logits tie, as they do in the preset `qbench`. */
  readonly srccWithTies: number;
}

/**
 * Q-Bench's table of correlations from the raw logits that its authors publish, a folder a model with a file a dataset
 * (leaderboards/IQA_outputs in github.com/Q-Future/Q-Bench), by the authors' own arithmetic.
 * @throws {TonescoreError} `ERR_DATASET` for a folder with no such files, and as {@link readLogits}
 */
export async function qbenchTable(folder: string): Promise<QBenchCell[]> {
  const cells: QBenchCell[] = [];
  for (const model of (await readdir(folder)).sort()) {
    for (const [file, dataset] of datasets) {
      const stored = await readLogits(join(folder, model, `${file}.json`)).catch(unlessMissing);
      if (stored)
        cells.push({ model, dataset, ...correlate(file, stored, ownWords[model] ?? ["good", "poor"]) });
    }
  }
  if (cells.length > 0) return cells;
  throw expected(`folders with Q-Bench's raw logits in "${folder}", such as llava_v1.5/koniq.json`, {
    code: "ERR_DATASET",
    but: "there are none",
  });
}

function unlessMissing(error: unknown): undefined {
  if (error instanceof TonescoreError && error.code === "ERR_INPUT_NOT_FOUND") return undefined;
  throw error;
}

type Words = readonly [good: string, poor: string];

function correlate(file: string, stored: StoredLogits, words: Words): Omit<QBenchCell, "model" | "dataset"> {
  const rows = stored.results.map((result) => readRow(stored.path, result, words));
  const parts = (halves[file] ?? [[0, rows.length]]).map(([from, to]) => {
    const part = rows.slice(from, to);
    const mos = part.map((row) => row.mos);
    const scores = part.map(({ good, poor }) => publishedSoftmax(good, poor));
    const differences = part.map(({ good, poor }) => good - poor);
    return { srcc: srcc(scores, mos), plcc: plcc(scores, mos), srccWithTies: srcc(differences, mos) };
  });
  return {
    n: rows.length,
    srcc: mean(parts.map((part) => part.srcc)),
    plcc: mean(parts.map((part) => part.plcc)),
    srccWithTies: mean(parts.map((part) => part.srccWithTies)),
  };
}

function readRow(path: string, result: StoredResult, [goodWord, poorWord]: Words) {
  const logits = result.type === "raw" ? result.logits : undefined;
  const [good, poor] = [logits?.get(goodWord), logits?.get(poorWord)];
  if (result.type === "raw" && good !== undefined && poor !== undefined)
    return { mos: result.mos, good, poor };
  const what = `logit_${goodWord} and logit_${poorWord} of ${result.input.path ?? "every picture"} in "${path}"`;
  throw expected(what, { code: "ERR_DATASET", but: "they are not there" });
}
