import { readFile, stat } from "node:fs/promises";
import { messageOf } from "./messageOf.js";
import { byteText } from "./byteText.js";

/** Why a file that the user named cannot be read, as the end of a sentence: "it is a folder". */
export class FileProblem extends Error {
  override readonly name = "FileProblem";

  constructor(
    message: string,
    readonly notFound = false,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** What a shell names where it hands over an open file. */
const DESCRIPTOR = /^\/(?:dev\/(?:stdin|fd\/\d+)|proc\/self\/fd\/\d+)$/;

/**
 * Bytes of a file to read; undefined for an open descriptor that the path names. Folders, pipes and devices, which may
 * never end, are refused.
 * @throws {FileProblem}
 */
export async function checkNamedFile(path: string): Promise<number | undefined> {
  const stats = await stat(path).catch((error: unknown) => {
    throw fileProblem(error);
  });
  if (stats.isFile()) return stats.size;
  if (stats.isDirectory()) throw new FileProblem("it is a folder");
  if (DESCRIPTOR.test(path)) return undefined;
  throw new FileProblem("it is a pipe or a device");
}

/**
 * A file of text, whole.
 * @param most bytes that it may have.
 * @throws {FileProblem}
 */
export async function readNamedText(path: string, most: number): Promise<string> {
  const size = await checkNamedFile(path);
  if (size !== undefined && size > most) {
    throw new FileProblem(`it has ${byteText(size)}, and at most ${byteText(most)} are expected`);
  }
  return readFile(path, "utf8").catch((error: unknown) => {
    throw fileProblem(error);
  });
}

/** @param cause of the file system's; its message names the path, which the sentence around it does too. */
export function fileProblem(cause: unknown): FileProblem {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  if (code === "ENOENT" || code === "ENOTDIR") return new FileProblem("nothing is there", true, { cause });
  if (code === "EACCES" || code === "EPERM") {
    return new FileProblem("permission is denied: give yourself the right to read it", false, { cause });
  }
  if (code === "EISDIR") return new FileProblem("it is a folder", false, { cause });
  return new FileProblem(messageOf(cause), false, { cause });
}
