import { jsonDocument } from "../../../results/write.js";
import type { Agreement, Evaluation } from "../../../results/evaluation.js";
import type { Estimate } from "../../../stats/bootstrap.js";
import { csvLine } from "../../output/formats/csv.js";
import type { Io } from "../../terminal/io.js";
import { completeFileOutput, streamOutput } from "../../output/output.js";
import { chooseFormat } from "../../output/format.js";
import type { EvaluateFlags } from "./options.js";
import { tableText } from "./table.js";

type OutputFlags = Pick<EvaluateFlags, "format" | "output">;

export async function writeText(text: string, { output }: OutputFlags, io: Io): Promise<void> {
  const out = output === undefined ? streamOutput(io.stdout) : await completeFileOutput(output, "evaluation");
  await out.write(text);
  await out.finish();
}

export function writeReport(report: Evaluation, flags: OutputFlags, io: Io): Promise<void> {
  const write = { table: tableText, json: jsonDocument, csv: csvText }[
    chooseFormat("evaluation", flags, "table")
  ];
  return writeText(write(report), flags, io);
}

const curveNames = ["logistic4", "logistic5"] as const;

const metricNames = [
  "srcc",
  "krcc",
  "plcc",
  "rmse",
  "plcc_logistic4",
  "rmse_logistic4",
  "plcc_logistic5",
  "rmse_logistic5",
];

/** A row for each evaluation, and for each of its groups. */
function csvText({ evaluations }: Evaluation): string {
  const columns = metricNames.flatMap((name) => [name, `${name}_low`, `${name}_high`]);
  const rows = evaluations.flatMap(({ name, overall, groups }) => [
    [name, "", ...cells(overall)],
    ...groups.map(({ group, ...agreement }) => [name, group, ...cells(agreement)]),
  ]);
  return [["evaluation", "group", "n", "reason", ...columns], ...rows].map(csvLine).join("");
}

function cells({ n, reason, metrics }: Agreement): (string | number | undefined)[] {
  const [four, five] = curveNames.map((name) => metrics?.curves.find((curve) => curve.name === name));
  const estimates = [
    metrics?.srcc,
    metrics?.krcc,
    metrics?.plcc,
    metrics?.rmse,
    four?.plcc,
    four?.rmse,
    five?.plcc,
    five?.rmse,
  ];
  return [n, reason, ...estimates.flatMap((one: Estimate | undefined) => [one?.value, one?.low, one?.high])];
}
