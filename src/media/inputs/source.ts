import { constants, type Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { fileProblem } from "../../util/namedFile.js";
import { messageOf } from "../../util/messageOf.js";
import { expected } from "../../util/expected.js";
import type { TonescoreError } from "../../errors.js";
import { fsPath } from "./fileNames.js";

export const isUrl = (source: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(source);

/** Says in this library's words why a file or a folder could not be read. */
export function accessError(path: string, cause: unknown): TonescoreError {
  const { message, notFound } = fileProblem(cause);
  return expected(`a file or a folder at "${path}"`, {
    code: notFound ? "ERR_INPUT_NOT_FOUND" : "ERR_INPUT_UNREADABLE",
    but: message,
    remedy: notFound ? "Check the path." : "Check that it opens in another program.",
    cause,
  });
}

/** Only local files are ever opened. */
export const urlError = (source: string): TonescoreError =>
  expected("a local file", {
    code: "ERR_INPUT_UNSUPPORTED",
    but: `received the URL "${source}"`,
    remedy: "Download it first and give its path.",
  });

/** What sends a stream did not come to its end. */
export const brokenOff = (name: string, cause: unknown): TonescoreError =>
  expected(`${name} to go on`, {
    code: "ERR_INPUT_UNREADABLE",
    but: `it broke off: ${messageOf(cause)}`,
    remedy: "Check what sends it.",
    cause,
  });

/** The state of what a path leads to; every failure is an error of this library. */
export async function statPath(path: string): Promise<Stats> {
  if (isUrl(path)) throw urlError(path);
  try {
    return await stat(fsPath(path));
  } catch (error) {
    throw accessError(path, error);
  }
}

/** As {@link statPath}, for what must be a regular file; `known` is its state where that was asked for before. */
export async function statFile(path: string, known?: Stats): Promise<Stats> {
  const stats = known ?? (await statPath(path));
  if (!stats.isFile()) {
    throw expected(`a file at "${path}"`, {
      code: "ERR_INPUT_UNSUPPORTED",
      but: `it is ${stats.isDirectory() ? "a folder" : "a pipe or a device"}`,
      remedy: "Give a file, or send a video through stdin.",
    });
  }
  return stats;
}

/** Opens a file to read. A pipe that nobody writes to would otherwise hold the caller for ever. */
export const openFile = (path: string): Promise<FileHandle> =>
  // Windows has neither such pipes nor the flag.
  open(fsPath(path), constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0));

/** Whether there is a folder; a glob is none. */
export const isFolder = (path: string): Promise<boolean> =>
  statPath(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
