import { basename } from "node:path";
import { inventory } from "../../../models/inventory.js";
import { filesToVerify, isIntact, type ToVerify } from "../../../models/verify.js";
import { throwIfAborted } from "../../../util/abort.js";
import { exitCodes } from "../../exit.js";
import { streamOutput } from "../../output/output.js";
import { type CommandRun, runCommand } from "../../terminal/commandRun.js";
import type { Io } from "../../terminal/io.js";
import type { VerifyFlags } from "./options.js";

interface Verified extends ToVerify {
  readonly name: string;
  /** Undefined where no hash is known. */
  readonly intact: boolean | undefined;
}

/** Hashes the files of one model, or of all that are here. */
export const run = ([name]: readonly string[], flags: VerifyFlags, io: Io): Promise<number> =>
  runCommand(io, flags, async (run) => {
    const names = name === undefined ? await namesHere() : [name];
    const verified: Verified[] = [];
    for (const [index, each] of names.entries())
      verified.push(...(await verify(run, each, index, names.length)));
    run.progress.finish();
    const text =
      flags.json === true
        ? JSON.stringify(
            verified.map((file) => ({ ...file, intact: file.intact ?? null })),
            null,
            2,
          )
        : verified.map(lineOf).join("\n");
    await streamOutput(io.stdout).write(`${text}\n`);
    const damaged = [...new Set(verified.filter(({ intact }) => intact === false).map((file) => file.name))];
    for (const bad of damaged) {
      run.messages.note(`mend it: tonescore models remove ${bad}, then pull or import it again`);
    }
    return damaged.length > 0 ? exitCodes.someFailed : exitCodes.ok;
  });

const namesHere = async (): Promise<string[]> =>
  (await inventory()).filter(({ here }) => here !== "no").map(({ name }) => name);

async function verify(
  { progress, signal }: CommandRun,
  name: string,
  index: number,
  of: number,
): Promise<Verified[]> {
  const files = await filesToVerify(name);
  const verified: Verified[] = [];
  for (const file of files) {
    throwIfAborted(signal);
    progress.phase(`hashing ${basename(file.path)}`, (index + verified.length / files.length) / of);
    verified.push({ name, ...file, intact: await isIntact(file) });
  }
  return verified;
}

const lineOf = ({ name, path, intact }: Verified): string => {
  const state = intact === undefined ? "– no hash is known" : intact ? "✓ as published" : "✗ damaged";
  return `${state}  ${name}  ${path}`;
};
