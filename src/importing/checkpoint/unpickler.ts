import {
  call,
  Global,
  isSize,
  known,
  PickleProblem,
  storages,
  StorageValue,
  Tuple,
} from "./pickledValues.js";

export const MARK = Symbol("mark");

/** What one byte of a pickle asks for. */
export type Operation = (to: Unpickler) => void;

/** The machine that a pickle is a program for, as far as weights need it. */
export class Unpickler {
  #at = 0;
  readonly #stack: unknown[] = [];
  readonly #memo = new Map<number, unknown>();

  constructor(private readonly bytes: Buffer) {}

  /** @param operations by opcode; any other is refused */
  run(operations: Readonly<Record<number, Operation>>): unknown {
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
