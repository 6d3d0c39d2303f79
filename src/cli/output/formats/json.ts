import type { RunHeader } from "../../../results/result.js";
import type { Format } from "./format.js";

/** One document, `{"header": …, "results": [ … ]}`, with a result a line so that it is never held in memory. */
export function jsonFormat(header: RunHeader | undefined): Format {
  let separator = "\n";
  return {
    start: `{"header":${JSON.stringify(header)},"results":[`,
    results(results) {
      const text = separator + results.map((result) => JSON.stringify(result)).join(",\n");
      separator = ",\n";
      return text;
    },
    end: () => "\n]}\n",
  };
}
