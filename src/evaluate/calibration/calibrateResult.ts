import { checkArgument } from "../../util/arguments.js";
import type { Result, RunHeader } from "../../results/result.js";
import { errorResult } from "../../results/build.js";
import type { Calibration } from "./document.js";
import { checkFits } from "./fits.js";
import { applyMap } from "./map.js";
import * as kinds from "../kinds.js";
import { calibratedScale } from "./scale.js";

/**
 * A result of scores from 0 to 1 on the scale of a calibration, which it then names; frames and views too. Where the calibration
 * was fitted to another model or preset, as to that for pictures where this is a video, it becomes an `ERR_CALIBRATION`.
 * @param header of the run that gave the result.
 */
export function calibrateResult(result: Result, header: RunHeader, calibration: Calibration): Result {
  checkArgument("the result", result, kinds.result);
  checkArgument("the header", header, kinds.header);
  checkArgument("the calibration", calibration, kinds.calibration);
  if (result.type === "error") return result;
  try {
    checkFits(calibration, { ...header, preset: header.presets[result.type] });
  } catch (error) {
    return errorResult(result.input, error);
  }
  const onScale = <T extends { readonly score: number }>(scored: T): T => ({
    ...scored,
    score: applyMap(calibration.map, scored.score),
  });
  const scale = calibratedScale(calibration);
  if (result.type === "image") {
    const { views } = result;
    const seen = views && { ...views, whole: onScale(views.whole), crops: views.crops.map(onScale) };
    return { ...onScale(result), scale, ...(seen && { views: seen }) };
  }
  return { ...onScale(result), scale, frames: result.frames.map(onScale) };
}
