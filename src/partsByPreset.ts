import type { ErrorResult, ImageResult, RunHeader, VideoResult } from "./result.js";

/** The results of one preset, with the header that a run of it alone would have. */
export interface PresetPart<H extends RunHeader | undefined = RunHeader | undefined> {
  readonly header: H;
  readonly results: readonly (ImageResult | VideoResult | ErrorResult)[];
}

/** Takes the results of a run apart by preset, in the header's order. What failed, failed for each of them. */
export function partsByPreset<H extends RunHeader | undefined>({
  header,
  results,
}: PresetPart<H>): PresetPart<H>[] {
  if (header?.alsoPresets === undefined) return [{ header, results }];
  const { alsoPresets, ...shared } = header;
  return [header.presets, ...alsoPresets].map((presets) => ({
    header: { ...shared, presets } as H,
    results: results.filter((result) => result.type === "error" || isOf(presets, result)),
  }));
}

const isOf = ({ image, video }: RunHeader["presets"], { type, preset }: ImageResult | VideoResult): boolean =>
  preset === (type === "image" ? image : video).name;
