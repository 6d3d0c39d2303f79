import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { messageOf } from "../../util/messageOf.js";
import type { LightSamples } from "../colour/light.js";
import type { Size } from "../picture.js";

/** What libheif says of a failure, in place of what was asked for. */
interface Failure {
  readonly code: unknown;
  readonly message: string;
}

type Handle = Partial<Failure>;

interface Channel extends Size {
  readonly data: Uint8Array;
  /** Bytes from row to row. */
  readonly stride: number;
  readonly bits_per_pixel: number;
}

type Decoded = Partial<Failure> & { readonly channels?: readonly Channel[] };

/** The part of libheif-js's interface that is used. */
interface Library {
  readonly heif_error_code: { readonly heif_error_Ok: unknown };
  readonly heif_colorspace: { readonly heif_colorspace_RGB: unknown };
  readonly heif_chroma: {
    readonly heif_chroma_interleaved_RGBA: unknown;
    readonly heif_chroma_interleaved_RRGGBB_LE: unknown;
  };
  heif_context_alloc(): unknown;
  heif_context_read_from_memory(context: unknown, bytes: Uint8Array): Failure;
  heif_js_context_get_primary_image_handle(context: unknown): Handle;
  heif_image_handle_get_width(handle: Handle): number;
  heif_image_handle_get_height(handle: Handle): number;
  heif_js_decode_image2(handle: Handle, colorspace: unknown, chroma: unknown): Decoded;
}

/** Of the global that TypeScript knows of browsers alone. */
interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (program: object, imports: object) => object;
}
const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Wasm };

interface Settings {
  readonly instantiateWasm: (imports: object, receive: (instance: object) => unknown) => unknown;
  readonly print: () => void;
  readonly printErr: () => void;
  readonly onAbort: (reason: unknown) => never;
}

interface Loaded {
  readonly make: (settings: Settings) => Library;
  readonly program: object;
}

const require = createRequire(import.meta.url);
const loaded = new Map<string, Loaded>();

function load(folder: string): Loaded {
  const known = loaded.get(folder);
  if (known) return known;
  const make = require(join(folder, "libheif-wasm", "libheif.js")) as Loaded["make"];
  const program = new wasm.Module(readFileSync(join(folder, "libheif-wasm", "libheif.wasm")));
  loaded.set(folder, { make, program });
  return { make, program };
}

/** Each picture gets memory of its own, which goes with it: what one breaks or leaves behind is in no other's way. */
function start({ make, program }: Loaded): Library {
  return make({
    instantiateWasm: (imports, receive) => receive(new wasm.Instance(program, imports)),
    print: () => undefined,
    printErr: () => undefined,
    onAbort: (reason) => {
      throw new Error(`libheif gave up (${messageOf(reason)})`);
    },
  });
}

const reasonOf = ({ message }: Partial<Failure>): Error => new Error(message?.trim());

/** Bits of a sample to all 16. */
function widened({ data, stride, width, height, bits_per_pixel: bits }: Channel): Uint16Array<ArrayBuffer> {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const top = 2 ** bits - 1;
  const samples = new Uint16Array(3 * width * height);
  for (let row = 0, to = 0; row < height; row++)
    for (let at = row * stride; at < row * stride + 6 * width; at += 2)
      samples[to++] = (view.getUint16(at, true) * 65535) / top + 0.5;
  return samples;
}

function packed({ data, stride, width, height }: Channel): Uint8Array<ArrayBuffer> {
  const samples = new Uint8Array(4 * width * height);
  for (let row = 0; row < height; row++)
    samples.set(data.subarray(row * stride, row * stride + 4 * width), 4 * width * row);
  return samples;
}

/** A HEIF picture for libheif, and what is known of it. */
export interface HeifTask extends Size {
  /** Where libheif-js is installed. */
  readonly folder: string;
  readonly data: Uint8Array<ArrayBuffer>;
  /** Whether more than 8 bits are there and of use. libheif fails at more than 8 bits with opacity. */
  readonly deep: boolean;
}

/**
 * The primary picture, upright, as red, green and blue, with opacity where it is not deep.
 * @throws {Error} what libheif says, or that the picture has another size than the file's header
 */
export function decodeHeif({ folder, data, width, height, deep }: HeifTask): LightSamples {
  const heif = start(load(folder));
  const context = heif.heif_context_alloc();
  const read = heif.heif_context_read_from_memory(context, data);
  if (read.code !== heif.heif_error_code.heif_error_Ok) throw reasonOf(read);
  const handle = heif.heif_js_context_get_primary_image_handle(context);
  if (handle.code !== undefined) throw reasonOf(handle);
  const [w, h] = [heif.heif_image_handle_get_width(handle), heif.heif_image_handle_get_height(handle)];
  if (w !== width || h !== height)
    throw new Error(`it is ${w}×${h} to libheif-js, and ${width}×${height} by its header`);
  const { heif_chroma_interleaved_RGBA: bytes, heif_chroma_interleaved_RRGGBB_LE: words } = heif.heif_chroma;
  const { heif_colorspace_RGB: rgb } = heif.heif_colorspace;
  const decoded = heif.heif_js_decode_image2(handle, rgb, deep ? words : bytes);
  if (decoded.code !== undefined) throw reasonOf(decoded);
  const [channel] = decoded.channels ?? [];
  if (channel?.width !== width || channel.height !== height) throw new Error("it gives no picture");
  return deep ? { data: widened(channel), channels: 3 } : { data: packed(channel), channels: 4 };
}
