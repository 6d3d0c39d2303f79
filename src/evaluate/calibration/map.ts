import { expected } from "../../util/expected.js";
import { mean } from "../../stats/numbers.js";
import { drawer } from "../../stats/bootstrap.js";
import { plcc, srcc } from "../../stats/correlation.js";
import { curveValue, fitCurves } from "../../stats/curves.js";
import { isotonic, onLine, type Point } from "../../stats/isotonic.js";
import type { CalibrationMethod } from "./methods.js";

/** A map from scores, 0 to 1, to the scale of the MOS that never falls. */
export type CalibrationMap =
  /** b1 … b4 of VQEG's logistic. */
  | { readonly method: "logistic"; readonly parameters: readonly number[] }
  /** Straight between the points, level beyond them. */
  | { readonly method: "isotonic"; readonly points: readonly Point[] };

/** How well calibrated scores agree with the MOS of files that the map was not fitted to. */
export interface CrossValidation {
  readonly folds: number;
  readonly seed: number;
  readonly n: number;
  readonly srcc: number;
  readonly plcc: number;
  /** In the unit of the MOS, as is `mae`. */
  readonly rmse: number;
  readonly mae: number;
}

/** A score and a MOS of one file; equal paths are one file. */
export interface RatedScore {
  readonly path: string;
  readonly score: number;
  readonly mos: number;
}

/** Fewer files tell too little of a map. */
const LEAST_FILES = 20;

const code = "ERR_CALIBRATION";

/**
 * @param about what else is to be said of the rows where they are too few, such as how many are left out.
 * @throws {TonescoreError} `ERR_CALIBRATION` where there are too few files, or scores that do not rise with the MOS
 */
export function fitMap(method: CalibrationMethod, rows: readonly RatedScore[], about = ""): CalibrationMap {
  const files = new Set(rows.map(({ path }) => path)).size;
  if (files < LEAST_FILES) {
    const what = `at least ${LEAST_FILES} rated files with a score`;
    throw expected(what, { code, for: "a calibration", but: `there are ${files}${about}` });
  }
  return fit(method, rows);
}

function fit(method: CalibrationMethod, rows: readonly RatedScore[]): CalibrationMap {
  const [scores, mos] = [rows.map((row) => row.score), rows.map((row) => row.mos)];
  if (!(plcc(scores, mos) > 0)) {
    throw expected("scores that rise with the MOS", {
      code,
      for: "a calibration",
      but: "these fall",
      remedy: "Where low values are good (DMOS), add --dmos.",
    });
  }
  if (method === "isotonic") return { method, points: isotonic(scores, mos) };
  const [{ parameters } = { parameters: [] }] = fitCurves(scores, mos);
  const [b1 = NaN, b2 = NaN] = parameters;
  if (b1 > b2) return { method, parameters };
  const but = "the one that fits best falls";
  throw expected("a logistic that rises", { code, but, remedy: "Use --method isotonic." });
}

/** The MOS expected for a score, in the unit of the MOS that the map was fitted to. */
export function applyMap(map: CalibrationMap, score: number): number {
  if (map.method === "isotonic") return onLine(map.points, score);
  return curveValue({ name: "logistic4", parameters: map.parameters }, score);
}

/** Fits to all folds but one and measures on that one, for each: no file is measured by a map that it was fitted to. */
export function crossValidate(
  method: CalibrationMethod,
  rows: readonly RatedScore[],
  { folds, seed }: { readonly folds: number; readonly seed: number },
): CrossValidation {
  const foldOf = foldsOf(rows, folds, seed);
  const expected = new Map<RatedScore, number>();
  for (let fold = 0; fold < folds; fold++) {
    const map = fit(
      method,
      rows.filter((row) => foldOf.get(row.path) !== fold),
    );
    for (const row of rows) if (foldOf.get(row.path) === fold) expected.set(row, applyMap(map, row.score));
  }
  const [predicted, mos] = [rows.map((row) => expected.get(row) ?? NaN), rows.map((row) => row.mos)];
  const errors = rows.map((row, index) => (predicted[index] ?? NaN) - row.mos);
  return {
    ...{ folds, seed, n: rows.length },
    srcc: srcc(predicted, mos),
    plcc: plcc(predicted, mos),
    rmse: Math.sqrt(mean(errors.map((error) => error ** 2))),
    mae: mean(errors.map(Math.abs)),
  };
}

/** Shuffled, so that the order of a list, which often follows its content, does not matter. */
function foldsOf(rows: readonly RatedScore[], folds: number, seed: number): Map<string, number> {
  const draw = drawer(seed);
  const paths = [...new Set(rows.map(({ path }) => path))].map((path) => ({ path, order: draw(2 ** 31) }));
  paths.sort((a, b) => a.order - b.order);
  return new Map(paths.map(({ path }, index) => [path, index % folds]));
}
