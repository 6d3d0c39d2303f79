import { expected } from "../../util/expected.js";
import type { FileIdentity, PresetIdentity } from "../../results/result.js";
import type { Calibration } from "./document.js";

/** What scores must come with to be calibrated. */
export interface ScoreSource {
  readonly model?: FileIdentity;
  readonly mmproj?: FileIdentity;
  readonly preset?: PresetIdentity;
}

/** Whether scores are of the model and preset that a calibration was fitted to. */
export const fits = (calibration: Calibration, { model, mmproj, preset }: ScoreSource): boolean =>
  model?.sha256 === calibration.model.sha256 &&
  mmproj?.sha256 === calibration.mmproj.sha256 &&
  preset?.hash === calibration.preset.hash;

/** @throws {TonescoreError} `ERR_CALIBRATION` for scores of another model or preset */
export function checkFits(calibration: Calibration, source: ScoreSource): void {
  const { model, mmproj, preset } = source;
  const fitted = [calibration.model.name, calibration.mmproj.name, calibration.preset.name].join(", ");
  const given = [model?.name, mmproj?.name, preset?.name].map((name) => name ?? "unknown").join(", ");
  if (fits(calibration, source)) return;
  const changed = fitted === given ? "Their names agree, but not their contents. " : "";
  throw expected(`scores of ${fitted}, to which the calibration was fitted`, {
    code: "ERR_CALIBRATION",
    but: `these are of ${given}`,
    remedy: `${changed}Fit one of its own.`,
  });
}
