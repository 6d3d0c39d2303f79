import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "./paths.js";
import { ratio, type Row } from "./row.js";

/** Ratios of a run that was stored, by model and by what was compared with what. */
export type Ratios = Readonly<Record<string, number>>;

const file = join(root, "bench", "ratios.json");

/** The part of a ratio that may be lost before a check fails: medians of a quiet machine stay well inside. */
const TOLERATED = 0.15;

/** Versions and counts change from run to run. */
const key = ({ what, other }: Row): string =>
  `${what} | ${(other?.name ?? "").replaceAll(/\d[\d.+~-]*\w*/g, "#")}`;

export const ratiosOf = (rows: readonly Row[]): Ratios =>
  Object.fromEntries(
    rows.flatMap((row) => {
      const value = ratio(row);
      return value === undefined ? [] : [[key(row), Number(value.toPrecision(3))]];
    }),
  );

/** What is worse now than it was, in words; what is new is not. */
export const lossesOf = (before: Ratios, now: Ratios): string[] =>
  Object.entries(now).flatMap(([what, value]) => {
    const was = before[what];
    return was === undefined || value >= was * (1 - TOLERATED)
      ? []
      : [`${what}: ${value}× now, and ${was}× in the stored run`];
  });

async function load(): Promise<Record<string, Ratios>> {
  const text = await readFile(file, "utf8").catch(() => "{}");
  return JSON.parse(text) as Record<string, Ratios>;
}

/** Keeps the ratios of these rows, beside those that other benchmarks stored. */
export async function store(model: string, rows: readonly Row[]): Promise<void> {
  const all = await load();
  const ratios = { ...all[model], ...ratiosOf(rows) };
  await writeFile(file, `${JSON.stringify({ ...all, [model]: ratios }, null, 2)}\n`);
}

/** @throws where no run of this model was stored */
export async function stored(model: string): Promise<Ratios> {
  const ratios = (await load())[model];
  if (ratios) return ratios;
  throw new Error(
    `Expected a stored run of ${model} in ${file}. On a quiet machine: npm run bench -- all --store`,
  );
}
