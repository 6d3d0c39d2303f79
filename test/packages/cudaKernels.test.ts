import { expect } from "chai";
import { kernelsIn } from "../../scripts/package/cudaKernels.js";

interface Entry {
  readonly kind: number;
  readonly target: number;
  readonly version?: readonly [major: number, minor: number];
  readonly flags?: bigint;
}

/** As nvcc writes them, with four words of payload each. */
function entry({ kind, target, version = [1, 8], flags = 0x8011n }: Entry): Buffer {
  const bytes = Buffer.alloc(64 + 32);
  bytes.writeUInt16LE(kind, 0);
  bytes.writeUInt32LE(64, 4);
  bytes.writeBigUInt64LE(32n, 8);
  bytes.writeUInt16LE(version[1], 24);
  bytes.writeUInt16LE(version[0], 26);
  bytes.writeUInt32LE(target, 28);
  bytes.writeBigUInt64LE(flags, 40);
  return bytes;
}

function fatBinary(entries: readonly Entry[]): Buffer {
  const body = Buffer.concat(entries.map(entry));
  const head = Buffer.from("50ed55ba010010000000000000000000", "hex");
  head.writeBigUInt64LE(BigInt(body.length), 8);
  return Buffer.concat([head, body]);
}

describe("the kernels of a CUDA module", () => {
  const ptx = { kind: 1, target: 90, version: [9, 1] } as const;
  const code = { kind: 2, target: 86 };
  const own = { kind: 2, target: 120, flags: 0x1108011n };

  it("are read from its fat binaries", () => {
    const all = [ptx, code, own];
    const module = Buffer.concat([Buffer.alloc(24), fatBinary(all), Buffer.alloc(16), fatBinary(all)]);
    expect(kernelsIn(module)).to.deep.equal({
      machineCode: [86],
      machineCodeOfOne: [120],
      ptx: [90],
      ptxVersion: "9.1",
    });
  });

  it("are an error where they are not the same in all of them, or there are none", () => {
    expect(() => kernelsIn(Buffer.concat([fatBinary([ptx, code]), fatBinary([ptx])]))).to.throw("2 kinds");
    expect(() => kernelsIn(Buffer.alloc(64))).to.throw("0 kinds");
  });
});
