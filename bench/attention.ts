/**
 * Prints how far an encoder's embeddings are from those of attention by products in f32, with attention of ours and with
 * ggml's flash attention, and how long each takes; bench/README.md says how.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root, scratch } from "./paths.js";

const build = join(root, "build", "cmake");
const small = join(root, "test", "reference", "transformers", "models");
const ROUNDS = 5;
const PICTURE = ["256", "256"];
/** Of real shapes, with pictures of their own. */
const shapes: Readonly<Record<string, readonly string[]>> = {
  "qwen2-vl-2b-encoder": ["336", "224"],
  "internvl3-1b-encoder": ["448", "448"],
};

interface Encoded {
  readonly values: Float32Array;
  /** CPU time of one thread, the smallest of all rounds. */
  readonly milliseconds: number;
}

function encode(program: string, pair: string, picture: readonly string[], ...more: string[]): Encoded {
  const folder = mkdtempSync(join(tmpdir(), "tonescore-attention-"));
  try {
    const output = join(folder, "embeddings");
    const files = [`${pair}.gguf`, `${pair}.mmproj.gguf`, String(ROUNDS)];
    const text = execFileSync(
      join(build, program),
      [join(root, "build", "Release"), ...files, ...picture, output, ...more],
      { encoding: "utf8" },
    );
    const [, time = "NaN"] = /without looking at each node: (\S+) ms/.exec(text) ?? [];
    const bytes = readFileSync(output);
    return {
      values: new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4),
      milliseconds: Number(time),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const most = (a: Float32Array, b: Float32Array): number =>
  a.reduce((largest, value, index) => Math.max(largest, Math.abs(value - (b[index] ?? NaN))), 0);
const rms = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length);

const print = (...cells: string[]): void => {
  console.log(`| ${cells.join(" | ")} |`);
};

for (const target of ["encoder_profile", "encoder_profile_libmtmd"])
  execFileSync("cmake", ["--build", build, "--target", target], { stdio: ["ignore", "ignore", "inherit"] });
const families = readdirSync(small)
  .filter((file) => file.endsWith(".mmproj.gguf"))
  .map((file) => [join(small, file.replace(".mmproj.gguf", "")), PICTURE] as const);
const real = Object.entries(shapes)
  .map(([name, picture]) => [join(scratch, name), picture] as const)
  .filter(([pair]) => existsSync(`${pair}.gguf`));
print("encoder", "RMS", "ours", "flash", "ours, ms", "products, ms", "flash, ms");
print("---", ...Array<string>(6).fill("---:"));
for (const [pair, picture] of [...families, ...real]) {
  const ours = encode("encoder_profile", pair, picture);
  const products = encode("encoder_profile_libmtmd", pair, picture);
  const flash = encode("encoder_profile_libmtmd", pair, picture, "flash");
  const distances = [ours, flash].map(({ values }) => most(values, products.values).toPrecision(2));
  const times = [ours, products, flash].map(({ milliseconds }) => milliseconds.toPrecision(3));
  print(pair.split(/[/\\]/).at(-1) ?? pair, rms(products.values).toPrecision(3), ...distances, ...times);
}
