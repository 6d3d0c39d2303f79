import { withPull } from "../../../models/pull.js";
import { exitCodes } from "../../exit.js";
import { streamOutput } from "../../output/output.js";
import { runCommand } from "../../terminal/commandRun.js";
import type { Io } from "../../terminal/io.js";
import { pullShown } from "../../terminal/pullShown.js";
import type { PullFlags } from "./options.js";

/** Whoever calls it has asked for the download. */
export const run = ([name = ""]: readonly string[], flags: PullFlags, io: Io): Promise<number> =>
  runCommand(
    io,
    flags,
    async (run) => {
      const files = await withPull(name, (pull) => pullShown(run, pull), { signal: run.signal });
      run.messages.note(`${name} is here, and is scored with by --model ${name}`);
      if (flags.json === true) {
        await streamOutput(io.stdout).write(`${JSON.stringify({ name, ...files }, null, 2)}\n`);
      }
      return exitCodes.ok;
    },
    "stopped; the same command goes on where it ended",
  );
