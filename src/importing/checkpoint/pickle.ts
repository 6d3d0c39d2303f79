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
const storages: Readonly<Record<string, StoredType>> = {
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
const known = new Set([...Object.keys(storages), DICTIONARY, TENSOR, PARAMETER]);

class Global {
  constructor(readonly name: string) {}
}
class Tuple {
  constructor(readonly items: readonly unknown[]) {}
}
class Tensor implements PickledTensor {
  constructor(
    readonly storage: Storage,
    readonly offset: number,
    readonly shape: readonly number[],
    readonly strides: readonly number[],
  ) {}
}
class StorageValue implements Storage {
  constructor(
    readonly type: StoredType,
    readonly key: string,
    readonly count: number,
  ) {}
}
const MARK = Symbol("mark");

/**
 * The tensors by name of a pickled dictionary of weights. A few operations are known and a closed list of names; all
 * else is refused, so that nothing that a pickle may say can run.
 * @throws {PickleProblem}
 */
export function unpickleTensors(bytes: Buffer): Map<string, PickledTensor> {
  const root = new Unpickler(bytes).run();
  if (!(root instanceof Map)) throw new PickleProblem("it holds no dictionary of weights");
  const tensors = new Map<string, PickledTensor>();
  for (const [name, value] of root as Map<unknown, unknown>) {
    if (typeof name !== "string" || !(value instanceof Tensor)) {
      throw new PickleProblem("its dictionary holds something other than weights");
    }
    tensors.set(name, value);
  }
  return tensors;
}

class Unpickler {
  #at = 0;
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(private readonly bytes: Buffer) {}

  run(): unknown {
    for (;;) {
      const operation = this.#byte();
      if (operation === 0x2e) return this.#pop(); // STOP
      const step = operations[operation];
      if (step === undefined)
        throw new PickleProblem(`it uses the operation 0x${hex(operation)}, which weights do not need`);
      step(this);
    }
  }

  skip = (count: number): void => {
    this.#take(count);
  };
  push = (value: unknown): void => {
    this.#stack.push(value);
  };
  number = (width: 1 | 2 | 4, signed = false): number => {
    const at = this.#take(width);
    return signed ? this.bytes.readIntLE(at, width) : this.bytes.readUIntLE(at, width);
  };
  float = (): number => this.bytes.readDoubleBE(this.#take(8));
  /** Of at most 6 bytes: no size of a tensor has more. */
  long = (): number => {
    const length = this.#byte();
    if (length > 6) throw new PickleProblem("it holds a number that no size is");
    const at = this.#take(length);
    return length === 0 ? 0 : this.bytes.readIntLE(at, length);
  };
  text = (length: number): string => {
    const at = this.#take(length);
    return this.bytes.toString("utf8", at, at + length);
  };
  global = (): void => {
    const name = `${this.#line()}.${this.#line()}`;
    if (!known.has(name))
      throw new PickleProblem(`it names ${JSON.stringify(name.slice(0, 80))}, which weights do not need`);
    this.push(new Global(name));
  };
  remember = (index: number): void => {
    this.#memo.set(index, this.#stack.at(-1));
  };
  recall = (index: number): void => {
    if (!this.#memo.has(index)) throw new PickleProblem("it is damaged");
    this.push(this.#memo.get(index));
  };
  tuple = (count: number): void => {
    const items: unknown[] = [];
    for (let i = 0; i < count; i++) items.unshift(this.#pop());
    this.push(new Tuple(items));
  };
  markedTuple = (): void => {
    this.push(new Tuple(this.#sinceMark()));
  };
  setItems = (pairs: readonly unknown[]): void => {
    const target = this.#stack.at(-1);
    if (!(target instanceof Map) || pairs.length % 2 !== 0) throw new PickleProblem("it is damaged");
    for (let i = 0; i < pairs.length; i += 2) (target as Map<unknown, unknown>).set(pairs[i], pairs[i + 1]);
  };
  setItem = (): void => {
    const value = this.#pop();
    this.setItems([this.#pop(), value]);
  };
  setMarkedItems = (): void => {
    this.setItems(this.#sinceMark());
  };
  /** What a dictionary carries besides its items: the versions of the modules. */
  build = (): void => {
    this.#pop();
    if (!(this.#stack.at(-1) instanceof Map)) throw new PickleProblem("it sets what only objects have");
  };
  storage = (): void => {
    const id = this.#pop();
    const [kind, type, key, , count] = id instanceof Tuple ? id.items : [];
    const stored = type instanceof Global ? storages[type.name] : undefined;
    if (kind !== "storage" || stored === undefined || typeof key !== "string" || !isSize(count)) {
      throw new PickleProblem("it names numbers in a way that is not PyTorch's");
    }
    this.push(new StorageValue(stored, key, count));
  };
  reduce = (): void => {
    const args = this.#pop();
    const called = this.#pop();
    if (!(args instanceof Tuple) || !(called instanceof Global))
      throw new PickleProblem("it calls what is no function");
    this.push(call(called.name, args.items));
  };

  #byte(): number {
    return this.bytes[this.#take(1)] ?? 0;
  }
  #take(count: number): number {
    const at = this.#at;
    if (count > this.bytes.length - at) throw new PickleProblem("its list of tensors is cut short");
    this.#at += count;
    return at;
  }
  #line(): string {
    const end = this.bytes.indexOf(0x0a, this.#at);
    if (end < 0 || end - this.#at > 1000) throw new PickleProblem("it is damaged");
    const at = this.#take(end + 1 - this.#at);
    return this.bytes.toString("utf8", at, end);
  }
  #pop(): unknown {
    if (this.#stack.length === 0) throw new PickleProblem("it is damaged");
    return this.#stack.pop();
  }
  #sinceMark(): unknown[] {
    const at = this.#stack.lastIndexOf(MARK);
    if (at < 0) throw new PickleProblem("it is damaged");
    return this.#stack.splice(at).slice(1);
  }
}

const hex = (byte: number): string => byte.toString(16).padStart(2, "0");
const isSize = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

function call(name: string, args: readonly unknown[]): unknown {
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

/** By opcode. */
const operations: Readonly<Record<number, (to: Unpickler) => void>> = {
  0x80: (to) => {
    to.skip(1);
  }, // PROTO
  0x63: (to) => {
    to.global();
  }, // GLOBAL
  0x71: (to) => {
    to.remember(to.number(1));
  }, // BINPUT
  0x72: (to) => {
    to.remember(to.number(4));
  }, // LONG_BINPUT
  0x68: (to) => {
    to.recall(to.number(1));
  }, // BINGET
  0x6a: (to) => {
    to.recall(to.number(4));
  }, // LONG_BINGET
  0x28: (to) => {
    to.push(MARK);
  }, // MARK
  0x7d: (to) => {
    to.push(new Map());
  }, // EMPTY_DICT
  0x29: (to) => {
    to.tuple(0);
  }, // EMPTY_TUPLE
  0x85: (to) => {
    to.tuple(1);
  }, // TUPLE1
  0x86: (to) => {
    to.tuple(2);
  }, // TUPLE2
  0x87: (to) => {
    to.tuple(3);
  }, // TUPLE3
  0x74: (to) => {
    to.markedTuple();
  }, // TUPLE
  0x58: (to) => {
    to.push(to.text(to.number(4)));
  }, // BINUNICODE
  0x4b: (to) => {
    to.push(to.number(1));
  }, // BININT1
  0x4d: (to) => {
    to.push(to.number(2));
  }, // BININT2
  0x4a: (to) => {
    to.push(to.number(4, true));
  }, // BININT
  0x8a: (to) => {
    to.push(to.long());
  }, // LONG1
  0x47: (to) => {
    to.push(to.float());
  }, // BINFLOAT
  0x4e: (to) => {
    to.push(null);
  }, // NONE
  0x88: (to) => {
    to.push(true);
  }, // NEWTRUE
  0x89: (to) => {
    to.push(false);
  }, // NEWFALSE
  0x51: (to) => {
    to.storage();
  }, // BINPERSID
  0x52: (to) => {
    to.reduce();
  }, // REDUCE
  0x62: (to) => {
    to.build();
  }, // BUILD
  0x73: (to) => {
    to.setItem();
  }, // SETITEM
  0x75: (to) => {
    to.setMarkedItems();
  }, // SETITEMS
};
