import type { StoredTensor, WeightType } from "../checkpoint/storedTensor.js";
import type { Selection } from "./rearrange.js";

/** A tensor of the file that is written: what it is made of, and how. */
export interface PlannedTensor {
  readonly name: string;
  /** As PyTorch has it: rows before columns. */
  readonly shape: readonly number[];
  readonly type: WeightType;
  readonly source: StoredTensor & { readonly type: WeightType };
  /** All of the source where absent. */
  readonly select?: Selection;
  readonly map?: (value: number) => number;
}

export const bytesOf = ({ shape, type }: PlannedTensor): number =>
  shape.reduce((a, b) => a * b, 1) * (type === "F32" ? 4 : 2);
