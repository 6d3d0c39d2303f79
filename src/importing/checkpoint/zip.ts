import type { FileHandle } from "node:fs/promises";

/** A file in an archive that is stored as it is: where its bytes lie. */
export interface Stored {
  readonly offset: number;
  readonly size: number;
}

/** Why an archive is refused, as the end of a sentence. */
export class ZipProblem extends Error {
  override readonly name = "ZipProblem";
}

const END = 0x06054b50;
const END_BYTES = 22;
const LONGEST_COMMENT = 0xffff;
const LOCATOR_64 = 0x07064b50;
const LOCATOR_BYTES = 20;
const END_64 = 0x06064b50;
const END_64_BYTES = 56;
const ENTRY = 0x02014b50;
const ENTRY_BYTES = 46;
const LOCAL = 0x04034b50;
const LOCAL_BYTES = 30;
const EXTRA_64 = 0x0001;
const IN_EXTRA = 0xffffffff;

const MOST_DIRECTORY = 64e6;

/**
 * The files of a zip archive by name, of which each must be stored uncompressed and lie inside it.
 * @throws {ZipProblem}
 */
export async function readZip(file: FileHandle): Promise<Map<string, Stored>> {
  const { size } = await file.stat();
  const directory = await readDirectory(file, size);
  const found = new Map<string, Stored>();
  for (let at = 0; at < directory.length;) {
    const entry = entryAt(directory, at);
    const local = await read(file, entry.header, LOCAL_BYTES, size);
    if (local.readUInt32LE(0) !== LOCAL) throw new ZipProblem("a file in it has no header");
    const offset = entry.header + LOCAL_BYTES + local.readUInt16LE(26) + local.readUInt16LE(28);
    if (offset + entry.size > size) throw new ZipProblem("it is cut short");
    if (found.has(entry.name)) throw new ZipProblem("it has two files of one name");
    found.set(entry.name, { offset, size: entry.size });
    at = entry.next;
  }
  return found;
}

async function read(file: FileHandle, position: number, length: number, size: number): Promise<Buffer> {
  if (position < 0 || position + length > size) throw new ZipProblem("it is cut short");
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) throw new ZipProblem("it is cut short");
    done += bytesRead;
  }
  return buffer;
}

const whole = (bytes: Buffer, at: number): number => {
  const value = bytes.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw new ZipProblem("it claims sizes that cannot be");
  return Number(value);
};

async function readDirectory(file: FileHandle, size: number): Promise<Buffer> {
  const length = Math.min(size, END_BYTES + LONGEST_COMMENT);
  const tail = await read(file, size - length, length, size);
  let at = length - END_BYTES;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
  if (at < 0) throw new ZipProblem("it is no zip archive, or is cut short");
  let [bytes, offset] = [tail.readUInt32LE(at + 12), tail.readUInt32LE(at + 16)];
  const locatorAt = size - length + at - LOCATOR_BYTES;
  if (locatorAt >= 0) {
    const locator = await read(file, locatorAt, LOCATOR_BYTES, size);
    if (locator.readUInt32LE(0) === LOCATOR_64) {
      const end = await read(file, whole(locator, 8), END_64_BYTES, size);
      if (end.readUInt32LE(0) !== END_64) throw new ZipProblem("its directory is not where it says");
      [bytes, offset] = [whole(end, 40), whole(end, 48)];
    }
  }
  if (bytes > MOST_DIRECTORY) throw new ZipProblem("its directory is larger than any checkpoint's");
  return read(file, offset, bytes, size);
}

interface Entry {
  readonly name: string;
  readonly size: number;
  /** Where its own header begins. */
  readonly header: number;
  readonly next: number;
}

function entryAt(directory: Buffer, at: number): Entry {
  if (at + ENTRY_BYTES > directory.length || directory.readUInt32LE(at) !== ENTRY) {
    throw new ZipProblem("its directory is damaged");
  }
  const method = directory.readUInt16LE(at + 10);
  if (method !== 0) throw new ZipProblem("a file in it is compressed, which PyTorch's are not");
  const nameEnd = at + ENTRY_BYTES + directory.readUInt16LE(at + 28);
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
  const next = extraEnd + directory.readUInt16LE(at + 32);
  if (next > directory.length) throw new ZipProblem("its directory is damaged");
  const extra = largeSizes(directory.subarray(nameEnd, extraEnd));
  // In the order of the format, and only those that did not fit.
  const field = (place: number): number => {
    const value = directory.readUInt32LE(at + place);
    return value === IN_EXTRA ? extra() : value;
  };
  const size = field(24);
  const stored = field(20);
  if (stored !== size) throw new ZipProblem("a file in it has two sizes");
  return { name: directory.toString("utf8", at + ENTRY_BYTES, nameEnd), size, header: field(42), next };
}

/** Gives the sizes beyond 4 GB that a file's extra field has, one after another. */
function largeSizes(extra: Buffer): () => number {
  let at = 0;
  let end = 0;
  for (let field = 0; field + 4 <= extra.length;) {
    const length = extra.readUInt16LE(field + 2);
    if (extra.readUInt16LE(field) === EXTRA_64) {
      [at, end] = [field + 4, Math.min(extra.length, field + 4 + length)];
      break;
    }
    field += 4 + length;
  }
  return () => {
    if (at + 8 > end) throw new ZipProblem("a file in it has no size");
    at += 8;
    return whole(extra, at - 8);
  };
}
