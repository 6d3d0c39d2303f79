// What GPUs a CUDA module has kernels for, read from the module itself.
//
// nvcc puts a "fat binary" for each source file into it: a header of 16 bytes (magic, version, its own size, the size of
// what follows), then an entry for each target, whose header has its kind (1: PTX, 2: machine code), its own size, the
// payload's, the version of PTX, the target (90: compute capability 9.0) and flags.
import { readFileSync } from "node:fs";

const MAGIC = Buffer.from([0x50, 0xed, 0x55, 0xba]);
const PTX = 1;
/** Set in the flags of machine code for one capability alone, such as sm_120a. */
const OF_ONE = 0x100000n;

/** @typedef {{ machineCode: number[], machineCodeOfOne: number[], ptx: number[], ptxVersion: string }} Kernels */

/** The entries of one fat binary. @param {Buffer} bytes @param {number} start */
function* entriesAt(bytes, start) {
  const end = start + bytes.readUInt16LE(start + 6) + Number(bytes.readBigUInt64LE(start + 8));
  for (let at = start + bytes.readUInt16LE(start + 6); at < end;) {
    const size = bytes.readUInt32LE(at + 4) + Number(bytes.readBigUInt64LE(at + 8));
    if (size === 0) throw new Error("an entry of a fat binary without a size");
    yield {
      ptx: bytes.readUInt16LE(at) === PTX,
      version: `${bytes.readUInt16LE(at + 26)}.${bytes.readUInt16LE(at + 24)}`,
      target: bytes.readUInt32LE(at + 28),
      ofOne: (bytes.readBigUInt64LE(at + 40) & OF_ONE) !== 0n,
    };
    at += size;
  }
}

/**
 * As src/native/cudaKernels.json has it.
 * @param {Buffer} bytes of the module
 * @returns {Kernels}
 * @throws where its fat binaries differ, so that no one list is true of all kernels
 */
export function kernelsIn(bytes) {
  /** @type {Set<string>} */
  const all = new Set();
  for (let at = bytes.indexOf(MAGIC); at >= 0; at = bytes.indexOf(MAGIC, at + 4)) {
    if (at % 8 !== 0 || bytes.readUInt16LE(at + 4) !== 1 || bytes.readUInt16LE(at + 6) !== 16) continue;
    const entries = [...entriesAt(bytes, at)];
    /** @param {(entry: (typeof entries)[number]) => boolean} wanted */
    const targets = (wanted) => entries.filter(wanted).map(({ target }) => target);
    const versions = new Set(entries.filter(({ ptx }) => ptx).map(({ version }) => version));
    const kernels = {
      machineCode: targets(({ ptx, ofOne }) => !ptx && !ofOne),
      machineCodeOfOne: targets(({ ptx, ofOne }) => !ptx && ofOne),
      ptx: targets(({ ptx }) => ptx),
      ptxVersion: [...versions].join(),
    };
    all.add(JSON.stringify(kernels));
  }
  const [first] = all;
  if (first === undefined || all.size > 1) throw new Error(`fat binaries of ${all.size} kinds, not of one`);
  /** @type {unknown} */
  const kernels = JSON.parse(first);
  return /** @type {Kernels} */ (kernels);
}

/** @param {string} module @param {unknown} known src/native/cudaKernels.json @throws where they differ */
export function checkKernels(module, known) {
  const found = JSON.stringify(kernelsIn(readFileSync(module)));
  if (found !== JSON.stringify(known))
    throw new Error(`${module} has ${found}, which is not what src/native/cudaKernels.json says`);
}
