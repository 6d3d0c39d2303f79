import { extensionOf } from "../../media/formats.js";

export const formatNames = ["table", "json", "ndjson", "csv"] as const;
export type FormatName = (typeof formatNames)[number];

/** What a command writes to a file. */
export type Content = "scores" | "comparison" | "evaluation" | "calibration" | "page";

const formatOfEnding: Readonly<Record<string, FormatName | "html">> = {
  ...{ json: "json", ndjson: "ndjson", jsonl: "ndjson", csv: "csv", txt: "table" },
  ...{ html: "html", htm: "html" },
};

/** The formats that a content can be written in. */
export const formatsOf = {
  scores: formatNames,
  comparison: ["table", "csv", "json"],
  evaluation: ["table", "json", "csv"],
  calibration: ["json"],
  page: ["html"],
} as const satisfies Readonly<Record<Content, readonly (FormatName | "html")[]>>;

/** The endings that name a format of a content. */
export const endingsOf = (content: Content): string[] =>
  Object.entries(formatOfEnding).flatMap(([ending, format]) =>
    formatsOf[content].some((known) => known === format) ? [ending] : [],
  );

/** The format that was asked for by name, else by the ending of the output, else `fallback`. */
export function chooseFormat<C extends Content>(
  content: C,
  { format, output }: { readonly format?: (typeof formatsOf)[C][number]; readonly output?: string },
  fallback: (typeof formatsOf)[C][number],
): (typeof formatsOf)[C][number] {
  if (format !== undefined) return format;
  const byEnding = output === undefined ? undefined : formatOfEnding[extensionOf(output)];
  const known: readonly (typeof formatsOf)[C][number][] = formatsOf[content];
  return known.find((name) => name === byEnding) ?? fallback;
}
