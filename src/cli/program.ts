import { existsSync } from "node:fs";
import { Command } from "commander";
import { didYouMean } from "../util/suggest.js";
import { version } from "../version.js";
import type { ReportFlags } from "./commands/report/report.js";
import { addCompareOptions, type CompareFlags } from "./commands/compare/options.js";
import {
  addCalibrateOptions,
  addEvaluateOptions,
  type CalibrateFlags,
  type EvaluateFlags,
} from "./systems/options.js";
import { refuseRepeated } from "./options/givenOnce.js";
import {
  calibrateHelp,
  compareHelp,
  evaluateHelp,
  presetsHelp,
  reportHelp,
  scoreHelp,
} from "./options/help.js";
import type { Io } from "./terminal/io.js";
import { addScoreOptions, type ScoreFlags } from "./options/scoreOptions.js";
import { htmlFile, several } from "./options/values.js";

/** What the commands do; `run.ts` loads each when it is called. */
export interface Actions {
  score(inputs: readonly string[], flags: ScoreFlags): Promise<void>;
  compare(sources: readonly string[], flags: CompareFlags): Promise<void>;
  report(path: string, flags: ReportFlags): Promise<void>;
  presets(name: string | undefined): Promise<void>;
  evaluate(dataset: string | undefined, flags: EvaluateFlags): Promise<void>;
  calibrate(dataset: string | undefined, flags: CalibrateFlags): Promise<void>;
}

const inputsArgument = [
  "[inputs...]",
  "pictures, videos, folders or globs; - is a picture or a video on standard input",
] as const;

/** A word that is no file may be a command misspelled. */
function refuseMisspelled(program: Command, word: string): void {
  if (!/^[\w-]+$/.test(word) || existsSync(word)) return;
  const hint = didYouMean(
    word,
    program.commands.map((command) => command.name()),
  );
  if (hint !== "") program.error(`error: there is no file, folder or command "${word}"${hint}`);
}

function scoreCommand(command: Command, program: Command, actions: Actions): Command {
  return addScoreOptions(command.argument(...inputsArgument))
    .addHelpText("after", scoreHelp)
    .action(async (inputs: string[], _: unknown, called: Command) => {
      const [first] = inputs;
      if (first === undefined) program.help({ error: true });
      if (called === program) refuseMisspelled(program, first);
      // The program has the same options, so those before the command's name count too.
      await actions.score(inputs, called.optsWithGlobals<ScoreFlags>());
    });
}

/** The grammar of the command line. Scoring is what the program does by itself, and the command `score` too. */
export function createProgram(io: Io, actions: Actions): Command {
  const program = new Command("tonescore");
  program
    .description(
      "How good does a picture or a video look? A number, from a vision-language model on this machine.",
    )
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
  scoreCommand(program, program, actions);
  scoreCommand(program.command("score").summary("score pictures and videos (the default)"), program, actions);
  addEvaluateOptions(program.command("evaluate"))
    .summary("measure how well scores agree with viewers on a dataset")
    .description(
      "How well the scores of a model and preset agree with the mean opinion scores (MOS) of viewers.",
    )
    .argument("[dataset]", "a list of files and MOS, or the folder of a published dataset")
    .addHelpText("after", evaluateHelp)
    .action((dataset: string | undefined, flags: EvaluateFlags) => actions.evaluate(dataset, flags));
  addCalibrateOptions(program.command("calibrate"))
    .summary("fit a map from scores to the MOS scale of a dataset")
    .description(
      "Fits a map, which never falls, from the scores of a model and preset to a dataset's MOS scale.",
    )
    .argument("[dataset]", "a list of files and MOS, or the folder of a published dataset")
    .addHelpText("after", calibrateHelp)
    .action((dataset: string | undefined, flags: CalibrateFlags) => actions.calibrate(dataset, flags));
  addCompareOptions(program.command("compare"))
    .summary("hold versions of the same pictures against one another")
    .description(
      "Paired differences from the first version, such as the original or an encoder's present setting.",
    )
    .usage("[options] <baseline> <version…>")
    .argument(
      "<versions...>",
      "folders, files, globs, or results in NDJSON; pairs have the same name, extension aside",
    )
    .addHelpText("after", compareHelp)
    .action((sources: string[], flags: CompareFlags) => actions.compare(sources, flags));
  program
    .command("report")
    .summary("make a page to look at from results that are there already")
    .description("The page that --report makes, from what an earlier run wrote.")
    .argument("<results>", "NDJSON or JSON of scores; JSON of a comparison or an evaluation")
    .requiredOption("-o, --output <file.html>", "write the page there", htmlFile)
    .option(
      "--pictures <folder>",
      "show pictures below it too, not only below the results' folder and this one; may be repeated",
      several,
    )
    .option("--ffmpeg <path>", "the ffmpeg program, for the frames of videos")
    .option("-q, --quiet", "no progress")
    .addHelpText("after", reportHelp)
    .action((path: string, flags: ReportFlags) => actions.report(path, flags));
  program
    .command("presets")
    .summary("list the presets, or print one as JSON")
    .description("The built-in presets: what each asks, its tones, and where it comes from.")
    .argument("[name]", "print this one as JSON")
    .addHelpText("after", presetsHelp)
    .action((name?: string) => actions.presets(name));
  refuseRepeated(program);
  return program;
}
