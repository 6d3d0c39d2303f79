import { basename, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { importModel } from "../../../importing/importModel.js";
import { findInputs } from "../../../media/inputs/findInputs.js";
import type { Input } from "../../../media/inputs/input.js";
import { fileNameOf, importedFolder, type ImportedModel } from "../../../models/imported.js";
import type { ModelFiles } from "../../../models/resolve.js";
import { packageRoot } from "../../../places.js";
import { choosePresets } from "../../../prompts/choosePresets.js";
import { byteText } from "../../../util/byteText.js";
import { exitCodes } from "../../exit.js";
import { TonescoreError } from "../../../errors.js";
import { streamOutput } from "../../output/output.js";
import { type CommandRun, runCommand } from "../../terminal/commandRun.js";
import type { Dependencies, Io } from "../../terminal/io.js";
import type { ImportFlags } from "./importOptions.js";

/** From the sharpest to the most damaged. */
const examples = ["rider.jpg", "rider-blurred.jpg", "rider-compressed.jpg"];

/** Makes a model of a checkpoint, and gives the exit code. */
export const run = (
  [checkpoint = ""]: readonly string[],
  flags: ImportFlags,
  io: Io,
  dependencies: Dependencies,
): Promise<number> => {
  const name = flags.name ?? basename(resolve(checkpoint));
  const target = flags.out ?? join(importedFolder(), fileNameOf(name));
  const stopped = `stopped; what was written is kept in ${target}.importing, and the same command goes on with it`;
  return runCommand(
    io,
    flags,
    async (run) => {
      let scores: readonly string[] = [];
      const model = await importModel({
        folder: checkpoint,
        name,
        target,
        quantisation: flags.quant ?? "Q8_0",
        companion: () => Promise.resolve(flags.encoder),
        signal: run.signal,
        onProgress: (what, fraction) => {
          run.progress.phase(what, fraction);
        },
        check: async (files, template) => {
          scores = await tryOut(files, template, run, dependencies);
        },
      });
      run.progress.finish();
      await streamOutput(io.stdout).write(`${summary(model, target, scores, flags)}\n`);
      return exitCodes.ok;
    },
    stopped,
  );
};

/** Scores the example pictures: a model that cannot is none. @throws {TonescoreError} what scoring throws */
async function tryOut(
  files: ModelFiles,
  template: string | undefined,
  run: CommandRun,
  dependencies: Dependencies,
): Promise<string[]> {
  const inputs: Input[] = [];
  const folder = fileURLToPath(new URL("examples", packageRoot));
  for await (const input of findInputs(examples.map((name) => join(folder, name)))) inputs.push(input);
  const presets = await choosePresets({});
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

function summary(
  model: ImportedModel,
  folder: string,
  scores: readonly string[],
  flags: ImportFlags,
): string {
  const { name, family, quantisation, licence = "not said", template } = model;
  const sizes = [model.model.bytes, model.mmproj.bytes].map(byteText).join(" + ");
  const named = flags.out === undefined ? name : folder;
  const asked = /^[\w./-]+$/.test(named) ? named : `"${named}"`;
  return [
    `${name}: ${family}, ${quantisation}, ${sizes}, licence ${licence}`,
    `tried on ${scores.join(", ")}`,
    `in ${folder}`,
    `to use it: tonescore photo.jpg --model ${asked}${template === undefined ? "" : ` --template ${template}`}`,
  ].join("\n");
}
