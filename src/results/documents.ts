import * as z from "zod";
import { COMPARISON_VERSION, type PairedComparison } from "./comparison.js";
import { EVALUATION_VERSION, type Evaluation } from "./evaluation.js";
import { check, errorSchema, fileSchema, headerSchema, identitySchema, treatmentSchema } from "./schema.js";

const text = z.string();
const number = z.number();
const count = z.int().min(0);

/** JSON has no NaN, and null in its place. */
const figure = number.nullable().transform((value) => value ?? NaN);
const estimate = z.object({ value: figure, low: figure.optional(), high: figure.optional() });
const bootstrap = z.object({ resamples: count, seed: number });

const item = z.object({
  path: text.optional(),
  score: number,
  difference: number,
  bytes: number.min(0).optional(),
  bitsPerPixel: number.min(0).optional(),
});
const version = z.object({
  name: text,
  score: estimate,
  difference: estimate,
  better: count,
  equal: count,
  worse: count,
  bytes: number.min(0).optional(),
  bitsPerPixel: number.min(0).optional(),
});
const comparison = z
  .object({
    type: z.literal("comparison"),
    version: z.literal(COMPARISON_VERSION),
    tonescore: text,
    header: headerSchema.optional(),
    scale: text,
    bootstrap,
    versions: z.array(version).min(2),
    pictures: z.array(z.object({ name: text, items: z.array(item) })),
    unpaired: z.array(z.object({ version: text, lacks: z.array(text) })),
    errors: z.array(errorSchema),
  })
  .refine(({ versions, pictures }) => pictures.every(({ items }) => items.length === versions.length), {
    error: "expected an item for each version",
    path: ["pictures"],
  });

const curve = z
  .object({
    name: z.enum(["logistic4", "logistic5"]),
    parameters: z.array(number),
    plcc: estimate,
    rmse: estimate,
  })
  .refine(({ name, parameters }) => parameters.length === (name === "logistic4" ? 4 : 5), {
    error: "expected one parameter for each in the curve's name",
    path: ["parameters"],
  });
const agreement = z.object({
  n: count,
  metrics: z
    .object({
      ...{ srcc: estimate, krcc: estimate, plcc: estimate, rmse: estimate.optional() },
      curves: z.array(curve),
      notMonotone: z.array(z.enum(["logistic4", "logistic5"])).optional(),
    })
    .optional(),
  reason: text.optional(),
});
const evaluation = z.object({
  name: text,
  model: fileSchema.optional(),
  mmproj: fileSchema.optional(),
  preset: identitySchema.optional(),
  views: treatmentSchema.optional(),
  scale: text,
  overall: agreement,
  groups: z.array(agreement.extend({ group: text })),
  rows: z.array(z.object({ path: text, mos: number, score: number, group: text.optional() })).min(1),
});
const report = z.object({
  type: z.literal("evaluation"),
  version: z.literal(EVALUATION_VERSION),
  tonescore: text,
  dataset: z.object({
    ...{ path: text, layout: text, listed: count, missing: count, failed: count, dmos: z.boolean() },
  }),
  bootstrap: bootstrap.optional(),
  evaluations: z.array(evaluation).min(1),
  comparisons: z.array(
    z.object({ first: text, second: text, srcc: estimate, krcc: estimate, plcc: estimate }),
  ),
});

/** @throws {FileProblem} which names the field */
export const parseComparison = (value: unknown): PairedComparison =>
  check(comparison, value) as PairedComparison;

/** @throws {FileProblem} which names the field */
export const parseEvaluation = (value: unknown): Evaluation => check(report, value) as Evaluation;
