import type { RunHeader } from "../../../results/result.js";
import type { ScaleFormat } from "../../../scoring/scaleFormat.js";
import type { RunPreset } from "../../options/runPresets.js";
import type { Style } from "../../terminal/style.js";

/** What is known before the first result. */
export interface FormatContext {
  /** For `json` and `ndjson`. */
  readonly header?: RunHeader;
  /** For `csv` and `table`. */
  readonly presets: readonly RunPreset[];
  /** For `table`: the inputs' paths, so that columns can be made wide enough. */
  readonly paths: readonly string[];
  /** For `table`: whether there may be videos, whose rows are longer. */
  readonly videos: boolean;
  readonly shown: ScaleFormat;
  readonly style: Style;
  /** For `table`: the terminal's columns now, or undefined where lines may be of any length. */
  readonly columns: () => number | undefined;
  /** For `table`: what stands below it, known at the end. */
  readonly summary: () => string;
}
