import { summarise } from "./stats.js";

export type Unit = "ms" | "pictures/s" | "MB" | "%";

/** One measured comparison; without `other`, a measurement that stands alone. */
export interface Row {
  readonly what: string;
  readonly unit: Unit;
  readonly ours: readonly number[];
  readonly other?: { readonly name: string; readonly values: readonly number[] };
}

const digits = (value: number): string => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));

function describe(values: readonly number[], unit: Unit): string {
  const { median, quartiles } = summarise(values);
  return `${digits(median)} ${unit} (${quartiles.map(digits).join(" to ")})`;
}

/** How many times better ours is: above 1, ours is faster or smaller; undefined where it stands alone. */
export function ratio({ unit, ours, other }: Row): number | undefined {
  if (!other) return undefined;
  const mine = summarise(ours).median;
  const theirs = summarise(other.values).median;
  return unit === "pictures/s" ? mine / theirs : theirs / mine;
}

const times = (value: number | undefined): string => (value === undefined ? "" : `${value.toFixed(2)}×`);

const cells = (row: Row): string[] => [
  row.what,
  describe(row.ours, row.unit),
  row.other ? `${row.other.name}: ${describe(row.other.values, row.unit)}` : "",
  times(ratio(row)),
];

export const line = (row: Row): string => cells(row).filter(Boolean).join("  |  ");

export function markdown(model: string, rows: readonly Row[]): string {
  const lines = rows.map((row) => `| ${[...cells(row), row.ours.length].join(" | ")} |`);
  const head = `| ${model} | tonescore | against | ratio | rounds |`;
  return [head, "| --- | --- | --- | --- | --- |", ...lines].join("\n");
}
