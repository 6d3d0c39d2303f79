import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import type { Kind, Mutant } from "../kind.js";
import { mutateBytes } from "../mutateBytes.js";
import type { Prepared } from "../prepared.js";
import { checkRows } from "../rows.js";

const file = (path: string): string => fileURLToPath(new URL(`../../../${path}`, import.meta.url));

const FAMILIES = ["gemma3", "internvl3", "llava-1.5", "pixtral", "qwen2.5-vl", "qwen3.5", "smolvlm"];
/** A language model and its picture encoder. */
type Pair = readonly [model: string, mmproj: string];
const pairsWith = (prepared: Prepared): readonly Pair[] => [
  [file("models/tonescore-3.gguf"), file("models/mmproj-tonescore-3.gguf")],
  ...FAMILIES.map(
    (family) =>
      [
        file(`test/fixtures/models/${family}.gguf`),
        file(`test/fixtures/models/${family}.mmproj.gguf`),
      ] as const,
  ),
  [prepared.path("owl2.gguf"), prepared.path("owl2.mmproj.gguf")],
];

/** How much of a model file describes it; changes of its weights only change scores. */
const DESCRIPTION_BYTES = 24_000;

/** One of a model's two files is hostile; a picture is scored with both, in a process of their own. */
export async function models(prepared: Prepared): Promise<Kind> {
  const files = await Promise.all(
    pairsWith(prepared).flatMap((pair) =>
      pair.map(async (path) => ({ path, pair, bytes: await readFile(path) })),
    ),
  );
  const partner = new Map<number, readonly string[]>();
  return {
    ...{ name: "models", atOnce: 1, exitCodes: [0, 1, 2, 3], memory: 2e9 },
    mutate(index, random) {
      const [seed, other] = [random.pick(files), random.pick(files)];
      partner.set(index, [seed.path, ...seed.pair.filter((path) => path !== seed.path)]);
      const head = mutateBytes(
        seed.bytes.subarray(0, DESCRIPTION_BYTES),
        other.bytes.subarray(0, DESCRIPTION_BYTES),
        random,
      );
      const whole = mutateBytes(seed.bytes, other.bytes, random);
      const { bytes, how } = random.chance(0.7)
        ? {
            bytes: Buffer.concat([head.bytes, seed.bytes.subarray(DESCRIPTION_BYTES)]),
            how: `description ${head.how}`,
          }
        : whole;
      return {
        index,
        name: Buffer.from(`mutant-${index}.gguf`),
        bytes,
        how: `${basename(seed.path)}: ${how}`,
      };
    },
    args([mutant], sandbox) {
      const [seed = "", other = ""] = partner.get(mutant?.index ?? -1) ?? [];
      const hostile = sandbox.path("in", String(mutant?.name));
      const [model, mmproj] = seed.includes("mmproj") ? [other, hostile] : [hostile, other];
      return [
        prepared.path("pictures/p-1.jpg"),
        "-f",
        "ndjson",
        "--isolate",
        "-m",
        model,
        "--mmproj",
        mmproj,
      ];
    },
    check({ code, stdout }) {
      if (code === 2 || code === 3) return { taken: 0, problems: [] };
      const { taken, problems } = checkRows(stdout, [PICTURE]);
      // Weights can make a model answer what is no number, or crash it, which the picture's row says.
      return {
        taken,
        problems: problems.filter((problem) => !/ERR_INFERENCE|ERR_ENGINE_CRASHED/.test(problem)),
      };
    },
  };
}

/** The one that models are shown. */
const PICTURE: Mutant = { index: 1, name: Buffer.from("p-1.jpg"), bytes: Buffer.alloc(0), how: "healthy" };
