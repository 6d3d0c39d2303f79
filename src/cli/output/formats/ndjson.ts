import type { RunHeader } from "../../../results/result.js";
import type { Format } from "./format.js";

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;

/** A JSON document a line: the header, then each result when it is there, and what a stream gives before its own. */
export function ndjsonFormat(header: RunHeader | undefined): Format {
  return {
    ...(header && { start: line(header) }),
    results: (results) => results.map(line).join(""),
    event: line,
  };
}
