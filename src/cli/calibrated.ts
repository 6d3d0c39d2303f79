import type { calibrateResult } from "../evaluate/calibrateResult.js";
import type { Calibration } from "../evaluate/calibration.js";
import type { RunHeader, RunningScore, StreamFrame } from "../result.js";

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
  const { readCalibration } = await import("../evaluate/calibration.js");
  const { calibrateResult: apply } = await import("../evaluate/calibrateResult.js");
  const { fits } = await import("../evaluate/calibrationFits.js");
  const { applyMap } = await import("../evaluate/calibrationMap.js");
  const { calibratedScale } = await import("../evaluate/calibrationScale.js");
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
