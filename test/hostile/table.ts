import type { KindCounts } from "./hostileRun.js";
import type { TrialResult } from "./trials/trial.js";

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;

const markdown = (rows: readonly (readonly string[])[]): string => {
  const [titles = []] = rows;
  return [titles, titles.map(() => "---"), ...rows.slice(1)]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
};

/** A row a kind of input. */
export function kindsTable(kinds: readonly KindCounts[]): string {
  const titles = [
    "kind",
    "inputs",
    "taken as healthy",
    "runs",
    "exit codes",
    "crashes",
    "hangs",
    "other faults",
    "most memory",
    "of a child",
    "time",
  ];
  const rows = kinds.map((counts) => [
    ...[counts.kind, String(counts.inputs), String(counts.taken), String(counts.runs), exits(counts.exits)],
    ...[counts.crashes, counts.hangs, counts.faults].map(String),
    ...[megabytes(counts.peak), megabytes(counts.peakOfChildren), `${Math.round(counts.seconds)} s`],
  ]);
  return markdown([titles, ...rows]);
}

const exits = (codes: ReadonlyMap<number, number>): string =>
  [...codes]
    .sort(([a], [b]) => a - b)
    .map(([code, count]) => `${code}: ${count}`)
    .join(", ");

/** A row a trial. */
export const trialsTable = (trials: readonly TrialResult[]): string =>
  markdown([
    ["trial", "found", ""],
    ...trials.map(({ trial, found, faults }) => [trial, found, faults.length === 0 ? "held" : "failed"]),
  ]);
