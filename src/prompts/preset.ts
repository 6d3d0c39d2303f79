import { z } from "zod";
import { expected } from "../util/expected.js";
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
  /** What the user's turn asks; with the "raw" template the whole prompt, with {@link PICTURE_MARK} in it. */
  question: text,
  /** The beginning of the answer, which the model goes on from. */
  prefill: z.string().default(""),
});

const toneSchema = z.strictObject({
  name: text,
  /** 1 is the best, 0 the worst. */
  weight: z.number().min(0).max(1),
  words: z.array(word).min(1).max(MOST),
});

const pictureSchema = z.strictObject({
  /** Pad to a square with this colour before the model's own preprocessing. */
  squarePad: z.tuple([colourLevel, colourLevel, colourLevel]).optional(),
});

const presetSchema = z
  .strictObject({
    name: text,
    version: text.optional(),
    description: z.string().default(""),
    /** Citation of where the recipe comes from. */
    source: text.default("the user"),
    /** Text of a system turn. */
    system: text.optional(),
    questions: z.array(questionSchema).min(1).max(MOST),
    tones: z.array(toneSchema).min(2).max(MOST),
    /** Where the words of a tone, and the questions, are averaged. */
    combine: z.enum(["logits", "probabilities"]).default("logits"),
    temperature: z.number().positive().default(1),
    /** "chat": the model's own template; "raw": the questions are complete prompts, special tokens included. */
    template: z.enum(["chat", "raw"]).default("chat"),
    /** Variables for the chat template. A thinking block would stand between the prefill and its turn. */
    templateArguments: z.record(z.string(), z.json()).default({ enable_thinking: false }),
    /** What is read of an answer word: its only token, its first one, or its whole log-probability. */
    answer: z.enum(["singleToken", "firstToken", "sequence"]).default("singleToken"),
    /** Treatment of the picture before the model's own preprocessing. */
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

/** A named recipe for one number, as data: what is asked, which words answer, how they become a score. */
export type Preset = z.output<typeof presetSchema>;
/** A {@link Preset} as a user writes it: fields with a default may be left out. */
export type PresetInput = z.input<typeof presetSchema>;
export type Tone = Preset["tones"][number];

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

function describeIssue(issue: z.core.$ZodIssue): string[] {
  const path = z.core.toDotPath(issue.path);
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
