/** The types of numbers that checkpoints hold, by bytes each. Those of 8 bits and less are no weights as they are. */
const widths = { F64: 8, F32: 4, F16: 2, BF16: 2, I64: 8, I32: 4, I16: 2, I8: 1, U8: 1, BOOL: 1 } as const;

export type StoredType = keyof typeof widths;
/** What weights are made of. */
export type WeightType = "F32" | "F16" | "BF16";

export const isStoredType = (name: unknown): name is StoredType =>
  typeof name === "string" && Object.hasOwn(widths, name);

export const storedTypes = Object.keys(widths);

export const widthOf = (type: StoredType): number => widths[type];

/** A tensor where it lies: its numbers one after another, the last dimension fastest. */
export interface StoredTensor {
  readonly type: StoredType;
  /** As PyTorch has it: rows before columns. */
  readonly shape: readonly number[];
  /** An absolute path, and where the tensor begins in it, in bytes. */
  readonly file: string;
  readonly offset: number;
}

const MOST_DIMENSIONS = 8;

/** The numbers that a shape has; undefined where it is none, or more than can be counted. */
export function countOf(shape: unknown): number | undefined {
  if (!Array.isArray(shape) || shape.length > MOST_DIMENSIONS) return undefined;
  let count = 1;
  for (const size of shape as unknown[]) {
    if (typeof size !== "number" || !Number.isSafeInteger(size) || size < 0) return undefined;
    count *= size;
    if (count > Number.MAX_SAFE_INTEGER / 8) return undefined;
  }
  return count;
}

export const shapeText = (shape: readonly number[]): string => `[${shape.join(", ")}]`;
