import { constants, type Stats } from "node:fs";
import { type FileHandle, open, stat } from "node:fs/promises";
import { TonescoreError } from "../../errors.js";
import { fsPath } from "./fileNames.js";

export const isUrl = (source: string): boolean => /^[a-z][a-z0-9+.-]+:\/\//i.test(source);

const reasonOf = (error: unknown): string | undefined =>
  error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;

/** Says in this library's words why a file or a folder could not be read. */
export function accessError(path: string, cause: unknown): TonescoreError {
  const reason = reasonOf(cause);
  if (reason === "ENOENT" || reason === "ENOTDIR") {
    const message = `Expected a file or a folder at "${path}", but nothing is there. Check the path.`;
    return new TonescoreError("ERR_INPUT_NOT_FOUND", message, { cause });
  }
  const why =
    reason === "EACCES" || reason === "EPERM"
      ? "permission denied. Give yourself the right to read it"
      : `${cause instanceof Error ? cause.message : String(cause)}. Check that it opens in another program`;
  return new TonescoreError("ERR_INPUT_UNREADABLE", `"${path}" cannot be read: ${why}.`, { cause });
}

/** Only local files are ever opened. */
export function urlError(source: string): TonescoreError {
  const message = `Expected a local file, but received the URL "${source}". Download it first and give its path.`;
  return new TonescoreError("ERR_INPUT_UNSUPPORTED", message);
}

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
    const what = stats.isDirectory() ? "a folder" : "a pipe or a device";
    const message = `Expected a file at "${path}", but it is ${what}. Give a file, or send a video through stdin.`;
    throw new TonescoreError("ERR_INPUT_UNSUPPORTED", message);
  }
  return stats;
}

/** Opens a file to read. A pipe that nobody writes to would otherwise hold the caller for ever. */
export const openFile = (path: string): Promise<FileHandle> =>
  // Windows has neither such pipes nor the flag.
  open(fsPath(path), constants.O_RDONLY | ((constants.O_NONBLOCK as number | undefined) ?? 0));
