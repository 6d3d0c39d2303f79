import { existsSync } from "node:fs";
import { extname } from "node:path";

/** The folder of this package's code: src/, or dist/, whose shared chunks lie in it as this file does in src/. */
const code = new URL("./", import.meta.url);

/** What is not code: package.json, models/. */
export const packageRoot = new URL("../", code);

/** True in a clone of the repository: what is published holds no C++. */
export const isClone = existsSync(new URL("native/build.js", packageRoot));

/** Electron keeps files that native code opens, or that are started, beside its archive and not in it. */
export const outsideArchive = (path: string): string => path.replace(/\.asar(?=[\\/])/, ".asar.unpacked");

/** True in the archive of an Electron app, or beside it. */
export const isArchived = /\.asar(\.unpacked)?\//.test(code.href);

/**
 * A program for a thread or a process of its own, by its path in the code without an ending: outside the archive where
 * it was unpacked, since no part of Electron has to know archives there.
 */
export function ownProgram(path: string): URL {
  const program = new URL(path + extname(import.meta.url), code);
  const outside = new URL(outsideArchive(program.href));
  return existsSync(outside) ? outside : program;
}

/** A file that stands beside the code that reads it. */
export const ownFile = (path: string): URL => new URL(path, code);
