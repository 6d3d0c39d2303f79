/** Tries what strangers' files can do to the product; docs/reliability.md says how, and what came of it. */
import { existsSync } from "node:fs";
import { availableParallelism, cpus } from "node:os";
import { parseArgs } from "node:util";
import { type KindCounts, runKind, type RunOptions } from "./hostileRun.js";
import type { Kind } from "./kind.js";
import { pictures, videos } from "./kinds/media.js";
import { models } from "./kinds/models.js";
import { lists, presets, results } from "./kinds/texts.js";
import { Prepared } from "./prepared.js";
import { Random } from "./random.js";
import { program } from "./sandbox.js";
import { kindsTable, trialsTable } from "./table.js";
import { crashes } from "./trials/crashes.js";
import { disk } from "./trials/disk.js";
import { kill } from "./trials/kill.js";
import { memory } from "./trials/memory.js";
import { pipe } from "./trials/pipe.js";
import { scorers } from "./trials/scorers.js";
import type { Trial, TrialResult } from "./trials/trial.js";

const kinds: Readonly<Record<string, { make: (prepared: Prepared) => Promise<Kind>; share: number }>> = {
  pictures: { make: pictures, share: 0.5 },
  videos: { make: videos, share: 0.15 },
  models: { make: models, share: 0.08 },
  lists: { make: lists, share: 0.09 },
  results: { make: results, share: 0.12 },
  presets: { make: presets, share: 0.06 },
};
const trials: Readonly<Record<string, Trial>> = { kill, disk, pipe, memory, scorers, crashes };
/** From so many inputs on the trials have their whole sizes too. */
const WHOLE = 1000;

const log = (line: string): void => {
  console.error(line);
};

function wholeNumber(text: string, name: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 0) return value;
  throw new Error(`Expected --${name} to be a whole number but received ${text}`);
}

/** The named entries; all where nothing is named, and none where only the others are. */
function chosen<T>(
  all: Readonly<Record<string, T>>,
  option: string,
  names: readonly string[] | undefined,
): [string, T][] {
  return (names ?? []).map((name) => {
    const one = all[name];
    if (one !== undefined) return [name, one];
    throw new Error(`Expected --${option} to be ${Object.keys(all).join(", ")} but received ${name}`);
  });
}

async function tryKinds(
  named: readonly [string, { make: (prepared: Prepared) => Promise<Kind>; share: number }][],
  prepared: Prepared,
  options: RunOptions,
): Promise<KindCounts[]> {
  const counts: KindCounts[] = [];
  for (const [name, { make, share }] of named) {
    const kind = await make(prepared);
    const count = named.length === 1 ? options.count : Math.ceil(options.count * share);
    const found = await runKind(kind, { ...options, count });
    counts.push(found);
    log(`${name}: ${found.inputs} inputs in ${Math.round(found.seconds)} s`);
    if (found.hangs + found.faults + found.crashes > 0) process.exitCode = 1;
  }
  return counts;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      count: { type: "string", default: "50" },
      from: { type: "string", default: "0" },
      seed: { type: "string", default: "1" },
      jobs: { type: "string", default: String(availableParallelism()) },
      kind: { type: "string", multiple: true },
      only: { type: "string", multiple: true },
    },
  });
  if (!existsSync(program)) throw new Error(`There is no ${program}. Build it: npm run build:ts`);
  const [count, from] = [wholeNumber(values.count, "count"), wholeNumber(values.from, "from")];
  const [seed, jobs] = [wholeNumber(values.seed, "seed"), wholeNumber(values.jobs, "jobs")];
  const all = values.kind === undefined && values.only === undefined;
  const namedKinds = chosen(kinds, "kind", all ? Object.keys(kinds) : values.kind);
  const namedTrials = chosen(trials, "only", all ? Object.keys(trials) : values.only);
  await using prepared = await Prepared.make();
  const counts = await tryKinds(namedKinds, prepared, { seed, from, count, jobs, log });
  const whole = count >= WHOLE || values.only !== undefined;
  const found: TrialResult[] = [];
  for (const [name, trial] of namedTrials) {
    const result = await trial({ prepared, random: new Random(seed, name, 0), whole });
    found.push(result);
    for (const fault of result.faults) log(`${name}: ${fault}`);
    if (result.faults.length > 0) process.exitCode = 1;
  }
  const about = `Node ${process.version}, ${process.platform}, ${cpus().length} × ${cpus()[0]?.model ?? "CPU"}, seed ${seed}`;
  const tables = [counts.length > 0 ? kindsTable(counts) : "", found.length > 0 ? trialsTable(found) : ""];
  console.log([about, ...tables.filter(Boolean)].join("\n\n"));
}

try {
  await main();
} catch (error) {
  log(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
