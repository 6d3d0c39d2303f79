import { CommanderError } from "commander";
import { exitCodeOf, exitCodes } from "./exit.js";
import type { Dependencies, Io } from "./terminal/io.js";
import { createMessages } from "./terminal/messages.js";
import { PipeClosed } from "./output/output.js";
import { createProgram } from "./program.js";

/** The addon and the decoders are loaded when the first scorer is made, so that help and mistakes are quick. */
const realDependencies: Dependencies = {
  createScorer: async (options) => {
    const { nativeAddon } = await import("../native/load.js");
    nativeAddon().keepLessMemory();
    return (await import("../scorer/createScorer.js")).createScorer(options);
  },
};

/** Runs the command line to its end and gives the exit code. */
export async function run(
  argv: readonly string[],
  io: Io,
  dependencies: Dependencies = realDependencies,
): Promise<number> {
  let code: number = exitCodes.ok;
  const program = createProgram(io, {
    async score(inputs, flags) {
      const { score } = await import("./commands/score/score.js");
      code = await score(inputs, flags, io, dependencies);
    },
    async compare(sources, flags) {
      const { compare } = await import("./commands/compare/compare.js");
      code = await compare(sources, flags, io, dependencies);
    },
    async report(path, flags) {
      const { report } = await import("./commands/report/report.js");
      code = await report(path, flags, io);
    },
    async evaluate(dataset, flags) {
      const { evaluateCommand } = await import("./commands/evaluate/evaluate.js");
      code = await evaluateCommand(dataset, flags, io, dependencies);
    },
    async calibrate(dataset, flags) {
      const { calibrateCommand } = await import("./commands/calibrate/calibrate.js");
      code = await calibrateCommand(dataset, flags, io, dependencies);
    },
    async presets(name) {
      const { presets } = await import("./commands/presets/presets.js");
      await presets(name, io);
    },
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
