import { readFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { type Benchmark, type Context, openPeer, openScorer, promptsOf } from "./context.js";
import { makeFolder } from "./pictures.js";
import { ended, peakMemory, spawnCli } from "./processes.js";
import { alternate } from "./rounds.js";

const ROUNDS = 5;
const POLL_MS = 10;

async function ours(context: Context, folder: string): Promise<number> {
  const child = spawnCli(context, folder);
  let peak = 0;
  while (child.exitCode === null) {
    peak = (await peakMemory(child)) ?? peak;
    await sleep(POLL_MS);
  }
  await ended(child);
  return peak;
}

async function theirs(context: Context, prompt: string, paths: readonly string[]): Promise<number> {
  await using peer = await openPeer(context);
  for (const path of paths) await peer.ask({ prompt, picture: await readFile(path, "base64") });
  return (await peakMemory(peer.process)) ?? NaN;
}

/** The largest resident set of the process that scores a folder, mapped model files included. Linux only. */
export const memory: Benchmark = async (context) => {
  const { folder, paths } = await makeFolder(context.model);
  const scorer = await openScorer(context);
  const [prompt = ""] = await promptsOf(scorer);
  await scorer.close();
  const measured = await alternate(Math.min(context.rounds, ROUNDS), {
    ours: () => ours(context, folder),
    theirs: () => theirs(context, prompt, paths),
  });
  const other = { name: "llama-server", values: measured.theirs };
  return [{ what: "peak memory over that folder", unit: "MB", ours: measured.ours, other }];
};
