import { type Curve, curveTitles } from "../../../stats/curves.js";
import type { SystemEvaluation, Evaluation, Metrics } from "../../../results/evaluation.js";
import type { Estimate } from "../../../stats/bootstrap.js";
import { printable } from "../../terminal/style.js";
import { pad, width } from "../../terminal/width.js";

/** Lines of cells, each column as wide as it must be; the first is on the left, numbers are on the right. */
export function columns(rows: readonly (readonly string[])[]): string {
  const count = Math.max(...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, column) =>
    Math.max(...rows.map((row) => width(row[column] ?? ""))),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => pad(cell, widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

const digits = 3;

/** `0.712 [0.690, 0.731]` */
function shown({ value, low, high }: Estimate): string {
  const interval =
    low === undefined || high === undefined ? "" : ` [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
  return value.toFixed(digits) + interval;
}

type Metric = (metrics: Metrics) => Estimate | string | undefined;

/** What a curve gives, or that it turns within the scores and so gives nothing to go by. */
const ofCurve =
  (name: Curve["name"], figure: "plcc" | "rmse"): Metric =>
  ({ curves, notMonotone }) =>
    curves.find((curve) => curve.name === name)?.[figure] ??
    (notMonotone?.includes(name) === true ? "not monotone" : undefined);

const metricRows: readonly (readonly [string, Metric])[] = [
  ["SRCC", ({ srcc }) => srcc],
  ["KRCC", ({ krcc }) => krcc],
  ["PLCC", ({ plcc }) => plcc],
  [`PLCC, ${curveTitles.logistic4}`, ofCurve("logistic4", "plcc")],
  [`PLCC, ${curveTitles.logistic5}`, ofCurve("logistic5", "plcc")],
  ["RMSE", ({ rmse }) => rmse],
  [`RMSE, ${curveTitles.logistic4}`, ofCurve("logistic4", "rmse")],
  [`RMSE, ${curveTitles.logistic5}`, ofCurve("logistic5", "rmse")],
];

/** The report for reading. */
export function tableText(report: Evaluation): string {
  const parts = [title(report), metrics(report.evaluations), reasons(report.evaluations)];
  return (
    [...parts, groups(report.evaluations), comparisons(report)].filter((part) => part !== "").join("\n\n") +
    "\n"
  );
}

function title({ dataset, evaluations, bootstrap }: Evaluation): string {
  const n = evaluations[0]?.overall.n ?? 0;
  const out = [
    dataset.missing > 0 && `${dataset.missing} missing`,
    dataset.failed > 0 && `${dataset.failed} without a score`,
  ].filter((part) => part !== false);
  const intervals = bootstrap
    ? `; 95% intervals of ${bootstrap.resamples} resamples, seed ${bootstrap.seed}`
    : "";
  const layout = dataset.layout === "table" ? "" : ` (${dataset.layout})`;
  return `${printable(dataset.path)}${layout}: n = ${n}${out.map((part) => `, ${part}`).join("")}${intervals}`;
}

function metrics(evaluations: readonly SystemEvaluation[]): string {
  const rows = metricRows.flatMap(([name, pick]) => {
    const cells = evaluations.map(({ overall }) => overall.metrics && pick(overall.metrics));
    return cells.every((cell) => cell === undefined)
      ? []
      : [[name, ...cells.map((cell) => (typeof cell === "object" ? shown(cell) : (cell ?? "-")))]];
  });
  if (rows.length === 0) return "";
  return columns([["", ...evaluations.map(({ name }) => printable(name))], ...rows]);
}

const reasons = (evaluations: readonly SystemEvaluation[]): string =>
  evaluations
    .flatMap(({ name, overall: { reason } }) =>
      reason === undefined ? [] : [`${printable(name)}: ${reason}`],
    )
    .join("\n");

/** SRCC / PLCC of each group. */
function groups(evaluations: readonly SystemEvaluation[]): string {
  const rows = (evaluations[0]?.groups ?? []).map(({ group, n }, index) => [
    printable(group),
    String(n),
    ...evaluations.map(({ groups: all }) => {
      const of = all[index]?.metrics;
      return of
        ? `${of.srcc.value.toFixed(digits)} / ${of.plcc.value.toFixed(digits)}`
        : (all[index]?.reason ?? "-");
    }),
  ]);
  if (rows.length === 0) return "";
  return columns([["SRCC / PLCC by group", "n", ...evaluations.map(({ name }) => printable(name))], ...rows]);
}

function comparisons({ comparisons: all }: Evaluation): string {
  if (all.length === 0) return "";
  const rows = all.map(({ first, second, srcc, krcc, plcc }) => [
    `${printable(first)} - ${printable(second)}`,
    ...[srcc, krcc, plcc].map(shown),
  ]);
  return columns([["difference", "SRCC", "KRCC", "PLCC"], ...rows]);
}
