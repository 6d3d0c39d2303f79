import { crc32 } from "node:zlib";
import { type RandomTensor, stored, type StoredAs, valuesOf } from "./randomTensor.js";

/** A file of safetensors. */
export function safetensors(tensors: readonly RandomTensor[], type: StoredAs): Buffer {
  const data = tensors.map((tensor) => stored(valuesOf(tensor), type));
  const header: Record<string, unknown> = { __metadata__: { format: "pt" } };
  let at = 0;
  for (const [i, { name, shape }] of tensors.entries()) {
    const end = at + (data[i]?.length ?? 0);
    header[name] = { dtype: type.toUpperCase(), shape, data_offsets: [at, end] };
    at = end;
  }
  const json = JSON.stringify(header);
  const text = Buffer.from(json.padEnd(Math.ceil(json.length / 8) * 8));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([length, text, ...data]);
}

const storages: Readonly<Record<StoredAs, string>> = {
  f32: "FloatStorage",
  f16: "HalfStorage",
  bf16: "BFloat16Storage",
};

/** What `torch.save` writes of a dictionary of weights: a zip archive with a pickle, and the numbers beside it. */
export function torchFile(tensors: readonly RandomTensor[], type: StoredAs): Buffer {
  const numbers = tensors.map((tensor) => stored(valuesOf(tensor), type));
  return zip([
    ["archive/data.pkl", pickle(tensors, storages[type])],
    ["archive/byteorder", Buffer.from("little")],
    ...numbers.map((bytes, i): [string, Buffer] => [`archive/data/${String(i)}`, bytes]),
    ["archive/version", Buffer.from("3\n")],
  ]);
}

function pickle(tensors: readonly RandomTensor[], storage: string): Buffer {
  const number = (value: number): Buffer => {
    const bytes = Buffer.from([0x4a, 0, 0, 0, 0]); // BININT
    bytes.writeInt32LE(value, 1);
    return bytes;
  };
  const text = (value: string): Buffer => {
    const bytes = Buffer.from(value);
    const length = Buffer.from([0x58, 0, 0, 0, 0]); // BINUNICODE
    length.writeUInt32LE(bytes.length, 1);
    return Buffer.concat([length, bytes]);
  };
  const named = (module: string, name: string): Buffer => Buffer.from(`c${module}\n${name}\n`);
  const tuple = (...items: Buffer[]): Buffer => Buffer.concat([Buffer.from("("), ...items, Buffer.from("t")]);
  const dictionary = Buffer.concat([named("collections", "OrderedDict"), Buffer.from(")R")]);
  const items = tensors.flatMap(({ name, shape }, i) => {
    const sizes = shape.map(number);
    const strides = shape.map((_, axis) => number(shape.slice(axis + 1).reduce((a, b) => a * b, 1)));
    const count = number(shape.reduce((a, b) => a * b, 1));
    const place = tuple(text("storage"), named("torch", storage), text(String(i)), text("cpu"), count);
    const owned = Buffer.concat([place, Buffer.from("Q")]); // BINPERSID
    const grad = Buffer.from([0x89]); // NEWFALSE
    const args = tuple(owned, number(0), tuple(...sizes), tuple(...strides), grad, dictionary);
    return [text(name), named("torch._utils", "_rebuild_tensor_v2"), args, Buffer.from("R")];
  });
  return Buffer.concat([Buffer.from([0x80, 2]), dictionary, Buffer.from("("), ...items, Buffer.from("u.")]);
}

/** An archive of files that are not compressed, each beginning at a multiple of 64 bytes as PyTorch has them. */
function zip(files: readonly (readonly [string, Buffer])[]): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, bytes] of files) {
    const header = Buffer.alloc(30);
    header.writeUInt32LE(0x04034b50);
    header.writeUInt32LE(crc32(bytes), 14);
    header.writeUInt32LE(bytes.length, 18);
    header.writeUInt32LE(bytes.length, 22);
    header.writeUInt16LE(Buffer.byteLength(name), 26);
    const begun = at + header.length + Buffer.byteLength(name) + 4;
    const padding = Buffer.alloc(4 + ((64 - (begun % 64)) % 64));
    padding.write("FB");
    padding.writeUInt16LE(padding.length - 4, 2);
    header.writeUInt16LE(padding.length, 28);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50);
    header.copy(entry, 6, 4, 28);
    entry.writeUInt32LE(at, 42);
    directory.push(entry, Buffer.from(name));
    parts.push(header, Buffer.from(name), padding, bytes);
    at += header.length + Buffer.byteLength(name) + padding.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
