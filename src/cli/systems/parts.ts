import { mkdir } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import type { ScoredPath } from "../../evaluate/rescore.js";
import type { Input } from "../../media/inputs/input.js";
import type { Result, RunHeader } from "../../results/result.js";
import { ndjsonFormat } from "../../results/write.js";
import { outputError } from "../../util/outputError.js";
import { appendOutput, fileOutput } from "../output/output.js";
import { type Earlier, readEarlier } from "../../results/resume.js";
import { ResultWriter } from "../output/resultWriter.js";
import type { SourceFlags } from "./options.js";

/** One preset's part of a run. */
export interface Part {
  readonly header: RunHeader;
  readonly scores: ScoredPath[];
  readonly writer?: ResultWriter;
  readonly earlier?: Earlier;
}

/** Begins the results file of a part, or goes on with it, where files are to be kept. */
export async function openPart(header: RunHeader, { results, resume }: SourceFlags): Promise<Part> {
  if (results === undefined) return { header, scores: [] };
  const path = join(results, resultsName(header));
  await mkdir(results, { recursive: true }).catch((error: unknown) => {
    throw outputError(results, error);
  });
  const earlier = resume === true ? await readEarlier(path, header) : undefined;
  const output = earlier ? await appendOutput(path, earlier.end) : await fileOutput(path, "scores");
  const writer = new ResultWriter(ndjsonFormat(header), output);
  if (!earlier || earlier.end === 0) await writer.start();
  return { header, scores: [], writer, ...(earlier && { earlier }) };
}

/** Of two models or presets that are called alike the hashes tell which is which. */
function resultsName({ model, presets: { image } }: RunHeader): string {
  const name = `${basename(model.name, extname(model.name))}.${image.name}.${model.sha256.slice(0, 8)}-${image.hash.slice(0, 8)}.ndjson`;
  return name.replaceAll(/[^\w.-]/g, "_");
}

/** Takes the scores of an earlier run. An input is done where every part has it. */
export function takeEarlier(parts: readonly Part[], input: Input): boolean {
  const scores = parts.map(({ earlier }) => earlier?.resultsOf(input)?.[0]?.score);
  if (scores.includes(undefined)) return false;
  for (const [index, part] of parts.entries())
    part.scores.push({ path: input.path, score: scores[index] ?? NaN });
  return true;
}

export async function addResult({ scores, writer }: Part, result: Result | undefined): Promise<void> {
  if (!result || (result.type === "error" && result.error.code === "ERR_ABORTED")) return;
  if (result.type !== "error") scores.push({ path: result.input.path ?? "", score: result.score });
  await writer?.add([result]);
}
