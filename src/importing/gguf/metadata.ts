/** Types of values by GGUF's numbers. */
const types = { UINT32: 4, INT32: 5, FLOAT32: 6, BOOL: 7, STRING: 8, ARRAY: 9 } as const;
type Scalar = Exclude<keyof typeof types, "ARRAY">;

type Item = number | boolean | string;
type Entry =
  | { readonly type: Scalar; readonly value: Item }
  | { readonly type: "ARRAY"; readonly of: Scalar; readonly value: readonly Item[] };

/** What a GGUF says before its tensors, each key of a type of its own. */
export class Metadata {
  readonly #entries = new Map<string, Entry>();

  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  whole(key: string, value: number): this {
    return this.#set(key, { type: "UINT32", value });
  }
  number(key: string, value: number): this {
    return this.#set(key, { type: "FLOAT32", value });
  }
  flag(key: string, value: boolean): this {
    return this.#set(key, { type: "BOOL", value });
  }
  text(key: string, value: string): this {
    return this.#set(key, { type: "STRING", value });
  }
  wholes(key: string, value: readonly number[]): this {
    return this.#list(key, "INT32", value);
  }
  numbers(key: string, value: readonly number[]): this {
    return this.#list(key, "FLOAT32", value);
  }
  flags(key: string, value: readonly boolean[]): this {
    return this.#list(key, "BOOL", value);
  }
  texts(key: string, value: readonly string[]): this {
    return this.#list(key, "STRING", value);
  }

  /** As the file has it. */
  encode(): Buffer {
    const pieces: Buffer[] = [];
    for (const [key, entry] of this.#entries) {
      pieces.push(encodeText(key), uint32(types[entry.type]));
      if (entry.type === "ARRAY") {
        pieces.push(uint32(types[entry.of]), uint64(entry.value.length));
        for (const item of entry.value) pieces.push(encodeItem(entry.of, item));
      } else pieces.push(encodeItem(entry.type, entry.value));
    }
    return Buffer.concat(pieces);
  }

  /** An empty list has no type, and is left out. */
  #list(key: string, of: Scalar, value: readonly Item[]): this {
    return value.length === 0 ? this : this.#set(key, { type: "ARRAY", of, value });
  }
  #set(key: string, entry: Entry): this {
    this.#entries.set(key, entry);
    return this;
  }
}

export function uint32(value: number): Buffer {
  const buffer = Buffer.alloc(4);
  buffer.writeUInt32LE(value);
  return buffer;
}

export function uint64(value: number): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(BigInt(value));
  return buffer;
}

export const encodeText = (text: string): Buffer => {
  const bytes = Buffer.from(text, "utf8");
  return Buffer.concat([uint64(bytes.length), bytes]);
};

function encodeItem(type: Scalar, value: Item): Buffer {
  if (type === "STRING") return encodeText(String(value));
  if (type === "BOOL") return Buffer.from([Number(value)]);
  const buffer = Buffer.alloc(4);
  if (type === "FLOAT32") buffer.writeFloatLE(Number(value));
  else if (type === "INT32") buffer.writeInt32LE(Number(value));
  else buffer.writeUInt32LE(Number(value));
  return buffer;
}
