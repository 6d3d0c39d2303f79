import type { RunHeader } from "./result.js";

interface OfPreset {
  readonly type: string;
  readonly preset?: string;
}

/** The results of one preset, with the header that a run of it alone would have. */
export interface PresetPart<H extends RunHeader | undefined, R extends OfPreset> {
  readonly header: H;
  readonly results: readonly R[];
}

/** Takes the results of a run apart by preset, in the header's order. What failed, failed for each of them. */
export function partsByPreset<H extends RunHeader | undefined, R extends OfPreset>({
  header,
  results,
}: PresetPart<H, R>): PresetPart<H, R>[] {
  if (header?.alsoPresets === undefined) return [{ header, results }];
  const { alsoPresets, ...shared } = header;
  return [header.presets, ...alsoPresets].map((presets) => ({
    header: { ...shared, presets } as H,
    results: results.filter((result) => result.type === "error" || isOf(presets, result)),
  }));
}

const isOf = ({ image, video }: RunHeader["presets"], { type, preset }: OfPreset): boolean =>
  preset === (type === "image" ? image : video).name;
