import type { calibrateResult } from "../evaluate/calibrateResult.js";
import type { Calibration } from "../evaluate/calibration.js";

/** What puts results on the scale of a calibration. */
export interface Calibrated {
  readonly calibration: Calibration;
  readonly apply: typeof calibrateResult;
}

/** What it takes is loaded only where there is one. */
export async function loadCalibration(path: string | undefined): Promise<Calibrated | undefined> {
  if (path === undefined) return undefined;
  const { readCalibration } = await import("../evaluate/calibration.js");
  const { calibrateResult: apply } = await import("../evaluate/calibrateResult.js");
  return { calibration: await readCalibration(path), apply };
}
