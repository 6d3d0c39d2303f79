import type { Views } from "../../scoring/views.js";

interface Named {
  name: string;
  sha256: string;
}

/** A curve's parameters, or points (score, MOS) between which lines are drawn. */
export type CalibrationMap =
  { method: "logistic"; parameters: number[] } | { method: "isotonic"; points: [number, number][] };

/** What `tonescore calibrate` writes: a map from scores to a MOS scale, and where it comes from. */
export interface Calibration {
  type: "calibration";
  version: 1;
  /** The version of tonescore. */
  tonescore: string;
  /** Such as `MOS of KonIQ-10k`; the scale of the results that it gives. */
  scale: string;
  map: CalibrationMap;
  /** Of the MOS it was fitted to. */
  lowest: number;
  highest: number;
  /** A calibration holds for this model and preset only. */
  model: Named;
  mmproj: Named;
  preset: { name: string; hash: string };
  /** And for pictures that were looked at so. Absent in what was written before there was a choice: as a whole. */
  views?: Views | undefined;
  dataset: { name: string; layout: string; sha256: string; dmos: boolean };
  /** How the map did on rows that it was not fitted to. `rmse` and `mae` are in units of the MOS. */
  crossValidation: {
    folds: number;
    seed: number;
    n: number;
    srcc: number;
    plcc: number;
    rmse: number;
    mae: number;
  };
  /** The files it was fitted to: 8 characters each, of the hash of name and size. */
  files: string;
}
