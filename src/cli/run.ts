import { setFlagsFromString } from "node:v8";
import { CommanderError } from "commander";
import type { OpenEngine } from "../native/engine.js";
import type { ScorerOptions } from "../scorer/options.js";
import { exitCodeOf, exitCodes } from "./exit.js";
import { PipeClosed } from "./output/pipeClosed.js";
import { createProgram } from "./program.js";
import type { Dependencies, Io } from "./terminal/io.js";
import { createMessages } from "./terminal/messages.js";

/** The addon and the decoders are loaded when the first scorer is made, so that help and mistakes are quick. */
const realDependencies: Dependencies = {
  createScorer: async (options, presets) => {
    const open = options.isolate === true ? await startIsolated(options) : undefined;
    const { nativeAddon } = await import("../native/load.js");
    nativeAddon().keepLessMemory();
    // Memory for young objects stays as small as it is: little of a run lasts, and pictures do not lie there.
    setFlagsFromString("--semi-space-growth-factor=1");
    const { openScorer } = await import("../scorer/createScorer.js");
    const { resolveScorerOptions } = await import("../scorer/options.js");
    return openScorer(resolveScorerOptions(options), presets, open);
  },
};

/** Its process starts while what reads and decodes is loaded here, and not for a model that is not here. */
async function startIsolated({ model, mmproj }: ScorerOptions): Promise<OpenEngine> {
  if (model !== undefined) await (await import("../models/resolve.js")).resolveModel(model, mmproj);
  const isolated = await import("../native/isolated/isolatedEngine.js");
  return isolated.startIsolated();
}

/** Runs the command line to its end and gives the exit code. */
export async function run(
  argv: readonly string[],
  io: Io,
  dependencies: Dependencies = realDependencies,
): Promise<number> {
  let code: number = exitCodes.ok;
  const program = createProgram(io, async ({ load }, args, flags) => {
    const runCommand = await load();
    code = await runCommand(args, flags, io, dependencies);
  });
  try {
    await program.parseAsync(argv, { from: "user" });
    return code;
  } catch (error) {
    // Commander has told the user itself, and a closed pipe is nobody's mistake.
    if (!(error instanceof CommanderError) && !(error instanceof PipeClosed)) {
      createMessages(io.stderr, false, () => undefined).error(error);
    }
    return exitCodeOf(error);
  }
}
