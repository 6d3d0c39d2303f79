import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Benchmark, openPeer, openScorer, promptsOf } from "./context.js";
import { scratch } from "./paths.js";
import { onePicture } from "./pictures.js";
import { ended, spawnCli } from "./processes.js";
import { alternate, time } from "./rounds.js";

/** From the start of a process, with nothing loaded, to the first score. The model's files are in the page cache. */
export const start: Benchmark = async (context) => {
  const scorer = await openScorer(context);
  const [prompt = ""] = await promptsOf(scorer);
  await scorer.close();
  const bytes = await onePicture(context.model);
  const path = join(scratch, "one.jpg");
  await writeFile(path, bytes);
  const picture = bytes.toString("base64");
  const { ours, theirs } = await alternate(context.rounds, {
    ours: () => time(() => ended(spawnCli(context, path))),
    theirs: async () => {
      const begin = performance.now();
      await using peer = await openPeer(context);
      await peer.ask({ prompt, picture });
      return performance.now() - begin;
    },
  });
  return [
    {
      what: "process start to first score",
      unit: "ms",
      ours,
      other: { name: "llama-server", values: theirs },
    },
  ];
};
