import { writeFile } from "node:fs/promises";
import { mapOrdered } from "../../src/util/mapOrdered.js";
import type { Kind, Mutant, Verdict } from "./kind.js";
import { Random } from "./random.js";
import { type Outcome, Sandbox } from "./sandbox.js";
import { saveFailure } from "./failures.js";

export interface KindCounts {
  readonly kind: string;
  inputs: number;
  runs: number;
  /** Inputs that were taken as healthy. */
  taken: number;
  /** Runs that ended as documented, by exit code. */
  readonly exits: Map<number, number>;
  crashes: number;
  hangs: number;
  /** Inputs of which something else was wrong. */
  faults: number;
  peak: number;
  peakOfChildren: number;
  seconds: number;
}

export interface RunOptions {
  readonly seed: number;
  /** The first index; 0 unless some are tried again. */
  readonly from: number;
  readonly count: number;
  /** Processes side by side. */
  readonly jobs: number;
  readonly log: (line: string) => void;
}

const LEAST_SECONDS = 60;
const SECONDS_PER_INPUT = 5;

/** Gives the product `count` mutants of a kind and counts what became of them. */
export async function runKind(kind: Kind, { seed, from, count, jobs, log }: RunOptions): Promise<KindCounts> {
  const start = performance.now();
  const counts: KindCounts = {
    ...{ kind: kind.name, inputs: count, runs: 0, taken: 0, crashes: 0, hangs: 0, faults: 0 },
    ...{ exits: new Map<number, number>(), peak: 0, peakOfChildren: 0, seconds: 0 },
  };
  const batches = Array.from(
    { length: Math.ceil(count / kind.atOnce) },
    (_, batch) => from + batch * kind.atOnce,
  );
  const tried = mapOrdered(batches, jobs, async (first) => {
    const mutants = Array.from({ length: Math.min(kind.atOnce, from + count - first) }, (_, index) =>
      kind.mutate(first + index, new Random(seed, kind.name, first + index)),
    );
    await tryOut(kind, mutants, counts, { seed, log });
  });
  while (!(await tried.next()).done);
  counts.seconds = (performance.now() - start) / 1000;
  return counts;
}

type Context = Pick<RunOptions, "seed" | "log">;

/** Where several inputs fail together, halves are tried until the guilty ones are alone; gives how many there are. */
async function tryOut(
  kind: Kind,
  mutants: readonly Mutant[],
  counts: KindCounts,
  context: Context,
): Promise<number> {
  const { args, outcome, taken, problems } = await runOnce(kind, mutants, counts);
  if (problems.length === 0) {
    counts.taken += taken;
    counts.exits.set(outcome.code ?? -1, (counts.exits.get(outcome.code ?? -1) ?? 0) + 1);
    return 0;
  }
  if (mutants.length > 1) {
    const half = Math.ceil(mutants.length / 2);
    const guilty =
      (await tryOut(kind, mutants.slice(0, half), counts, context)) +
      (await tryOut(kind, mutants.slice(half), counts, context));
    if (guilty > 0) return guilty;
  }
  if (outcome.hung) counts.hangs++;
  else if (outcome.signal !== null) counts.crashes++;
  else counts.faults++;
  const folder = await saveFailure({ kind: kind.name, seed: context.seed, mutants, args, outcome, problems });
  const [first] = mutants;
  const which = mutants.length === 1 ? `#${first?.index} (${first?.how})` : `${mutants.length} together`;
  context.log(`${kind.name} ${which}: ${problems.slice(0, 5).join("; ")}; saved in ${folder}`);
  return 1;
}

async function runOnce(
  kind: Kind,
  mutants: readonly Mutant[],
  counts: KindCounts,
): Promise<Verdict & { args: string[]; outcome: Outcome }> {
  await using sandbox = await Sandbox.make();
  for (const { name, bytes } of mutants) {
    await writeFile(Buffer.concat([Buffer.from(sandbox.path("in", "/")), name]), bytes);
  }
  const args = await kind.args(mutants, sandbox);
  const outcome = await sandbox.run(args, LEAST_SECONDS + SECONDS_PER_INPUT * mutants.length);
  counts.runs++;
  counts.peak = Math.max(counts.peak, outcome.peak);
  counts.peakOfChildren = Math.max(counts.peakOfChildren, outcome.peakOfChildren);
  return { args, outcome, ...judge(kind, outcome, mutants) };
}

const BUG = "this is a bug in tonescore";
const RAW_CONTROLS = /[^\P{Cc}\n]/u;

function judge(kind: Kind, outcome: Outcome, mutants: readonly Mutant[]): Verdict {
  if (outcome.hung) return { taken: 0, problems: ["it did not end"] };
  if (outcome.signal !== null) return { taken: 0, problems: [`it died of ${outcome.signal}`] };
  const { taken, problems } = kind.check(outcome, mutants);
  return { taken, problems: [...manners(kind, outcome), ...problems] };
}

/** What no run may do, whatever it was given. */
function manners(kind: Kind, { code, stderr, strays, orphans, peak, peakOfChildren }: Outcome): string[] {
  const most = Math.max(peak, peakOfChildren);
  return [
    ...(kind.exitCodes.includes(code ?? -1) ? [] : [`it exited with ${code}`]),
    ...(stderr.includes(BUG) ? ["it calls itself a bug"] : []),
    ...(RAW_CONTROLS.test(stderr) ? ["raw control characters on standard error"] : []),
    ...(strays.length > 0 ? [`it left ${strays.slice(0, 3).join(", ")}`] : []),
    ...(orphans ? ["processes outlive it"] : []),
    ...(most > kind.memory ? [`it took ${Math.round(most / 1e6)} MB`] : []),
  ];
}
