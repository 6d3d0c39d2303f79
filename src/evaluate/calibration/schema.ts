import { z } from "zod";

const number = z.number();
const named = z.object({ name: z.string(), sha256: z.string() });

export const calibrationSchema = z.object({
  type: z.literal("calibration"),
  version: z.literal(1),
  tonescore: z.string(),
  /** Such as `MOS of KonIQ-10k`; the scale of the results that it gives. */
  scale: z.string().min(1),
  map: z.discriminatedUnion("method", [
    z.object({ method: z.literal("logistic"), parameters: z.array(number).length(4) }),
    z.object({ method: z.literal("isotonic"), points: z.array(z.tuple([number, number])).min(1) }),
  ]),
  /** Of the MOS it was fitted to. */
  lowest: number,
  highest: number,
  /** A calibration holds for this model and preset only. */
  model: named,
  mmproj: named,
  preset: z.object({ name: z.string(), hash: z.string() }),
  dataset: z.object({ name: z.string(), layout: z.string(), sha256: z.string(), dmos: z.boolean() }),
  crossValidation: z.object({
    ...{ folds: number, seed: number, n: number, srcc: number, plcc: number, rmse: number, mae: number },
  }),
  /** The files it was fitted to: 8 characters each, of the hash of name and size. */
  files: z.string(),
});

/** What `tonescore calibrate` writes: a map from scores to a MOS scale, and where it comes from. */
export type Calibration = z.output<typeof calibrationSchema>;
