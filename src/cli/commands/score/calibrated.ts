import type { calibrateResult } from "../../../evaluate/calibration/calibrateResult.js";
import type { Calibration } from "../../../evaluate/calibration/document.js";
import type { RunHeader, RunningScore, StreamFrame } from "../../../results/result.js";

/** What puts results on the scale of a calibration. */
export interface Calibrated {
  readonly calibration: Calibration;
  readonly apply: typeof calibrateResult;
  /** The same for what a stream gives before its result; undefined where the calibration does not fit. */
  applyToEvent<T extends StreamFrame | RunningScore>(event: T, header: RunHeader): T | undefined;
}

/** What it takes is loaded only where there is one. */
export async function loadCalibration(path: string | undefined): Promise<Calibrated | undefined> {
  if (path === undefined) return undefined;
  const { readCalibration } = await import("../../../evaluate/calibration/calibration.js");
  const { calibrateResult: apply } = await import("../../../evaluate/calibration/calibrateResult.js");
  const { fits } = await import("../../../evaluate/calibration/fits.js");
  const { applyMap } = await import("../../../evaluate/calibration/map.js");
  const { calibratedScale } = await import("../../../evaluate/calibration/scale.js");
  const calibration = await readCalibration(path);
  const scale = calibratedScale(calibration);
  return {
    calibration,
    apply,
    applyToEvent: (event, header) =>
      fits(calibration, { ...header, preset: header.presets.video })
        ? { ...event, scale, score: applyMap(calibration.map, event.score) }
        : undefined,
  };
}
