import type { Result, RunHeader, RunningScore, StreamFrame } from "./result.js";

/** The files that `read.ts` reads. */

/** Turns results into text, one after another; each text ends with its line. */
export interface ResultFormat {
  readonly start?: string;
  /** Of one input: a result for each preset, or one error. */
  results(results: readonly Result[]): string;
  /** What a stream gives before its result; formats of a row an input leave it out. */
  event?(event: StreamFrame | RunningScore): string;
  end?(): string;
}

/** JSON in a line of its own. */
export const jsonLine = (value: object): string => `${JSON.stringify(value)}\n`;

/** JSON with a line a field, for people too. */
export const jsonDocument = (value: object): string => `${JSON.stringify(value, null, 1)}\n`;

/** How NDJSON begins. */
export const HEADER_START = '{"type":"header"';

/** Ends the first line of the one document. */
export const RESULTS_START = ',"results":[';

/** A JSON document a line: the header, then each result when it is there, and what a stream gives before its own. */
export const ndjsonFormat = (header: RunHeader | undefined): ResultFormat => ({
  ...(header && { start: jsonLine(header) }),
  results: (results) => results.map(jsonLine).join(""),
  event: jsonLine,
});

/** One document, `{"header": …, "results": [ … ]}`, with a result a line so that it is never held in memory. */
export function jsonFormat(header: RunHeader | undefined): ResultFormat {
  let separator = "\n";
  return {
    start: `{"header":${JSON.stringify(header)}${RESULTS_START}`,
    results(results) {
      const text = separator + results.map((result) => JSON.stringify(result)).join(",\n");
      separator = ",\n";
      return text;
    },
    end: () => "\n]}\n",
  };
}

/** How what these write begins, since the first version. */
export const beginnings = {
  scores: [
    /^\{"type":"header","version":\d+,"tonescore":"/,
    /^\{"header":\{"type":"header","version":\d+,"tonescore":"/,
  ],
  comparison: [/^\{"type":"comparison","version":\d+,"tonescore":"/],
  evaluation: [/^\{\n "type": "evaluation",\n "version": \d+,\n "tonescore": "/],
  calibration: [/^\{\n "type": "calibration",\n "version": \d+,\n "tonescore": "/],
} as const;
