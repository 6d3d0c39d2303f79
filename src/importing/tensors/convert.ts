import type { WeightType } from "../checkpoint/storedTensor.js";

const f32 = new Float32Array(1);
const bits = new Uint32Array(f32.buffer);

/** The bits of a f16, of those of a f32: rounded to the nearest, ties to even, as NumPy and ggml do. */
function halfOf(value: number): number {
  const sign = (value >>> 16) & 0x8000;
  const magnitude = value & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7c00 | ((magnitude >>> 13) & 0x3ff || 1); // not a number
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // beyond 65504
  if (magnitude >= 0x38800000) {
    const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1);
    return sign | ((rounded - 0x38000000) >>> 13);
  }
  if (magnitude < 0x33000000) return sign; // less than half the smallest
  const shift = 126 - (magnitude >>> 23);
  const mantissa = (magnitude & 0x7fffff) | 0x800000;
  const half = mantissa >>> shift;
  const rest = mantissa & ((1 << shift) - 1);
  const middle = 1 << (shift - 1);
  return sign | (half + (rest > middle || (rest === middle && (half & 1) === 1) ? 1 : 0));
}

/** The bits of a f32, of those of a f16. */
function singleOf(half: number): number {
  const sign = (half & 0x8000) << 16;
  const exponent = (half >>> 10) & 0x1f;
  let mantissa = half & 0x3ff;
  if (exponent === 0x1f) return (sign | 0x7f800000 | (mantissa << 13)) >>> 0;
  if (exponent !== 0) return (sign | ((exponent + 112) << 23) | (mantissa << 13)) >>> 0;
  if (mantissa === 0) return sign >>> 0;
  let up = 0;
  while ((mantissa & 0x400) === 0) {
    mantissa <<= 1;
    up++;
  }
  return (sign | ((113 - up) << 23) | ((mantissa & 0x3ff) << 13)) >>> 0;
}

/** The bits of a bf16, of those of a f32: rounded as ggml does. */
function brainOf(value: number): number {
  if ((value & 0x7fffffff) > 0x7f800000) return (value >>> 16) | 64; // a NaN that is quiet
  return ((value + 0x7fff + ((value >>> 16) & 1)) / 0x10000) & 0xffff;
}

const tableOf = (make: (bits: number) => number): (() => Uint32Array) => {
  let table: Uint32Array | undefined;
  return () => (table ??= Uint32Array.from({ length: 0x10000 }, (_, index) => make(index)));
};

const brainBits = (brain: number): number => (brain << 16) >>> 0;
/** What each of the 65536 short numbers becomes; made when it is first needed. */
const tables = {
  "F16 F32": tableOf(singleOf),
  "BF16 F32": tableOf(brainBits),
  "F16 BF16": tableOf((half) => brainOf(singleOf(half))),
  "BF16 F16": tableOf((brain) => halfOf(brainBits(brain))),
  "BF16 BF16": tableOf((brain) => brainOf(brainBits(brain))),
} as const;

const widths = { F32: 4, F16: 2, BF16: 2 } as const;

/** Numbers of one type as another, little-endian. */
export function convert(from: Buffer, type: WeightType, to: WeightType): Buffer {
  if (type === to && type !== "BF16") return from;
  const count = from.length / widths[type];
  const made = Buffer.allocUnsafeSlow(count * widths[to]);
  const target = to === "F32" ? new Uint32Array(made.buffer) : new Uint16Array(made.buffer);
  if (type === "F32") {
    const one = to === "F16" ? halfOf : brainOf;
    const source = new Uint32Array(aligned(from).buffer);
    for (let i = 0; i < count; i++) target[i] = one(source[i] ?? 0);
    return made;
  }
  const table = tables[`${type} ${to}` as keyof typeof tables]();
  const source = new Uint16Array(aligned(from).buffer);
  for (let i = 0; i < count; i++) target[i] = table[source[i] ?? 0] ?? 0;
  return made;
}

/**
 * Numbers after a function of each, as f32. As PyTorch computes, a f16 stays one, and a bf16 has been made a f32 before.
 */
export function mapNumbers(from: Buffer, type: WeightType, each: (value: number) => number): Buffer {
  const made = aligned(convert(from, type, "F32"));
  const values = new Float32Array(made.buffer, made.byteOffset, made.length / 4);
  for (let i = 0; i < values.length; i++) {
    f32[0] = each(values[i] ?? 0);
    if (type === "F16") bits[0] = singleOf(halfOf(bits[0] ?? 0));
    values[i] = f32[0];
  }
  return made;
}

/** The same bytes at the beginning of memory of their own. */
function aligned(bytes: Buffer): Buffer {
  if (bytes.byteOffset === 0 && bytes.buffer.byteLength === bytes.length) return bytes;
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
}
