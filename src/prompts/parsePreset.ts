import * as z from "zod";
import { type $ZodIssue, toDotPath } from "zod/v4/core";
import { expected } from "../util/expected.js";
import type { Preset } from "./preset.js";
import { PICTURE_MARK } from "./prompt.js";
import { didYouMean } from "../util/suggest.js";

/** Questions, tones, and words of a tone: each word is looked up after each question. */
const MOST = 100;

const text = z.string().min(1);
const word = text.max(1000).refine((value) => value === value.trim(), {
  error: "must not begin or end with white space: whether a space precedes an answer depends on the prefill",
});
const colourLevel = z.int().min(0).max(255);

const questionSchema = z.strictObject({
  question: text,
  prefill: z.string().default(""),
});

const toneSchema = z.strictObject({
  name: text,
  weight: z.number().min(0).max(1),
  words: z.array(word).min(1).max(MOST),
});

const colour = z.tuple([colourLevel, colourLevel, colourLevel]);

const pictureSchema = z.strictObject({
  squarePad: z.union([colour, z.literal(false)], "expected three levels from 0 to 255, or false").optional(),
  centreCut: z.literal(true).optional(),
});

/** {@link Preset}, which says what the fields are. */
const presetSchema = z
  .strictObject({
    name: text,
    version: text.optional(),
    description: z.string().default(""),
    source: text.default("the user"),
    system: text.optional(),
    questions: z.array(questionSchema).min(1).max(MOST),
    tones: z.array(toneSchema).min(2).max(MOST),
    combine: z.enum(["logits", "probabilities"]).default("logits"),
    temperature: z.number().positive().default(1),
    template: z.enum(["chat", "raw"]).default("chat"),
    templateArguments: z.record(z.string(), z.json()).default({ enable_thinking: false }),
    answer: z.enum(["singleToken", "firstToken", "sequence"]).default("singleToken"),
    frames: z.enum(["each", "together"]).optional(),
    picture: pictureSchema.default({}),
  })
  .superRefine((preset, context) => {
    const complain = (path: string, message: string) => {
      context.addIssue({ code: "custom", path: [path], message });
    };
    for (const name of duplicates(preset.tones.map((tone) => tone.name)))
      complain("tones", `"${name}" stands twice`);
    for (const name of duplicates(preset.tones.flatMap((tone) => tone.words))) {
      complain("tones", `the word "${name}" stands twice; each word belongs to one tone`);
    }
    if (new Set(preset.tones.map((tone) => tone.weight)).size === 1) {
      complain("tones", "all weights are equal, so every picture would get the same score");
    }
    if (preset.frames === "together" && preset.template !== "raw") {
      complain("frames", `"together" needs a "raw" template, in which all stand where ${PICTURE_MARK} does`);
    }
    if (preset.picture.squarePad && preset.picture.centreCut) {
      complain("picture", "has both squarePad and centreCut, and a picture becomes a square in one way");
    }
    if (preset.template === "raw" && preset.system !== undefined) {
      complain("system", 'stands in no "raw" prompt; write it into the questions');
    }
    if (
      preset.template === "raw" &&
      preset.questions.some(({ question }) => count(question, PICTURE_MARK) !== 1)
    ) {
      complain("questions", `with the "raw" template each question must hold ${PICTURE_MARK} exactly once`);
    }
  });

const FIELDS = [presetSchema, questionSchema, toneSchema, pictureSchema].flatMap((schema) =>
  Object.keys(schema.shape),
);

/** Checks a preset and fills in its defaults; `origin` (a file, say) is named in the error. */
export function parsePreset(data: unknown, origin?: string): Preset {
  const result = presetSchema.safeParse(data);
  if (result.success) return result.data;
  const lines = result.error.issues.flatMap(describeIssue).map((line) => `\n  ${line}`);
  const where = origin === undefined ? "" : ` in ${origin}`;
  throw expected(`a valid preset${where}`, {
    code: "ERR_PRESET",
    but: `it is not:${lines.join("")}`,
    cause: result.error,
  });
}

function describeIssue(issue: $ZodIssue): string[] {
  const path = toDotPath(issue.path);
  const at = path === "" ? "" : `${path}: `;
  if (issue.code !== "unrecognized_keys") return [at + issue.message];
  return issue.keys.map((key) => `${at}"${key}" is not a field${didYouMean(key, FIELDS)}`);
}

function duplicates(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];
}

function count(haystack: string, needle: string): number {
  return haystack.split(needle).length - 1;
}
