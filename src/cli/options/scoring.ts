import { type Options, type Recorded, resolve, type Typed, typedOf } from "../../options/option.js";
import { scorerSettings } from "../../options/scorerOptions.js";
import type { PresetChoice } from "../../prompts/loadPreset.js";
import { samplingText, videoSettings } from "../../options/videoOptions.js";
import type { RunSettings } from "../../results/result.js";
import type { ScorerOptions, VideoOptions } from "../../scorer/options.js";
import { parsePooling, poolingText } from "../../scoring/pooling.js";

const settings = { ...scorerSettings, ...videoSettings };
/** What a command line may say of how inputs are scored. */
export type ScoringFlags = Typed<typeof settings>;

/** How inputs are scored, as the scorer is told and as a header keeps it. */
export interface Scoring {
  readonly scorer: ScorerOptions;
  readonly video: VideoOptions;
  readonly recorded: RunSettings;
}

/** @param scale that the results will be on, where a calibration gives it. */
export function readScoring(flags: ScoringFlags, scale?: string): Scoring {
  const resolved = resolve(settings, flags);
  const { pooling } = resolved;
  return {
    scorer: {
      ...typedOf(scorerSettings, flags),
      scale: resolved.scale,
      trustThreshold: resolved.trustThreshold,
    },
    video: typedOf(videoSettings, flags),
    recorded: {
      ...recordedOf(settings, resolved),
      scale: scale ?? resolved.scale,
      sampling: samplingText(resolved),
      pooling: poolingText(parsePooling(pooling)),
    },
  };
}

/** The values that a header keeps of these options; what has none is left out. */
const recordedOf = <O extends Options>(table: O, resolved: object): Recorded<O> =>
  Object.fromEntries(
    Object.entries(resolved).filter(([name, value]) => table[name]?.recorded && value !== undefined),
  ) as Recorded<O>;

/** Of several presets the first is the scorer's own, and the others go beside it. */
export const presetsAsked = ([preset, ...alsoPresets]: readonly PresetChoice[] = []): Pick<
  ScoringFlags,
  "preset" | "alsoPresets"
> => ({
  ...(preset !== undefined && { preset }),
  ...(alsoPresets.length > 0 && { alsoPresets }),
});
