import type { StoredTensor, WeightType } from "../checkpoint/storedTensor.js";
import type { Selection } from "./rearrange.js";

/** Numbers of a checkpoint where they lie. */
type Stored = StoredTensor & { readonly type: WeightType };

/** Numbers that were computed, or read before. */
export interface Computed {
  readonly values: Float32Array;
}

/** A tensor of the file that is written: what it is made of, and how. */
export interface PlannedTensor {
  readonly name: string;
  /** As PyTorch has it: rows before columns. */
  readonly shape: readonly number[];
  readonly type: WeightType;
  readonly source: Stored | Computed;
  /** All of the source where absent. */
  readonly select?: Selection;
  readonly map?: (value: number) => number;
}

/** One that is read when it is written. */
export type PlannedCopy = PlannedTensor & { readonly source: Stored };

export const isCopy = (tensor: PlannedTensor): tensor is PlannedCopy => "file" in tensor.source;

export const bytesOf = ({ shape, type }: PlannedTensor): number =>
  shape.reduce((a, b) => a * b, 1) * (type === "F32" ? 4 : 2);
