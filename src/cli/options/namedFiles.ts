/** The options that may name a file to read. */
const OPTIONS: ReadonlySet<string> = new Set(
  "preset videoPreset template model mmproj calibration fromLogits ffmpeg".split(" "),
);

/** What flags name besides inputs: model, presets, template, calibration, stored results. Some are names of no file. */
export const namedFiles = (flags: object): string[] =>
  Object.entries(flags)
    .flatMap(([name, value]: [string, unknown]) => (OPTIONS.has(name) ? [value].flat() : []))
    .filter((value) => typeof value === "string");
