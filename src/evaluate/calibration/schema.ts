import * as z from "zod";
import { treatmentSchema } from "../../results/schema.js";
import type { Calibration } from "./document.js";

const number = z.number();
const named = z.object({ name: z.string(), sha256: z.string() });

/** {@link Calibration}, which says what the fields are. */
export const calibrationSchema: z.ZodType<Calibration> = z.object({
  type: z.literal("calibration"),
  version: z.literal(1),
  tonescore: z.string(),
  scale: z.string().min(1),
  map: z.discriminatedUnion("method", [
    z.object({ method: z.literal("logistic"), parameters: z.array(number).length(4) }),
    z.object({ method: z.literal("isotonic"), points: z.array(z.tuple([number, number])).min(1) }),
  ]),
  lowest: number,
  highest: number,
  model: named,
  mmproj: named,
  preset: z.object({ name: z.string(), hash: z.string() }),
  views: treatmentSchema.optional(),
  dataset: z.object({ name: z.string(), layout: z.string(), sha256: z.string(), dmos: z.boolean() }),
  crossValidation: z.object({
    ...{ folds: number, seed: number, n: number, srcc: number, plcc: number, rmse: number, mae: number },
  }),
  files: z.string(),
});
