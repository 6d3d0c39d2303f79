import * as z from "zod";
import { toDotPath } from "zod/v4/core";
import { messageOf } from "../util/messageOf.js";
import type { ErrorCode } from "../errors.js";
import { FileProblem } from "../util/namedFile.js";
import { parsePreset } from "../prompts/parsePreset.js";
import { MOST_FRAMES } from "../options/videoOptions.js";
import { RESULT_VERSION, type ViewsName } from "./result.js";
import type { StoredEntry, Wanted } from "./stored.js";

/** The schema of `src/result.ts`, for what was stored, and so may have been written by anybody. */

const text = z.string();
const number = z.number();
const MOST_SIZE = 1e15;
const MOST_LOOKS = 1000;
const SLACK = 1e-3; // what sums of probabilities may be away from 0 and 1

const inside = (low: number, high: number) => number.min(low).max(high);
const share = inside(-SLACK, 1 + SLACK);
const score = inside(-1e9, 1e9);
const time = inside(-1e9, 1e9);

const input = z.object({
  path: text.optional(),
  size: inside(0, MOST_SIZE).optional(),
  mtimeMs: inside(-MOST_SIZE, MOST_SIZE).optional(),
});
const size = { width: inside(0, 1e9), height: inside(0, 1e9) };
const picture = input.extend({
  ...size,
  original: z.object(size).optional(),
  treatment: z.array(text).default([]),
});

/** Results repeat a few words a thousand times; each is held once. */
const MOST_HELD = 1000;

function repeated(): z.ZodType<string> {
  const held = new Map<string, string>();
  return text.transform((word) => {
    const known = held.get(word);
    if (known !== undefined) return known;
    if (held.size < MOST_HELD) held.set(word, word);
    return word;
  });
}

const word = repeated();

const tone = z.object({ name: word, weight: inside(0, 1), probability: share });
const answers = z.array(
  z.object({
    question: word,
    words: z.array(z.object({ word, tone: word, logit: number })),
    logSumExp: number,
  }),
);
const scored = {
  ...{ score, tones: z.array(tone), answerMass: share, trusted: z.boolean() },
  distrust: z.enum(["unlearned", "answerMass"]).optional(),
};
const frame = z.object({ time, times: z.array(time).max(MOST_FRAMES).optional(), ...scored, answers });
const common = { input: picture, preset: word.optional(), scale: word };

const crop = z.object({ left: size.width, top: size.height, ...size, ...scored, answers });
/** One of `scoring/views.ts`, or of a later version: what it says is enough to score by it. */
const treatment = z.looseObject({
  name: z.custom<ViewsName>((value) => typeof value === "string", "expected a name"),
  crops: inside(0, MOST_LOOKS),
  side: inside(1, 1e9),
  whole: share,
});
const views = z.object({
  treatment,
  whole: z.object(scored),
  crops: z.array(crop).min(1).max(MOST_LOOKS),
});
const image = z.object({
  ...{ type: z.literal("image"), ...common, ...scored, answers },
  views: views.optional(),
});
const video = z.object({
  type: z.literal("video"),
  ...{ ...common, ...scored, pooling: word, sampling: word },
  warnings: z.array(text).default([]),
  partial: z.literal(true).optional(),
  framesLeftOut: inside(0, 1e12).optional(),
  frames: z.array(frame),
});
const error = z.object({
  type: z.literal("error"),
  input,
  error: z.object({
    code: z.custom<ErrorCode>(isCode, "expected a code such as ERR_INPUT_NOT_FOUND"),
    message: text,
  }),
});

function isCode(value: unknown): boolean {
  return typeof value === "string" && /^ERR_[A-Z_]{1,60}$/.test(value);
}

/** Of a run that was cut short there may be no more than these; its result repeats what they say. */
const passing = z.object({ type: z.enum(["frame", "running"]), input });

const preset = z.unknown().transform((value, context) => {
  try {
    return parsePreset(value);
  } catch (problem) {
    context.addIssue({
      code: "custom",
      message: messageOf(problem),
    });
    return z.NEVER;
  }
});
const identity = z.looseObject({
  name: text,
  hash: text,
  prompts: z.array(text),
  temperature: number.positive(),
  recipe: preset,
});
const identities = z.looseObject({ image: identity, video: identity });
const file = z.looseObject({ path: text.optional(), name: text, sha256: text });

const level = z.int().min(0).max(255);
const tokens = z.int().min(1).optional();
const family = z.looseObject({
  name: text.max(100),
  squarePad: z.tuple([level, level, level]).optional(),
  ...{ imageMinTokens: tokens, imageMaxTokens: tokens, authorsMaxTokens: tokens },
});

/** Fields of later versions are kept: a run that goes on compares all of them. */
const header = z.looseObject({
  type: z.literal("header"),
  version: z.literal(RESULT_VERSION, `expected ${RESULT_VERSION}; another version of tonescore wrote it`),
  tonescore: text,
  llamaCpp: text,
  model: file,
  mmproj: file,
  presets: identities,
  alsoPresets: z.array(identities).optional(),
  family: family.optional(),
  views: treatment.optional(),
  templateArguments: z.record(text, z.unknown()),
  backend: text,
  threads: number,
  settings: z
    .looseObject({
      ...{ scale: text, trustThreshold: number, sampling: text, pooling: text },
      ...{ imageMinTokens: number.optional(), imageMaxTokens: number.optional() },
      lowMemory: z.boolean().optional(),
    })
    .optional(),
});

const entry = z.discriminatedUnion("type", [header, image, video, error, passing]);

/** All that is left out is this list. */
const NONE: never[] = [];
const dropped = <T extends z.ZodType>(field: T) => field.optional().transform(() => undefined);
const leftOut = <T extends z.ZodType>(list: T) => list.transform(() => NONE);

/** Without answers, which are most of a result; a report makes pooling tables of those of frames. */
const unanswered = image.extend({
  answers: leftOut(answers),
  views: views.extend({ crops: z.array(crop.extend({ answers: leftOut(answers) })) }).optional(),
});
const lean = {
  input: picture.extend({ treatment: leftOut(z.array(text).default([])) }),
  tones: leftOut(z.array(tone)),
};
const scores = {
  image: unanswered.extend({ ...lean, views: dropped(views) }),
  video: video.extend({ ...lean, frames: leftOut(z.array(frame)) }),
};
const entries: Readonly<Record<Wanted, z.ZodType>> = {
  all: entry,
  report: z.discriminatedUnion("type", [header, unanswered, video, error, passing]),
  scores: z.discriminatedUnion("type", [header, scores.image, scores.video, error, passing]),
};

/**
 * A header, a result or a frame, checked field by field.
 * @throws {FileProblem} which names the field
 */
export function parseEntry(value: unknown, wanted: Wanted): StoredEntry {
  return check(entries[wanted], value) as StoredEntry;
}

/** @throws {FileProblem} which names the field that is wrong, and how */
export function check<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = issue && issue.path.length > 0 ? `"${toDotPath(issue.path)}" is wrong: ` : "";
  throw new FileProblem(at + (issue?.message ?? "it is wrong"), false, { cause: result.error });
}

export {
  error as errorSchema,
  file as fileSchema,
  header as headerSchema,
  identity as identitySchema,
  treatment as treatmentSchema,
};
