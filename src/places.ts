import { existsSync } from "node:fs";
import { extname } from "node:path";

/** The folder of this package's code: src/, or dist/, whose shared chunks lie in it as this file does in src/. */
const code = new URL("./", import.meta.url);

/** What is not code: package.json, models/. */
export const packageRoot = new URL("../", code);

/** True in a clone of the repository: what is published holds no C++. */
export const isClone = existsSync(new URL("native/build.js", packageRoot));

/** A program for a thread or a process of its own, by its path in the code without an ending. */
export const ownProgram = (path: string): URL => new URL(path + extname(import.meta.url), code);

/** A file that stands beside the code that reads it. */
export const ownFile = (path: string): URL => new URL(path, code);
