import { readFile } from "node:fs/promises";
import type { Scorer } from "../src/index.js";
import { type Benchmark, openPeer, openScorer, promptsOf } from "./context.js";
import type { Peer } from "./peer.js";
import { makeFolder } from "./pictures.js";
import { alternate, time } from "./rounds.js";
import { summarise } from "./stats.js";

/** Slots of the server, with as many requests under way. */
const PARALLEL = [1, 2, 4];

/** Each round takes seconds. */
const MAX_ROUNDS = 5;

async function scoreFolder(scorer: Scorer, paths: readonly string[]): Promise<void> {
  for await (const result of scorer.scoreImages(paths)) {
    if (result.type === "error") throw new Error(result.error.message);
  }
}

async function askFolder(peer: Peer, prompt: string, paths: readonly string[], parallel: number) {
  const waiting = paths.values();
  const lane = async (): Promise<void> => {
    for (const path of waiting) await peer.ask({ prompt, picture: await readFile(path, "base64") });
  };
  await Promise.all(Array.from({ length: parallel }, lane));
}

/** Files of a folder, as many at once as helps: pictures per second, against the server's best. */
export const throughput: Benchmark = async (context) => {
  const { paths } = await makeFolder(context.model);
  const rate = async (job: () => Promise<unknown>): Promise<number> =>
    (1000 * paths.length) / (await time(job));
  const against = async (parallel: number) => {
    await using scorer = await openScorer(context);
    await using peer = await openPeer(context, { parallel });
    const [prompt = ""] = await promptsOf(scorer);
    const measured = await alternate(Math.min(context.rounds, MAX_ROUNDS), {
      ours: () => rate(() => scoreFolder(scorer, paths)),
      theirs: () => rate(() => askFolder(peer, prompt, paths, parallel)),
    });
    return { parallel, ...measured };
  };
  const tried: Awaited<ReturnType<typeof against>>[] = [];
  for (const parallel of PARALLEL) tried.push(await against(parallel));
  const median = ({ theirs }: (typeof tried)[number]): number => summarise(theirs).median;
  const best = tried.reduce((a, b) => (median(b) > median(a) ? b : a));
  return [
    {
      what: `a folder of ${paths.length} pictures`,
      unit: "pictures/s",
      ours: best.ours,
      other: { name: `llama-server, ${best.parallel} at once`, values: best.theirs },
    },
  ];
};
