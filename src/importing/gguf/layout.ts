import { bytesOf, type PlannedTensor } from "../tensors/plannedTensor.js";
import { encodeText, type Metadata, uint32, uint64 } from "./metadata.js";

/** A GGUF before it is written: what it says, and its tensors in the order of the file. */
export interface GgufPlan {
  readonly metadata: Metadata;
  readonly tensors: readonly PlannedTensor[];
}

const VERSION = 3;
export const ALIGNMENT = 32;
/** ggml's numbers of the types. */
const types = { F32: 0, F16: 1, BF16: 30 } as const;

const padded = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

export interface Layout {
  /** All before the tensors, up to where the first begins. */
  readonly header: Buffer;
  /** Where each tensor begins in the file. */
  readonly offsets: readonly number[];
  /** Bytes of the whole file. */
  readonly size: number;
}

/** Where everything will lie: known before a tensor is read. */
export function layOut({ metadata, tensors }: GgufPlan): Layout {
  const infos: Buffer[] = [];
  const places: number[] = [];
  let at = 0;
  for (const tensor of tensors) {
    const dimensions = [...tensor.shape].reverse();
    infos.push(encodeText(tensor.name), uint32(dimensions.length), ...dimensions.map(uint64));
    infos.push(uint32(types[tensor.type]), uint64(at));
    places.push(at);
    at += padded(bytesOf(tensor));
  }
  const counts = [uint32(VERSION), uint64(tensors.length), uint64(metadata.entries.size)];
  const said = Buffer.concat([Buffer.from("GGUF"), ...counts, metadata.encode(), ...infos]);
  const header = Buffer.alloc(padded(said.length));
  said.copy(header);
  return { header, offsets: places.map((place) => header.length + place), size: header.length + at };
}
