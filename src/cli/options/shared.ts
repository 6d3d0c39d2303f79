import { option, type Options, type Typed } from "../../options/option.js";
import { flag, kind, path } from "../../util/arguments.js";
import { engine, ffmpeg } from "../../options/scorerOptions.js";
import { pooling, sampling } from "../../options/videoOptions.js";

/** A page's name; a picture that follows the option must not be taken for it and written over. */
export const htmlFile = kind<string>(
  "a file name that ends in .html",
  (value) => path.fits(value) && /\.html?$/i.test(value),
);

export const videos = { ...sampling, pooling, ffmpeg };
export const model = engine;

/** Where a command writes what it found; a command says in its own words what that is. */
export const output = (help: string) => option(path, { flag: { spelling: "-o, --output <file>", help } });
export const report = (help: string) =>
  option(htmlFile, { flag: { spelling: "--report <file.html>", help } });
export const quiet = (help: string) => option(flag, { flag: { spelling: "-q, --quiet", help } });

/** A calibration's file. */
export const calibration = <const F extends object>(help: string, more: F = {} as F) =>
  option(path, { namesFile: true, flag: { spelling: "--calibration <file>", help, ...more } });

/** What is typed besides inputs that may name a file which is read: model, presets, template, calibration, … */
export const namedFiles = (table: Options, typed: Typed<Options>): string[] =>
  Object.entries(table)
    .flatMap(([name, { namesFile }]) => (namesFile ? [typed[name]].flat() : []))
    .filter((value) => typeof value === "string");
