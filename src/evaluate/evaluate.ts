import { expected } from "../util/expected.js";
import { checkArgument } from "../util/arguments.js";
import { groupBy } from "../util/groupBy.js";
import { version } from "../version.js";
import { agreementsOf, type Series } from "./agreement.js";
import { type Bootstrap, DEFAULT_BOOTSTRAP } from "../stats/resampling.js";
import type { Dataset, DatasetRow } from "./datasets/loadDataset.js";
import * as kinds from "./kinds.js";
import {
  EVALUATION_VERSION,
  type SystemEvaluation,
  type Evaluation,
  type GroupAgreement,
} from "../results/evaluation.js";

/** The scores that one preset of one model gave. */
export interface System extends Pick<SystemEvaluation, "name" | "model" | "mmproj" | "preset" | "views"> {
  /** By the path of the dataset's row. A row that is in none was not scored. */
  readonly scores: ReadonlyMap<string, number>;
  /** The scale of the scores. Default `unit`, 0 to 1; any other is taken for that of the MOS. */
  readonly scale?: string;
}

/**
 * Holds the scores of one or more systems against the MOS of a dataset, on the rows that all of them scored. Needs no
 * model. Correlations are between -1 and 1; RMSE is in the unit of the MOS. Formulas and their sources stand at
 * {@link srcc}, {@link krcc}, {@link plcc} and {@link fitCurves}; intervals are percentiles of the bootstrap, with the
 * curves held as fitted to all rows.
 * @throws {TonescoreError} `ERR_DATASET` where no row was scored by all systems, `ERR_INVALID_ARGUMENT` for no system.
 */
export function evaluate(
  dataset: Dataset,
  systems: readonly System[],
  bootstrap: Bootstrap = DEFAULT_BOOTSTRAP,
): Evaluation {
  checkArgument("the dataset", dataset, kinds.dataset);
  checkArgument("the systems", systems, kinds.systems);
  checkArgument("the bootstrap", bootstrap, kinds.bootstrap);
  const rows = dataset.rows.filter(({ path }) => systems.every(({ scores }) => scores.has(path)));
  checkThere(dataset, systems, rows);
  const overall = compareOn(rows, systems, bootstrap);
  const groups = groupsOf(rows).map(([group, members]) => ({
    group,
    agreements: compareOn(members, systems, bootstrap).agreements,
  }));
  return {
    type: "evaluation",
    version: EVALUATION_VERSION,
    tonescore: version,
    dataset: {
      path: dataset.path,
      layout: dataset.layout,
      listed: dataset.rows.length + dataset.missing,
      missing: dataset.missing,
      failed: dataset.rows.length - rows.length,
      dmos: dataset.dmos,
    },
    ...(bootstrap.resamples > 0 && { bootstrap }),
    evaluations: systems.map((system, index) => ({
      ...describe(system),
      overall: overall.agreements[index] ?? { n: 0 },
      groups: groups.map(({ group, agreements }): GroupAgreement => ({
        group,
        ...(agreements[index] ?? { n: 0 }),
      })),
      rows: rows.map(({ path, mos, group }) => ({
        path,
        mos,
        score: scoreOf(system, path),
        ...(group !== undefined && { group }),
      })),
    })),
    comparisons: overall.comparisons,
  };
}

function checkThere(dataset: Dataset, systems: readonly System[], rows: readonly DatasetRow[]): void {
  if (systems.length === 0) throw expected("at least one system", { but: "there is none" });
  if (rows.length > 0) return;
  throw expected("something to evaluate", {
    code: "ERR_DATASET",
    but: `none of the ${dataset.rows.length} files of "${dataset.path}" was scored`,
  });
}

const scoreOf = ({ scores }: System, path: string): number => scores.get(path) ?? NaN;

const describe = ({ name, model, mmproj, preset, views, scale = "unit" }: System) => ({
  name,
  ...(model && { model }),
  ...(mmproj && { mmproj }),
  ...(preset && { preset }),
  ...(views && { views }),
  scale,
});

function compareOn(rows: readonly DatasetRow[], systems: readonly System[], bootstrap: Bootstrap) {
  const series = systems.map((system): Series => ({
    name: system.name,
    scores: rows.map(({ path }) => scoreOf(system, path)),
    calibrated: system.scale !== undefined && system.scale !== "unit",
  }));
  const mos = rows.map((row) => row.mos);
  return agreementsOf(series, mos, bootstrap);
}

/** Sorted by name; none where the dataset has a single one. */
function groupsOf(rows: readonly DatasetRow[]): [string, DatasetRow[]][] {
  const nameOf = ({ group = "(none)" }: DatasetRow): string => group;
  const groups = groupBy(rows, nameOf).map((members): [string, DatasetRow[]] => [
    nameOf(members[0]),
    members,
  ]);
  if (groups.length < 2) return [];
  return groups.sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
}
