import type { PairedResults } from "../../../compare/compare.js";
import type { Input } from "../../../media/inputs/input.js";
import type { Result, RunHeader } from "../../../results/result.js";
import { differences } from "../../../results/headerDifferences.js";
import type { Dependencies } from "../../terminal/io.js";
import type { Reporter } from "../../terminal/reporter.js";
import type { Settings } from "../../options/settings.js";
import type { Versions } from "./versions.js";

export interface ScoringRun {
  readonly settings: Settings;
  readonly reporter: Reporter;
  readonly signal: AbortSignal;
}

interface Scored {
  readonly pairs: readonly PairedResults[];
  readonly header: RunHeader | undefined;
}

/** What every version of every name got: read from results files, or scored now. */
export async function resultsOf(
  names: readonly string[],
  { versions, headers }: Versions,
  run: ScoringRun,
  dependencies: Dependencies,
): Promise<Scored> {
  const entries = names.map((name) => versions.map(({ items }) => items.get(name)));
  const todo = entries.flat().flatMap((entry) => (entry && "input" in entry ? [entry.input] : []));
  const scored =
    todo.length > 0 ? await scoreInputs(todo, run, dependencies) : { results: [], header: undefined };
  const fresh = scored.results.values();
  const pairs = names.map((name, index) => ({
    name,
    results: (entries[index] ?? []).flatMap((entry) =>
      entry && "result" in entry ? entry.result : (fresh.next().value ?? []),
    ),
  }));
  const [header, ...others] = [...(scored.header ? [scored.header] : []), ...headers];
  for (const other of others) warnOfDifferences(header, other, run.reporter);
  return { pairs, header };
}

function warnOfDifferences(one: RunHeader | undefined, other: RunHeader, { messages }: Reporter): void {
  const differing = one ? differences(one, other) : [];
  if (differing.length === 0) return;
  messages.warn(
    `the results were made with different settings, so scores may differ for that:\n  ${differing.join("\n  ")}`,
  );
}

async function scoreInputs(
  inputs: readonly Input[],
  { settings, reporter, signal }: ScoringRun,
  { createScorer }: Dependencies,
): Promise<{ results: Result[]; header: RunHeader }> {
  const { progress } = reporter;
  const onLoad = (fraction: number): void => {
    progress.phase("loading the model", fraction);
  };
  const onFrame = (frames: number): void => {
    progress.frames(frames);
  };
  const scorer = await createScorer({ ...settings.scorer, signal, onLoad });
  try {
    const header = { ...(await scorer.header()), settings: settings.run };
    const results: Result[] = [];
    progress.start(inputs.map((input) => input.path));
    for await (const result of scorer.scoreAll(inputs, { ...settings.video, signal, onFrame })) {
      results.push(result);
      reporter.results([result]);
    }
    return { results, header };
  } finally {
    progress.stop();
    await scorer.close();
  }
}
