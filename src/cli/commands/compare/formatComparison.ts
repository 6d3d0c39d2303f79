import { jsonLine } from "../../../results/write.js";
import type { ComparedPicture, ComparedVersion, PairedComparison } from "../../../results/comparison.js";
import type { Estimate } from "../../../stats/bootstrap.js";
import { byteText } from "../../../util/byteText.js";
import type { formatsOf } from "../../output/format.js";
import { printable, type Style } from "../../terminal/style.js";
import { pad, width } from "../../terminal/width.js";
import { csvLine } from "../../output/formats/csv.js";

const gap = "  ";
const digits = 3;
const mostLosses = 5;

/** What a comparison prints. */
export function formatComparison(
  comparison: PairedComparison,
  format: (typeof formatsOf)["comparison"][number],
  style: Style,
): string {
  if (format === "json") return jsonLine(comparison);
  return format === "csv" ? csv(comparison) : table(comparison, style);
}

/** A row for every version of every picture. */
function csv({ versions, pictures }: PairedComparison): string {
  const rows = pictures.flatMap(({ name, items }) =>
    items.map(({ path, score, difference, bytes, bitsPerPixel }, index) => [
      ...[name, versions[index]?.name, path, score, difference, bytes, bitsPerPixel],
    ]),
  );
  const titles = ["name", "version", "path", "score", "difference", "bytes", "bits_per_pixel"];
  return [titles, ...rows].map(csvLine).join("");
}

const signed = (value: number): string => (value < 0 ? "" : "+") + value.toFixed(digits);

const interval = ({ low, high }: Estimate): string =>
  low === undefined || high === undefined ? "" : `${signed(low)} to ${signed(high)}`;

interface Column {
  readonly title: string;
  readonly cell: (version: ComparedVersion, isBaseline: boolean) => string;
}

const columns: readonly Column[] = [
  { title: "score", cell: ({ score }) => score.value.toFixed(digits) },
  { title: "difference", cell: ({ difference }, baseline) => (baseline ? "" : signed(difference.value)) },
  { title: "95% interval", cell: ({ difference }, baseline) => (baseline ? "" : interval(difference)) },
  {
    title: "better",
    cell: ({ better, equal, worse }, baseline) => (baseline ? "" : `${better} of ${better + equal + worse}`),
  },
  { title: "bits/pixel", cell: ({ bitsPerPixel }) => bitsPerPixel?.toFixed(3) ?? "" },
  { title: "size", cell: ({ bytes }) => (bytes === undefined ? "" : byteText(bytes)) },
];

/** A row a version, and below them the pictures that lost the most. */
function table({ versions, pictures }: PairedComparison, style: Style): string {
  const names = versions.map(({ name }) => printable(name));
  const rows = versions.map((version, index) => columns.map(({ cell }) => cell(version, index === 0)));
  const shown = columns.map(({ title }, index) => ({ title, cells: rows.map((row) => row[index] ?? "") }));
  const used = shown.filter(({ cells }) => cells.some((cell) => cell !== ""));
  const line = (name: string, cells: readonly string[]): string =>
    [
      pad(name, widest(["version", ...names])),
      ...cells.map((cell, index) => cell.padStart(widthOf(used[index]))),
    ]
      .join(gap)
      .trimEnd();
  const body = names.map((name, row) =>
    line(
      name,
      used.map(({ cells }) => cells[row] ?? ""),
    ),
  );
  return [
    style.bold(
      line(
        "version",
        used.map(({ title }) => title),
      ),
    ),
    ...body,
    ...losses(pictures, names, style),
    style.dim(`${count(pictures.length)}, held against ${names[0] ?? ""}`),
  ]
    .map((text) => `${text}\n`)
    .join("");
}

const count = (pictures: number): string =>
  pictures === 1 ? "1 picture or video" : `${pictures} pictures or videos`;

const widest = (texts: readonly string[]): number =>
  texts.reduce((most, text) => Math.max(most, width(text)), 0);

const widthOf = (column?: { readonly title: string; readonly cells: readonly string[] }): number =>
  column ? widest([column.title, ...column.cells]) : 0;

function losses(pictures: readonly ComparedPicture[], names: readonly string[], style: Style): string[] {
  const lost = pictures
    .flatMap(({ name, items }) =>
      items.map((item, index) => ({ name, version: names[index] ?? "", ...item })),
    )
    .filter(({ difference }) => difference < 0)
    .sort((a, b) => a.difference - b.difference)
    .slice(0, mostLosses);
  if (pictures.length < 2 || lost.length === 0) return [];
  const [nameColumns, versionColumns] = [widest(lost.map(({ name }) => printable(name))), widest(names)];
  return [
    style.bold("most lost"),
    ...lost.map(({ name, version, score, difference }) => {
      const change = `${(score - difference).toFixed(digits)} → ${score.toFixed(digits)}`;
      return [
        pad(version, versionColumns),
        pad(printable(name), nameColumns),
        change,
        signed(difference),
      ].join(gap);
    }),
  ];
}
