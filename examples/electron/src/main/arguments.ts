/** What the page says is a stranger's, in case its own code is not what runs there. */
import { isAbsolute } from "node:path";

const MOST_PATHS = 10_000;
const LONGEST_PATH = 32_768;

const isPath = (value: unknown): value is string =>
  typeof value === "string" && value.length <= LONGEST_PATH && isAbsolute(value) && !value.includes("\0");

/** @throws {TypeError} where these are no absolute paths, or too many */
export function pathsFrom(value: unknown): readonly string[] {
  if (!Array.isArray(value) || value.length > MOST_PATHS || !value.every(isPath))
    throw new TypeError(`Expected at most ${MOST_PATHS} absolute paths`);
  return value;
}

export const isChoice = (value: unknown): value is "files" | "folder" =>
  value === "files" || value === "folder";
