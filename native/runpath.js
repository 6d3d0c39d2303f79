// Where a library's own search path (RUNPATH) has an empty element, the loader looks in the working directory,
// which may be a stranger's. The prebuilt libraries have one: "$ORIGIN:".
import { readFileSync, writeFileSync } from "node:fs";

const wrong = Buffer.from("\0$ORIGIN:\0");
const right = Buffer.from("\0$ORIGIN\0\0");

/** Takes the empty element out of a library's search path, in place. @param {string} file */
export function removeEmptyRunpath(file) {
  const bytes = readFileSync(file);
  const at = bytes.indexOf(wrong);
  if (at < 0) return;
  right.copy(bytes, at);
  writeFileSync(file, bytes);
}
