/**
 * Prints how far the logits of an mPLUG-Owl2 are from the reference's, the table in docs/parity.md:
 *
 *     npx tsx test/reference/mplug-owl2/measure.ts
 */
import type { ModelFiles } from "../../../src/models/resolve.js";
import { Pairs } from "./pairs.js";
import { cases, distance, type Reading, readPair, record, recorded } from "./readings.js";

const print = (...cells: string[]): void => {
  console.log(`| ${cells.join(" | ")} |`);
};
const prompts = Object.keys(record.prompts);

function printDistances(
  name: string,
  reference: string,
  ours: readonly Reading[],
  theirs: readonly Reading[],
): void {
  const found = prompts.map((prompt) =>
    Math.max(
      ...cases.map((each, i) => {
        const [a, b] = [ours[i], theirs[i]];
        return each.prompt === prompt && a && b ? distance(a, b) : 0;
      }),
    ),
  );
  print(name, reference, ...found.map((largest) => largest.toPrecision(2)));
}

await using pairs = await Pairs.make();
const mixed = async (model: ModelFiles, mmproj: ModelFiles): Promise<readonly Reading[]> =>
  readPair({ model: model.model, mmproj: mmproj.mmproj });

print("weights", "reference", ...prompts);
print(...Array<string>(2 + prompts.length).fill("---"));
const torch = cases.map(recorded);
printDistances("f32", "PyTorch", await readPair(await pairs.wide("F16")), torch);
printDistances("f16", "PyTorch", await readPair(await pairs.files("F16")), torch);
for (const weights of ["Q8_0", "Q4_0"] as const) {
  const [files, wide] = [await pairs.files(weights), await pairs.wide(weights)];
  const small = weights.toLowerCase();
  printDistances(small, "the same numbers as f32", await readPair(files), await readPair(wide));
  const other = await pairs.files("F16");
  const wideOther = await pairs.wide("F16");
  printDistances(
    `${small}, pictures' f16`,
    "the same numbers as f32",
    await mixed(files, other),
    await mixed(wide, wideOther),
  );
  printDistances(
    `f16, pictures' ${small}`,
    "the same numbers as f32",
    await mixed(other, files),
    await mixed(wideOther, wide),
  );
}
