import type { Unknown } from "../../results/stored.js";
import { isRecord } from "../../util/isRecord.js";
import { checkShape } from "../../util/json.js";
import { messageOf } from "../../util/messageOf.js";
import { FileProblem } from "../../util/namedFile.js";
import { shown } from "../../util/shown.js";
import { jsonValues } from "../datasets/jsonValues.js";

/** The raw logits of a file as Q-Bench publishes them: the answer words after one question, and the MOS. */
export interface RawLogits {
  readonly type: "raw";
  readonly input: { readonly path: string };
  readonly mos: number;
  readonly logits: ReadonlyMap<string, number>;
}

/** @throws {FileProblem} where they are something else */
export function readRawLogits({ bytes, problem }: Unknown): RawLogits[] {
  checkShape(bytes);
  const values = valuesOf(bytes);
  if (values.length === 0) throw new FileProblem(problem);
  return values.map(rawLogits);
}

function valuesOf(bytes: Buffer): unknown[] {
  try {
    return [...jsonValues(bytes.toString("utf8"))].flatMap(({ value }) => value);
  } catch (cause) {
    throw new FileProblem(`it is not JSON (${messageOf(cause)})`, false, { cause });
  }
}

const WORD = /^logit_(.+)$/;

function rawLogits(value: unknown): RawLogits {
  if (!isRecord(value) || typeof value.img_path !== "string") {
    throw new FileProblem(`it has ${JSON.stringify(value).slice(0, 80)}`);
  }
  const { img_path: path, gt_score: rating } = value;
  const mos = typeof rating === "string" ? Number(rating) : rating;
  if (typeof mos !== "number" || !Number.isFinite(mos)) {
    throw new FileProblem(`the gt_score of ${path} is ${shown(rating)}, no number`);
  }
  const logits = Object.entries(value).flatMap(([name, logit]) => {
    const word = WORD.exec(name)?.[1];
    return word !== undefined && typeof logit === "number" ? [[word, logit] as const] : [];
  });
  return { type: "raw", input: { path }, mos, logits: new Map(logits) };
}
