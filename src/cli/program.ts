import { existsSync } from "node:fs";
import { Command as Commander } from "commander";
import { didYouMean } from "../util/suggest.js";
import { version } from "../version.js";
import type { Command } from "./command.js";
import { calibrate } from "./commands/calibrate/command.js";
import { compare } from "./commands/compare/command.js";
import { doctor } from "./commands/doctor/command.js";
import { evaluate } from "./commands/evaluate/command.js";
import { models } from "./commands/models/command.js";
import { presets } from "./commands/presets/command.js";
import { report } from "./commands/report/command.js";
import { score } from "./commands/score/command.js";
import { addOptions, refuseRepeated } from "./options/addOptions.js";
import type { Io } from "./terminal/io.js";

/** In the order in which the help lists them. */
const commands: readonly Command[] = [score, evaluate, calibrate, compare, report, presets, models, doctor];

/** What is done with a command and what was typed for it. */
export type Action = (command: Command, args: readonly string[], flags: object) => Promise<void>;

/** A word that is no file may be a command misspelled. */
function refuseMisspelled(program: Commander, word: string): void {
  if (!/^[\w-]+$/.test(word) || existsSync(word)) return;
  const hint = didYouMean(
    word,
    commands.map(({ name }) => name),
  );
  if (hint !== "") program.error(`error: there is no file, folder or command "${word}"${hint}`);
}

/** Gives a command its grammar and its help. */
function define(commander: Commander, command: Command): Commander {
  const { argument, options, help, summary, description, usage } = command;
  if (argument !== undefined) commander.argument(...argument);
  addOptions(commander.summary(summary), options).addHelpText("after", help);
  if (description !== undefined) commander.description(description);
  return usage === undefined ? commander : commander.usage(usage);
}

const argsOf = ({ processedArgs }: Commander): string[] =>
  (processedArgs as (string | string[] | undefined)[]).flat().filter((arg) => arg !== undefined);

/** Scoring is what the program does by itself, and the command `score` too. */
function defineScore(commander: Commander, program: Commander, act: Action): void {
  define(commander, score).action(async () => {
    const args = argsOf(commander);
    const [first] = args;
    if (first === undefined) program.help({ error: true });
    if (commander === program) refuseMisspelled(program, first);
    // The program has the same options, so those before the command's name count too.
    await act(score, args, commander.optsWithGlobals());
  });
}

/** A command, and those of its own. */
function add(parent: Commander, command: Command, act: Action): void {
  const commander = parent.command(command.name);
  define(commander, command).action(() => act(command, argsOf(commander), commander.opts()));
  if (command.commands === undefined) return;
  commander.enablePositionalOptions().helpCommand(false);
  for (const own of command.commands) add(commander, own, act);
}

/** The grammar of the command line. */
export function createProgram(io: Io, act: Action): Commander {
  const program = new Commander("tonescore")
    .usage("[options] <files, folders, globs…>")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand(true)
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => io.stderr.write(text),
      outputError: (text, write) => {
        write(text.replace(/^error: /, "tonescore: "));
      },
      getOutHelpWidth: () => io.stdout.columns ?? 100,
      getErrHelpWidth: () => io.stderr.columns ?? 100,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
  defineScore(program, program, act);
  program.description(
    "How good does a picture or a video look? A number, from a vision-language model on this machine.",
  );
  for (const command of commands) {
    if (command === score) defineScore(program.command(command.name), program, act);
    else add(program, command, act);
  }
  refuseRepeated(program);
  return program;
}
