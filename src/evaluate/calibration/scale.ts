import type { ScaleFormat } from "../../scoring/scaleFormat.js";
import type { Calibration } from "./document.js";

/** The name of the scale that calibrated results are on. */
export const calibratedScale = ({ scale, map }: Calibration): string => `${scale}, ${map.method} calibration`;

/** How its scores are written. */
export const calibrationFormat = ({ lowest, highest }: Calibration): ScaleFormat => ({
  ...{ lowest, highest },
  digits: 3,
  title: "MOS",
});
