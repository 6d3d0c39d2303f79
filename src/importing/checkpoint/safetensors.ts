import { open, type FileHandle } from "node:fs/promises";
import { isRecord } from "../../util/isRecord.js";
import { parseJson } from "../../util/json.js";
import { FileProblem } from "../../util/namedFile.js";
import { shown } from "../../util/shown.js";
import { damaged, invalid } from "./invalid.js";
import { countOf, isStoredType, storedTypes, type StoredTensor, widthOf } from "./storedTensor.js";

/** Room for some hundred thousand tensors; the format's own limit is higher, and would take a gigabyte to read. */
const MOST_HEADER = 16e6;
/** A header's length stands before it. */
const LENGTH_BYTES = 8;

interface Placed extends StoredTensor {
  readonly name: string;
  readonly end: number;
}

/**
 * The tensors of a safetensors file, by name in alphabetical order; only its header is read.
 * @param shownPath what the user knows it by.
 * @throws {TonescoreError} `ERR_MODEL_INVALID` for what is not whole, or not one.
 */
export async function readSafetensors(path: string, shownPath: string): Promise<Map<string, StoredTensor>> {
  const refuse = (but: string, cause?: unknown): never => {
    throw invalid(`a whole safetensors file at "${shownPath}"`, but, damaged, cause);
  };
  const file = await open(path);
  try {
    const { size } = await file.stat();
    const header = await readHeader(file, size, refuse);
    const start = LENGTH_BYTES + header.length;
    let described: unknown;
    try {
      described = parseJson(header);
    } catch (error) {
      return refuse(`its header cannot be read: ${error instanceof FileProblem ? error.message : ""}`, error);
    }
    if (!isRecord(described)) return refuse("its header is no object");
    const tensors = Object.entries(described)
      .filter(([name]) => name !== "__metadata__")
      .map(([name, entry]) => place(name, entry, path, start, refuse));
    checkPlaces(tensors, start, size, refuse);
    tensors.sort((a, b) => (a.name < b.name ? -1 : 1));
    return new Map(
      tensors.map(({ name, type, shape, file: where, offset }) => [
        name,
        { type, shape, file: where, offset },
      ]),
    );
  } finally {
    await file.close();
  }
}

type Refuse = (but: string, cause?: unknown) => never;

async function readHeader(file: FileHandle, size: number, refuse: Refuse): Promise<Buffer> {
  if (size < LENGTH_BYTES) return refuse(`it has ${size} bytes`);
  const length = Number((await readAt(file, 0, LENGTH_BYTES)).readBigUInt64LE());
  if (length > MOST_HEADER) return refuse(`it claims a header of ${length} bytes`);
  if (length > size - LENGTH_BYTES)
    return refuse(`it claims a header of ${length} bytes and has ${size} in all`);
  return readAt(file, LENGTH_BYTES, length);
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done);
    if (bytesRead === 0) break; // cut short meanwhile: what is missing stays 0, and is no JSON
    done += bytesRead;
  }
  return buffer;
}

function place(name: string, entry: unknown, file: string, start: number, refuse: Refuse): Placed {
  const tensor = `the tensor ${shown(name)}`;
  if (!isRecord(entry)) return refuse(`${tensor} is not described`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (!isStoredType(dtype)) {
    return refuse(`${tensor} is of type ${shown(dtype)}, and none of ${storedTypes.join(", ")}`);
  }
  const count = countOf(shape);
  if (count === undefined) return refuse(`${tensor} has no shape that can be`);
  const [begin, end] = Array.isArray(offsets) && offsets.length === 2 ? (offsets as unknown[]) : [];
  const placed = Number.isSafeInteger(begin) && Number.isSafeInteger(end) && (begin as number) >= 0;
  if (!placed || (end as number) < (begin as number)) return refuse(`${tensor} lies nowhere`);
  const bytes = (end as number) - (begin as number);
  if (bytes !== count * widthOf(dtype)) {
    return refuse(`${tensor} has ${bytes} bytes where its shape takes ${count * widthOf(dtype)}`);
  }
  return {
    name,
    type: dtype,
    shape: shape as number[],
    file,
    offset: start + (begin as number),
    end: start + (end as number),
  };
}

/** Tensors lie one after another, up to the end of the file: what overlaps, or leaves room, is not of the format. */
function checkPlaces(tensors: readonly Placed[], start: number, size: number, refuse: Refuse): void {
  let at = start;
  for (const { name, offset, end } of [...tensors].sort((a, b) => a.offset - b.offset || a.end - b.end)) {
    if (offset < at) refuse(`the tensor ${shown(name)} overlaps with another`);
    if (offset > at) refuse(`nothing says what stands before the tensor ${shown(name)}`);
    at = end;
  }
  if (at > size) refuse(`it is cut short: its tensors end at byte ${at} and it has ${size}`);
  if (at < size) refuse(`it has ${size - at} bytes more than its tensors`);
}
