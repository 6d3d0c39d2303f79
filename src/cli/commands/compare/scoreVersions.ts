import type { PairedResults } from "../../../compare/compare.js";
import type { Input } from "../../../media/inputs/input.js";
import type { Result, RunHeader } from "../../../results/result.js";
import { differences } from "../../../results/headerDifferences.js";
import type { Dependencies } from "../../terminal/io.js";
import type { Reporter } from "../../terminal/reporter.js";
import { readPresets } from "../../options/runPresets.js";
import type { Scoring } from "../../options/scoring.js";
import type { CommandRun } from "../../terminal/commandRun.js";
import type { Versions } from "./versions.js";

/** What it takes to score what was not scored before. */
export interface Scorers {
  readonly scoring: Scoring;
  readonly run: CommandRun;
  readonly reporter: Reporter;
  readonly dependencies: Dependencies;
}

interface ScoredPairs {
  readonly pairs: readonly PairedResults[];
  readonly header: RunHeader | undefined;
}

/** What every version of every name got: read from results files, or scored now. */
export async function resultsOf(
  names: readonly string[],
  { versions, headers }: Versions,
  scorers: Scorers,
): Promise<ScoredPairs> {
  const entries = names.map((name) => versions.map(({ items }) => items.get(name)));
  const todo = entries.flat().flatMap((entry) => (entry && "input" in entry ? [entry.input] : []));
  const scored = todo.length > 0 ? await scoreInputs(todo, scorers) : { results: [], header: undefined };
  const fresh = scored.results.values();
  const pairs = names.map((name, index) => ({
    name,
    results: (entries[index] ?? []).flatMap((entry) =>
      entry && "result" in entry ? entry.result : (fresh.next().value ?? []),
    ),
  }));
  const [header, ...others] = [...(scored.header ? [scored.header] : []), ...headers];
  for (const other of others) warnOfDifferences(header, other, scorers.run);
  return { pairs, header };
}

function warnOfDifferences(one: RunHeader | undefined, other: RunHeader, { messages }: CommandRun): void {
  const differing = one ? differences(one, other) : [];
  if (differing.length === 0) return;
  messages.warn(
    `the results were made with different settings, so scores may differ for that:\n  ${differing.join("\n  ")}`,
  );
}

async function scoreInputs(
  inputs: readonly Input[],
  { scoring, run, reporter, dependencies }: Scorers,
): Promise<{ results: Result[]; header: RunHeader }> {
  const { progress, signal } = run;
  const onFrame = (frames: number): void => {
    progress.frames(frames);
  };
  const presets = await readPresets(scoring.scorer);
  return run.withScorer(dependencies, scoring.scorer, presets, inputs.length, async (scorer) => {
    const header = { ...(await scorer.header()), settings: scoring.recorded };
    const results: Result[] = [];
    progress.start(inputs.map((input) => input.path));
    for await (const result of scorer.scoreAll(inputs, { ...scoring.video, signal, onFrame })) {
      results.push(result);
      reporter.results([result]);
    }
    return { results, header };
  });
}
