import { jsonDocument } from "../../../results/write.js";
import { expected } from "../../../util/expected.js";
import { type QBenchCell, qbenchTable } from "../../../evaluate/qbench/qbenchTable.js";
import { exitCodes } from "../../exit.js";
import { csvLine } from "../../output/formats/csv.js";
import type { Io } from "../../terminal/io.js";
import { chooseFormat } from "../../output/format.js";
import { writeText } from "./formats.js";
import type { EvaluateFlags } from "./options.js";
import { columns } from "./table.js";

/** The table of the raw logits that Q-Bench publishes, a row a model. */
export async function printQbench(flags: EvaluateFlags, io: Io): Promise<number> {
  const [folder, ...others] = flags.fromLogits ?? [];
  if (
    folder === undefined ||
    others.length > 0 ||
    flags.preset ||
    flags.tones !== undefined ||
    flags.temperature !== undefined
  ) {
    throw expected("no preset and no second file", {
      for: "a folder of --from-logits, which gives Q-Bench's table as published",
      but: "there are some",
      remedy: "Name its files to score them otherwise.",
    });
  }
  const cells = await qbenchTable(folder);
  const text = { table: tableText, json: jsonDocument, csv: csvText }[
    chooseFormat("evaluation", flags, "table")
  ];
  await writeText(text(cells), flags, io);
  return exitCodes.ok;
}

const csvText = (cells: readonly QBenchCell[]): string =>
  [["model", "dataset", "n", "srcc", "plcc", "srcc_with_ties"]]
    .concat(
      cells.map((cell) => [
        cell.model,
        cell.dataset,
        ...[cell.n, cell.srcc, cell.plcc, cell.srccWithTies].map(String),
      ]),
    )
    .map(csvLine)
    .join("");

const three = (value: number): string => value.toFixed(3);

function tableText(cells: readonly QBenchCell[]): string {
  const models = [...new Set(cells.map(({ model }) => model))];
  const datasets = [...new Set(cells.map(({ dataset }) => dataset))];
  const rows = models.map((model) => [
    model,
    ...datasets.map((dataset) => {
      const cell = cells.find((one) => one.model === model && one.dataset === dataset);
      return cell ? `${three(cell.srcc)}/${three(cell.plcc)}` : "-";
    }),
  ]);
  const other = cells.filter(({ srcc, srccWithTies }) => three(srcc) !== three(srccWithTies));
  const most = Math.max(...cells.map(({ srcc, srccWithTies }) => Math.abs(srcc - srccWithTies)));
  return (
    `${columns([["SRCC/PLCC", ...datasets], ...rows])}\n\n` +
    `By the authors' arithmetic. Where pictures with equal differences of logits tie, as they do in the preset qbench, ` +
    `${other.length} of the ${cells.length} SRCC have another third decimal, and none differs by more than ${most.toFixed(4)}.\n`
  );
}
