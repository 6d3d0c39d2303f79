import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { TonescoreError } from "../../../errors.js";
import { findInputs } from "../../../media/inputs/findInputs.js";
import type { Input } from "../../../media/inputs/input.js";
import type { ModelFiles } from "../../../models/resolve.js";
import { packageRoot } from "../../../places.js";
import { choosePresets } from "../../../prompts/choosePresets.js";
import type { PresetName } from "../../../prompts/presets.js";
import type { CommandRun } from "../../terminal/commandRun.js";
import type { Dependencies } from "../../terminal/io.js";

/** From the sharpest to the most damaged. */
const examples = ["rider.jpg", "rider-blurred.jpg", "rider-compressed.jpg"];

interface Asked {
  readonly preset?: PresetName | undefined;
  readonly template?: string | undefined;
}

/** Scores the example pictures, and gives what to tell: a model that cannot is none. @throws {TonescoreError} what scoring throws */
export async function tryOut(
  files: ModelFiles,
  { preset, template }: Asked,
  run: CommandRun,
  dependencies: Dependencies,
): Promise<string[]> {
  const inputs: Input[] = [];
  const folder = fileURLToPath(new URL("examples", packageRoot));
  for await (const input of findInputs(examples.map((name) => join(folder, name)))) inputs.push(input);
  const presets = await choosePresets({ preset });
  const options = { ...files, ...(template !== undefined && { template }) };
  return run.withScorer(dependencies, options, presets, inputs.length, async (scorer) => {
    const told: string[] = [];
    for await (const result of scorer.scoreAll(inputs, { signal: run.signal })) {
      if (result.type === "error") throw new TonescoreError(result.error.code, result.error.message);
      told.push(`${basename(result.input.path ?? "")} ${result.score.toFixed(3)}`);
    }
    return told;
  });
}
