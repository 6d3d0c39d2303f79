import { isDeepStrictEqual } from "node:util";
import { expected } from "../../util/expected.js";
import type { FileIdentity, PresetIdentity } from "../../results/result.js";
import { type Views, viewsOf } from "../../scoring/views.js";
import type { Calibration } from "./document.js";

/** What scores must come with to be calibrated. */
export interface ScoreSource {
  readonly model?: FileIdentity;
  readonly mmproj?: FileIdentity;
  readonly preset?: PresetIdentity;
  readonly views?: Views;
}

/** Before there was a choice, every picture was looked at as a whole. */
const viewsIn = ({ views = viewsOf("whole") }: { readonly views?: Views | undefined }): Views => views;

/** Whether scores are of the model, the preset and the views that a calibration was fitted to. */
export const fits = (calibration: Calibration, source: ScoreSource): boolean =>
  source.model?.sha256 === calibration.model.sha256 &&
  source.mmproj?.sha256 === calibration.mmproj.sha256 &&
  source.preset?.hash === calibration.preset.hash &&
  isDeepStrictEqual(viewsIn(source), viewsIn(calibration));

/** @throws {TonescoreError} `ERR_CALIBRATION` for scores of another model or preset, or other views */
export function checkFits(calibration: Calibration, source: ScoreSource): void {
  const { model, mmproj, preset } = source;
  if (fits(calibration, source)) return;
  const [views, seen] = [viewsIn(calibration), viewsIn(source)];
  const differ = !isDeepStrictEqual(views, seen);
  const names = [calibration.model.name, calibration.mmproj.name, calibration.preset.name];
  const fitted = [...names, ...(differ ? [`views "${views.name}"`] : [])].join(", ");
  const given = [
    ...[model?.name, mmproj?.name, preset?.name].map((name) => name ?? "unknown"),
    ...(differ ? [`views "${seen.name}"`] : []),
  ].join(", ");
  const changed = fitted === given ? "Their names agree, but not their contents. " : "";
  throw expected(`scores of ${fitted}, to which the calibration was fitted`, {
    code: "ERR_CALIBRATION",
    but: `these are of ${given}`,
    remedy: `${changed}Fit one of its own.`,
  });
}
