import { readFile } from "node:fs/promises";
import { type Benchmark, type Context, openPeer, openScorer, promptsOf } from "./context.js";
import { makeFolder } from "./pictures.js";
import { ended, peakMemory, spawnCli } from "./processes.js";
import { alternate } from "./rounds.js";

const ROUNDS = 5;

async function ours(context: Context, folder: string, ...more: string[]): Promise<number> {
  const child = spawnCli(context, folder, ...more);
  const peak = await peakMemory(child);
  await ended(child);
  return peak;
}

async function theirs(context: Context, prompt: string, paths: readonly string[]): Promise<number> {
  await using peer = await openPeer(context);
  const peak = peakMemory(peer.process);
  for (const path of paths) await peer.ask({ prompt, picture: await readFile(path, "base64") });
  await peer.close();
  return await peak;
}

/** The most resident memory while a folder is scored, of all processes, mapped model files included. Linux only. */
export const memory: Benchmark = async (context) => {
  const { folder, paths } = await makeFolder(context.model);
  const scorer = await openScorer(context);
  const [prompt = ""] = await promptsOf(scorer);
  await scorer.close();
  const measured = await alternate(Math.min(context.rounds, ROUNDS), {
    one: () => ours(context, folder, "--no-isolate"),
    two: () => ours(context, folder),
    theirs: () => theirs(context, prompt, paths),
  });
  const other = { name: "llama-server", values: measured.theirs };
  const what = "peak memory over that folder";
  return [
    { what: `${what}, --no-isolate`, unit: "MB", ours: measured.one, other },
    { what, unit: "MB", ours: measured.two, other },
  ];
};
