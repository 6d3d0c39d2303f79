import type { StoredType } from "./storedTensor.js";

/** Why a pickle is refused, as the end of a sentence. */
export class PickleProblem extends Error {
  override readonly name = "PickleProblem";
}

/** Numbers in a file of their own, of which tensors are parts. */
export interface Storage {
  readonly type: StoredType;
  readonly key: string;
  readonly count: number;
}

export interface PickledTensor {
  readonly storage: Storage;
  /** In numbers, from the storage's beginning. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

/** What is named in a pickle and may be: what PyTorch writes of weights. Nothing of it is run. */
export const storages: Readonly<Record<string, StoredType>> = {
  "torch.DoubleStorage": "F64",
  "torch.FloatStorage": "F32",
  "torch.HalfStorage": "F16",
  "torch.BFloat16Storage": "BF16",
  "torch.LongStorage": "I64",
  "torch.IntStorage": "I32",
  "torch.ShortStorage": "I16",
  "torch.CharStorage": "I8",
  "torch.ByteStorage": "U8",
  "torch.BoolStorage": "BOOL",
};
const DICTIONARY = "collections.OrderedDict";
const TENSOR = "torch._utils._rebuild_tensor_v2";
const PARAMETER = "torch._utils._rebuild_parameter";
export const known = new Set([...Object.keys(storages), DICTIONARY, TENSOR, PARAMETER]);

export class Global {
  constructor(readonly name: string) {}
}
export class Tuple {
  constructor(readonly items: readonly unknown[]) {}
}
export class Tensor implements PickledTensor {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}
export class StorageValue implements Storage {
  constructor(
    readonly type: StoredType,
    readonly key: string,
    readonly count: number,
  ) {}
}

export const isSize = (value: unknown): value is number =>
  Number.isSafeInteger(value) && (value as number) >= 0;

/** What stands for a call in a pickle, which is made without calling anything. @throws {PickleProblem} */
export function call(name: string, args: readonly unknown[]): unknown {
  const [first] = args;
  if (name === DICTIONARY && args.length === 0) return new Map();
  if (name === PARAMETER && first instanceof Tensor) return first;
  const [storage, offset, shape, strides] = args;
  const sizes = (value: unknown): readonly number[] | undefined =>
    value instanceof Tuple && value.items.every(isSize) ? value.items : undefined;
  const [dimensions, steps] = [sizes(shape), sizes(strides)];
  if (name === TENSOR && storage instanceof StorageValue && isSize(offset) && dimensions && steps) {
    return new Tensor(storage, offset, dimensions, steps);
  }
  throw new PickleProblem(`it calls ${name} in a way that is not PyTorch's`);
}
