import { messageOf } from "./messageOf.js";
import { FileProblem } from "./namedFile.js";

/** No document of ours is deeper; what is would overflow the stack of whoever walks it. */
const MOST_DEPTH = 64;
/** Of one document or line: some 30 times fewer bytes than its text would take to grow beyond memory. */
const MOST_CONTAINERS = 10_000_000;
const MOST_VALUES = 40_000_000;

const [QUOTE, COMMA, BACKSLASH] = [0x22, 0x2c, 0x5c];
const [BRACKET, BRACE, BRACKET_END, BRACE_END] = [0x5b, 0x7b, 0x5d, 0x7d];

/**
 * Parses JSON that anybody may have written, once it is known that neither its depth nor what it becomes in memory is out
 * of measure.
 * @throws {FileProblem}
 */
export function parseJson(bytes: Buffer): unknown {
  checkShape(bytes);
  try {
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new FileProblem(`it is not JSON (${messageOf(cause)})`, false, { cause });
  }
}

/** @throws {FileProblem} where JSON is too deep, or would be too large in memory */
export function checkShape(bytes: Buffer): void {
  let depth = 0;
  let containers = 0;
  let values = 0;
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        at = endOfString(bytes, at + 1);
        break;
      case BRACE:
      case BRACKET:
        containers++;
        if (++depth > MOST_DEPTH) throw new FileProblem(`it is nested more than ${MOST_DEPTH} deep`);
        break;
      case BRACE_END:
      case BRACKET_END:
        depth--;
        break;
      case COMMA:
        values++;
    }
  }
  if (containers > MOST_CONTAINERS || values > MOST_VALUES) {
    throw new FileProblem(`it has ${containers} objects and lists and ${values} values in one piece`);
  }
}

/** Where the closing quote of a string is. */
function endOfString(bytes: Buffer, from: number): number {
  for (let at = bytes.indexOf(QUOTE, from); at >= 0; at = bytes.indexOf(QUOTE, at + 1)) {
    let backslashes = 0;
    while (bytes[at - 1 - backslashes] === BACKSLASH && at - 1 - backslashes >= from) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return bytes.length;
}
