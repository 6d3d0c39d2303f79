import type { RunHeader } from "../../result.js";
import type { Format } from "./format.js";

/** A JSON document a line: the header, then each result when it is there. */
export function ndjsonFormat(header: RunHeader | undefined): Format {
  return {
    ...(header && { start: `${JSON.stringify(header)}\n` }),
    result: (result) => `${JSON.stringify(result)}\n`,
  };
}
