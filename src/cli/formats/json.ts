import type { RunHeader } from "../../result.js";
import type { Format } from "./format.js";

/** One document, `{"header": …, "results": [ … ]}`, with a result a line so that it is never held in memory. */
export function jsonFormat(header: RunHeader | undefined): Format {
  let separator = "\n";
  return {
    start: `{"header":${JSON.stringify(header)},"results":[`,
    result(result) {
      const text = separator + JSON.stringify(result);
      separator = ",\n";
      return text;
    },
    end: () => "\n]}\n",
  };
}
