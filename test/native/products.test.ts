import { execFileSync } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Found {
  readonly computed: boolean;
  readonly alike: boolean;
  readonly refused: boolean;
  readonly largest: number;
}

/** Compiled for this processor, as ggml's module is. */
async function run(): Promise<Found> {
  const folder = await mkdtemp(join(tmpdir(), "products-"));
  try {
    const program = join(folder, "products");
    const sources = ["test/native/products.cc", "native/products/q8_0.cc"].map((file) => join(root, file));
    execFileSync(process.env.CXX ?? "c++", [
      "-std=c++17",
      "-O2",
      "-w",
      "-march=native",
      ...sources,
      "-o",
      program,
    ]);
    return JSON.parse(execFileSync(program, { encoding: "utf8" })) as Found;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("products of q8_0", () => {
  it("are those of plain loops, whatever rows are beside, where the processor has AVX-512 VNNI", async () => {
    const flags = process.platform === "linux" ? await readFile("/proc/cpuinfo", "utf8") : "";
    const found = await run();
    expect(found.refused).to.equal(true);
    if (!/\bavx512_vnni\b/.test(flags)) {
      expect(found.computed).to.equal(false);
      return;
    }
    expect(found.computed).to.equal(true);
    expect(found.alike).to.equal(true);
    expect(found.largest).to.be.below(1e-6);
  });
});
